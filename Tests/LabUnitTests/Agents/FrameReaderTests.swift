import NetTypes
import Testing
import Timekeeping
import VRRP

@testable import Lab

@Suite struct FrameReaderTests {
    /// An Ethernet and IPv4 header from 192.0.2.10 to `destination`.
    private func packet(
        proto: UInt8, destination: [UInt8], payload: [UInt8], id: UInt16 = 7, fragment: UInt16 = 0
    ) -> [UInt8] {
        let ethernet: [UInt8] = [2, 0, 0, 0, 0, 0x0A, 2, 0, 0, 0, 0, 0x0B, 8, 0]
        let header: [UInt8] = [
            0x45, 0, 0, 40, UInt8(id >> 8), UInt8(id & 0xFF), UInt8(fragment >> 8), UInt8(fragment & 0xFF),
            64, proto,
            0, 0, 192, 0, 2, 10,
        ]
        return ethernet + header + destination + payload
    }

    private let segment: [UInt8] = [0x9C, 0x40, 0, 80, 0, 0, 1, 2, 0, 0, 0, 0, 0x50, 2, 0, 0, 0, 0, 0, 0]

    @Test func `a TCP packet is known by its source card, service and key`() throws {
        let frame = packet(proto: 6, destination: [192, 0, 2, 100], payload: segment)
        guard case .segment(let source, let destination, let key)? = FrameReader.read(frame) else {
            Issue.record("not read")
            return
        }
        #expect(source == MACAddress(rawValue: 0x0200_0000_000B))
        #expect(destination == Sample.service)
        #expect(key == "192.0.2.10:40000/7/258")
    }

    @Test func `the key stays when a director forwards the packet`() {
        let first = packet(proto: 6, destination: [192, 0, 2, 100], payload: segment)
        var forwarded = first
        forwarded.replaceSubrange(6..<12, with: [2, 0, 0, 0, 0, 0x0A])
        forwarded[22] -= 1  // TTL
        guard case .segment(_, _, let one)? = FrameReader.read(first),
            case .segment(_, _, let two)? = FrameReader.read(forwarded)
        else {
            Issue.record("not read")
            return
        }
        #expect(one == two)
    }

    @Test(arguments: [UInt8(0x21), 0x31])
    func `an advert of either version tells router and priority`(first: UInt8) {
        let frame = packet(
            proto: 112, destination: [224, 0, 0, 18], payload: [first, 51, 150, 1, 0, 1, 0, 0])
        #expect(
            FrameReader.read(frame)
                == .advert(source: IPv4Address(192, 0, 2, 10), router: 51, priority: 150))
    }

    @Test(arguments: [UInt8(0x22), 0x11, 0x41])
    func `other messages of protocol 112 are no adverts`(first: UInt8) {
        let frame = packet(
            proto: 112, destination: [224, 0, 0, 18], payload: [first, 51, 150, 1, 0, 1, 0, 0])
        #expect(FrameReader.read(frame) == nil)
    }

    @Test func `only an ARP about oneself is an announcement`() {
        let ethernet: [UInt8] = [255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, 0x0A, 8, 6]
        let body: [UInt8] = [0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 0x0A, 192, 0, 2, 100, 0, 0, 0, 0, 0, 0]
        let gratuitous = ethernet + body + [192, 0, 2, 100]
        #expect(
            FrameReader.read(gratuitous)
                == .announcement(
                    mac: MACAddress(rawValue: 0x0200_0000_000A), address: IPv4Address(192, 0, 2, 100)))
        #expect(FrameReader.read(ethernet + body + [192, 0, 2, 1]) == nil)
    }

    @Test func `later fragments, other protocols and other frames say nothing`() {
        #expect(
            FrameReader.read(packet(proto: 6, destination: [192, 0, 2, 100], payload: segment, fragment: 3))
                == nil)
        #expect(FrameReader.read(packet(proto: 17, destination: [192, 0, 2, 100], payload: segment)) == nil)
        var other = packet(proto: 6, destination: [192, 0, 2, 100], payload: segment)
        other[13] = 0xDD
        #expect(FrameReader.read(other) == nil)
    }

    @Test func `a frame cut anywhere never traps`() {
        for frame in [
            packet(proto: 6, destination: [192, 0, 2, 100], payload: segment),
            packet(proto: 112, destination: [224, 0, 0, 18], payload: [0x21, 51, 150, 1, 0, 1, 0, 0]),
        ] {
            for length in 0..<frame.count { _ = FrameReader.read(Array(frame.prefix(length))) }
            for position in frame.indices {
                var damaged = frame
                damaged[position] ^= 0xFF
                _ = FrameReader.read(damaged)
            }
        }
    }

    @Test(arguments: [ProtocolVersion.v2, .v3])
    func `the daemon's own adverts are read`(version: ProtocolVersion) {
        let source = IPv4Address(192, 0, 2, 10)
        let advert = Advertisement(
            version: version, virtualRouterID: 51, priority: 0, interval: .seconds(1),
            addresses: [.v4(IPv4Address(192, 0, 2, 100))])
        let octets = advert.encoded(
            source: .v4(source), destination: VRRPNumbers.group, checksum: .pseudoHeader)
        let frame = packet(proto: 112, destination: [224, 0, 0, 18], payload: octets)
        #expect(FrameReader.read(frame) == .advert(source: source, router: 51, priority: 0))
    }

    @Test func `options of the IP header are stepped over`() {
        var frame = packet(proto: 6, destination: [192, 0, 2, 100], payload: [148, 4, 0, 0] + segment)
        let plain = FrameReader.read(packet(proto: 6, destination: [192, 0, 2, 100], payload: segment))
        #expect(FrameReader.read(frame) != plain)
        frame[14] = 0x46  // six words: router alert
        #expect(FrameReader.read(frame) == plain)
        frame[14] = 0x44  // four words are no IP header
        #expect(FrameReader.read(frame) == nil)
    }
}
