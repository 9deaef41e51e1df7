import KernelNet
import LinuxIO
import NetTypes
import Testing
import Timekeeping

@Suite(.enabled(if: mayMakeNamespaces, "needs root")) struct VRRPSocketKernelTests {
    private func socket() throws -> VRRPSocket {
        try VRRPSocket(on: "eth0", index: try HostFacts.interfaceIndex("eth0"))
    }

    @Test func `an advert crosses the cable with TTL 255 and does not come back`() throws {
        try TestNetwork.with { network in
            let here = try socket()
            let there = try network.there { try socket() }
            let advert: [UInt8] = [0x21, 0x33, 0x96, 0x01, 0x00, 0x01, 0x3E, 0x03]
            try here.send(advert, from: IPv4Address(192, 0, 2, 1))
            try here.send([1, 2, 3], from: IPv4Address(192, 0, 2, 1), to: IPv4Address(192, 0, 2, 2))
            var seen: [IPv4Datagram] = []
            try awaiting(there.descriptor) {
                seen += try there.drain().datagrams
                return seen.count >= 2 ? () : nil
            }
            #expect(seen.map(\.payload) == [advert, [1, 2, 3]])
            #expect(seen.map(\.destination) == [VRRPSocket.group, IPv4Address(192, 0, 2, 2)])
            #expect(seen.allSatisfy { $0.ttl == 255 && $0.source == IPv4Address(192, 0, 2, 1) })
            #expect(seen.allSatisfy { $0.protocolNumber == 112 })
            let back = try here.drain()
            #expect(back.datagrams.isEmpty && back.malformed == 0 && !back.hasMore)
        }
    }

    @Test func `the source address can be chosen among the host's`() throws {
        try TestNetwork.with { network in
            try network.ip("address add 192.0.2.7/24 dev eth0")
            let here = try socket()
            let there = try network.there { try socket() }
            try here.send([7], from: IPv4Address(192, 0, 2, 7))
            let datagram = try awaiting(there.descriptor) { try there.drain().datagrams.first }
            #expect(datagram.source == IPv4Address(192, 0, 2, 7))
            #expect(throws: Errno.self) { try here.send([7], from: IPv4Address(203, 0, 113, 1)) }
        }
    }

    @Test func `adverts of another interface are not seen`() throws {
        try TestNetwork.with { network in
            try network.ip("link add other0 type veth peer name other1")
            try network.ip("link set other0 up")
            try network.ip("link set other1 up")
            let other = try VRRPSocket(on: "other1", index: try HostFacts.interfaceIndex("other1"))
            let here = try socket()
            let there = try network.there { try socket() }
            try there.send([1], from: IPv4Address(192, 0, 2, 2))
            _ = try awaiting(here.descriptor) { try here.drain().datagrams.first }
            #expect(try other.drain().datagrams.isEmpty)
        }
    }

    @Test func `a flood is taken in portions`() throws {
        try TestNetwork.with { network in
            let here = try socket()
            let there = try network.there { try socket() }
            for _ in 0..<20 { try here.send([1], from: IPv4Address(192, 0, 2, 1)) }
            var count = 0
            try awaiting(there.descriptor) {
                let received = try there.drain(limit: 8)
                #expect(received.datagrams.count <= 8)
                count += received.datagrams.count
                return count >= 20 ? () : nil
            }
            #expect(count == 20)
        }
    }

    @Test func `an interface that is down refuses to send and works again afterwards`() throws {
        try TestNetwork.with { network in
            let here = try socket()
            let there = try network.there { try socket() }
            try network.ip("link set eth0 down")
            #expect(throws: Errno.self) { try here.send([1], from: IPv4Address(192, 0, 2, 1)) }
            try network.ip("link set eth0 up")
            try here.send([2], from: IPv4Address(192, 0, 2, 1))
            let datagram = try awaiting(there.descriptor) { try there.drain().datagrams.first }
            #expect(datagram.payload == [2])
        }
    }

    @Test func `a missing interface is an error that names it`() throws {
        let error = #expect(throws: SystemError.self) { try VRRPSocket(on: "none0", index: 4711) }
        #expect(error?.description == "cannot open VRRP socket on none0: No such device (ENODEV)")
    }
}
