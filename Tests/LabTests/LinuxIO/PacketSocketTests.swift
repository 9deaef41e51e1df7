import LinuxIO
import Testing
import Timekeeping

@Suite(.enabled(if: mayMakeNamespaces, "needs root")) struct PacketSocketKernelTests {
    /// A broadcast frame of an EtherType for experiments (IEEE 802, 0x88B5).
    private let frame: [UInt8] =
        [UInt8](repeating: 0xFF, count: 6) + [2, 0, 0, 0, 0, 1, 0x88, 0xB5] + (0..<100).map { UInt8($0) }

    @Test func `frames come whole, cut to a limit, and with their direction`() throws {
        try TestNetwork.with { network in
            let index = try HostFacts.interfaceIndex("eth0")
            let here = try PacketSocket(capturing: .everything, on: index, receiveBuffer: 1 << 20)
            let there = try network.there {
                try PacketSocket(capturing: .etherType(0x88B5), on: try HostFacts.interfaceIndex("eth0"))
            }
            try here.send(frame, on: index)
            try here.send(frame, on: index)
            let whole = try awaiting(there.descriptor) { try there.receive() }
            #expect(whole.octets == frame && whole.length == frame.count && whole.direction == .broadcast)
            let cut = try awaiting(there.descriptor) { try there.receive(limit: 14) }
            #expect(cut.octets == Array(frame.prefix(14)) && cut.length == frame.count)
            // A capture of everything sees what leaves, too, except what it sent itself.
            let other = try PacketSocket(capturing: .nothing)
            try other.send(frame, on: index)
            let seen = try awaiting(here.descriptor) { () -> CapturedFrame? in
                guard let seen = try here.receive() else { return nil }
                return seen.octets == frame ? seen : nil
            }
            #expect(seen.direction == .outgoing && seen.interface == index)
        }
    }

    @Test func `other types of frames are not captured, and a sender captures nothing`() throws {
        try TestNetwork.with { network in
            let index = try HostFacts.interfaceIndex("eth0")
            let (arp, nothing) = try network.there {
                (
                    try PacketSocket(capturing: .etherType(0x0806), on: try HostFacts.interfaceIndex("eth0")),
                    try PacketSocket(capturing: .nothing)
                )
            }
            let mine = try network.there {
                try PacketSocket(capturing: .etherType(0x88B5), on: try HostFacts.interfaceIndex("eth0"))
            }
            try PacketSocket(capturing: .nothing).send(frame, on: index)
            _ = try awaiting(mine.descriptor) { try mine.receive() }
            #expect(try nothing.receive() == nil)
            while let seen = try arp.receive() { #expect(seen.octets[12..<14] == [0x08, 0x06]) }
        }
    }

    @Test func `a frame shorter than an Ethernet header is refused`() throws {
        try TestNetwork.with { _ in
            let index = try HostFacts.interfaceIndex("eth0")
            let socket = try PacketSocket(capturing: .nothing)
            #expect(throws: Errno.invalid) { try socket.send([1, 2, 3], on: index) }
        }
    }
}
