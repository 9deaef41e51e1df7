import KernelNet
import LinuxIO
import NetTypes
import Testing
import Timekeeping
import VRRP

@Suite(.enabled(if: mayMakeNamespaces, "needs root")) struct VRRPSocketKernelTests {
    static let group = IPAddress.v4(IPv4Address(224, 0, 0, 18))
    static let here = IPAddress.v4(IPv4Address(192, 0, 2, 1))
    static let there = IPAddress.v4(IPv4Address(192, 0, 2, 2))

    private func socket() throws -> VRRPSocket {
        try VRRPSocket(on: "eth0", index: try HostFacts.interfaceIndex("eth0"), for: .group(Self.group))
    }

    @Test func `an advert crosses the cable with TTL 255 and does not come back`() throws {
        try TestNetwork.with { network in
            let here = try socket()
            let there = try network.there { try socket() }
            let advert: [UInt8] = [0x21, 0x33, 0x96, 0x01, 0x00, 0x01, 0x3E, 0x03]
            try here.send(advert, from: Self.here, to: Self.group)
            try here.send([1, 2, 3], from: Self.here, to: Self.there)
            var seen: [IPDatagram] = []
            try awaiting(there.descriptor) {
                seen += try there.drain().datagrams
                return seen.count >= 2 ? () : nil
            }
            #expect(seen.map(\.payload) == [advert, [1, 2, 3]])
            #expect(seen.map(\.destination) == [Self.group, Self.there])
            #expect(seen.allSatisfy { $0.ttl == 255 && $0.source == Self.here })
            let back = try here.drain()
            #expect(back.datagrams.isEmpty && back.malformed == 0 && !back.hasMore)
        }
    }

    @Test func `the source address can be chosen among the host's`() throws {
        try TestNetwork.with { network in
            try network.ip("address add 192.0.2.7/24 dev eth0")
            let here = try socket()
            let there = try network.there { try socket() }
            try here.send([7], from: .v4(IPv4Address(192, 0, 2, 7)), to: Self.group)
            let datagram = try awaiting(there.descriptor) { try there.drain().datagrams.first }
            #expect(datagram.source == .v4(IPv4Address(192, 0, 2, 7)))
            #expect(throws: Errno.self) {
                try here.send([7], from: .v4(IPv4Address(203, 0, 113, 1)), to: Self.group)
            }
        }
    }

    @Test func `adverts of another interface are not seen`() throws {
        try TestNetwork.with { network in
            try network.ip("link add other0 type veth peer name other1")
            try network.ip("link set other0 up")
            try network.ip("link set other1 up")
            let other = try VRRPSocket(
                on: "other1", index: try HostFacts.interfaceIndex("other1"), for: .group(Self.group))
            let here = try socket()
            let there = try network.there { try socket() }
            try there.send([1], from: .v4(IPv4Address(192, 0, 2, 2)), to: Self.group)
            _ = try awaiting(here.descriptor) { try here.drain().datagrams.first }
            #expect(try other.drain().datagrams.isEmpty)
        }
    }

    @Test func `a packet with an Authentication Header crosses the cable octet by octet`() throws {
        try TestNetwork.with { network in
            func open() throws -> VRRPSocket {
                try VRRPSocket(
                    on: "eth0", index: try HostFacts.interfaceIndex("eth0"), for: .group(Self.group),
                    isAuthenticated: true)
            }
            let here = try open()
            let (there, plain) = try network.there { (try open(), try socket()) }
            // 12 octets of Authentication Header, which nobody judges here.
            var packet: [UInt8] = [0x45, 0xC0, 0, 32, 0x12, 0x34, 0, 0, 255, 51, 0, 0]
            packet += Self.here.octets + Self.group.octets + [112, 1, 0, 0, 192, 0, 2, 1, 0, 0, 0, 9]
            let sum = InternetChecksum.of(packet.prefix(20))
            (packet[10], packet[11]) = (UInt8(sum >> 8), UInt8(sum & 0xFF))
            try here.send(packet, from: Self.here, to: Self.group)
            let datagram = try awaiting(there.descriptor) { try there.drain().datagrams.first }
            #expect(datagram.packet == packet)
            #expect(datagram.payload == Array(packet[20...]) && datagram.ttl == 255)
            #expect(try plain.drain().datagrams.isEmpty && here.drain().datagrams.isEmpty)
        }
    }

    @Test func `adverts leave with the interface's own Ethernet address`() throws {
        try TestNetwork.with { network in
            let here = try socket()
            let capture = try network.there { try PacketSocket(capturing: .everything) }
            try here.send([0x21, 51], from: Self.here, to: Self.group)
            let frame = try awaiting(capture.descriptor) {
                while let frame = try capture.receive() {
                    if frame.octets.count > 34, frame.octets[23] == 112 { return frame }
                }
                return nil
            }
            #expect(Array(frame.octets[0..<6]) == [0x01, 0x00, 0x5E, 0, 0, 18], "to the group's")
            #expect(Array(frame.octets[6..<12]) == [2, 0, 0, 0, 0, 1], "not from 00-00-5E-00-01-33")
        }
    }

    @Test func `a flood is taken in portions`() throws {
        try TestNetwork.with { network in
            let here = try socket()
            let there = try network.there { try socket() }
            for _ in 0..<20 { try here.send([1], from: .v4(IPv4Address(192, 0, 2, 1)), to: Self.group) }
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
            #expect(throws: Errno.self) {
                try here.send([1], from: .v4(IPv4Address(192, 0, 2, 1)), to: Self.group)
            }
            try network.ip("link set eth0 up")
            try here.send([2], from: .v4(IPv4Address(192, 0, 2, 1)), to: Self.group)
            let datagram = try awaiting(there.descriptor) { try there.drain().datagrams.first }
            #expect(datagram.payload == [2])
        }
    }

    @Test func `a missing interface is an error that names it`() throws {
        let error = #expect(throws: SystemError.self) {
            try VRRPSocket(on: "none0", index: 4711, for: .group(Self.group))
        }
        #expect(error?.description == "cannot open VRRP socket on none0: No such device (ENODEV)")
    }

    @Test func `between peers the TTL is as asked for`() throws {
        try TestNetwork.with { network in
            let index = try HostFacts.interfaceIndex("eth0")
            let here = try VRRPSocket(on: "eth0", index: index, for: .peers(.inet, timeToLive: 7))
            let there = try network.there {
                try VRRPSocket(
                    on: "eth0", index: try HostFacts.interfaceIndex("eth0"),
                    for: .peers(.inet, timeToLive: 255))
            }
            try here.send([9], from: Self.here, to: Self.there)
            let datagram = try awaiting(there.descriptor) { try there.drain().datagrams.first }
            #expect(datagram == IPDatagram(payload: [9], source: Self.here, destination: Self.there, ttl: 7))
            // Nobody here has joined the group.
            try here.send([8], from: Self.here, to: Self.group)
            try here.send([7], from: Self.here, to: Self.there)
            let next = try awaiting(there.descriptor) { try there.drain().datagrams.first }
            #expect(next.payload == [7])
        }
    }

    /// At this end, which gets `address` at once.
    private func open(
        _ address: IPAddress, _ group: IPAddress, _ network: TestNetwork
    ) throws -> VRRPSocket {
        try network.ip("address add \(address)/64 dev eth0 nodad")
        return try VRRPSocket(on: "eth0", index: try HostFacts.interfaceIndex("eth0"), for: .group(group))
    }

    @Test func `an IPv6 advert crosses the cable with hop limit 255 and does not come back`() throws {
        try TestNetwork.with { network in
            let group = IPAddress.v6(IPv6Address(high: 0xFF02 << 48, low: 0x12))
            let (here, there) = (try #require(IPAddress("fe80::1")), try #require(IPAddress("fe80::2")))
            let ours = try open(here, group, network)
            let theirs = try network.there { try open(there, group, network) }
            let advert = [UInt8](0..<40)
            try ours.send(advert, from: here, to: group)
            try ours.send([1, 2, 3], from: here, to: there)
            var seen: [IPDatagram] = []
            try awaiting(theirs.descriptor) {
                seen += try theirs.drain().datagrams
                return seen.count >= 2 ? () : nil
            }
            #expect(
                seen == [
                    IPDatagram(payload: advert, source: here, destination: group, ttl: 255),
                    IPDatagram(payload: [1, 2, 3], source: here, destination: there, ttl: 255),
                ])
            let back = try ours.drain()
            #expect(back.datagrams.isEmpty && back.malformed == 0)
            #expect(throws: Errno.self) { try ours.send([1], from: Self.here, to: group) }
        }
    }

    @Test func `an advert with 255 IPv6 addresses crosses a cable that it is too long for`() throws {
        try TestNetwork.with { network in
            let group = VRRPNumbers.group6
            let (here, there) = (try #require(IPAddress("fe80::1")), try #require(IPAddress("fe80::2")))
            let ours = try open(here, group, network)
            let theirs = try network.there { try open(there, group, network) }
            let advert = (0..<VRRPNumbers.longestMessage).map { UInt8($0 & 0xFF) }
            try ours.send(advert, from: here, to: group)
            let datagram = try awaiting(theirs.descriptor) { try theirs.drain().datagrams.first }
            #expect(datagram == IPDatagram(payload: advert, source: here, destination: group, ttl: 255))
        }
    }
}
