import NetTypes
import Testing
import VRRP

@Suite struct ReceivedDatagramTests {
    /// An IPv4 packet as a raw socket delivers it: version 4, no options, length 32, TTL 255, protocol 112.
    private static let packet = octets(
        """
        45 c0 0020  0001 4000  ff 70 0000  0a630001  e0000012
        31 33 96 01 0064 42ad  0a630064
        """)

    @Test func `the IP header is read and removed`() throws {
        let datagram = try #require(ReceivedDatagram(ipPacket: Self.packet))
        #expect(datagram.source == peer)
        #expect(datagram.destination == VRRPNumbers.group)
        #expect(datagram.timeToLive == 255)
        #expect(datagram.payload == Advertisement.make(version: .v3).sent())
    }

    @Test func `IP options are skipped`() throws {
        var packet = Self.packet
        packet[0] = 0x46
        packet[3] = 36
        packet.insert(contentsOf: [0x94, 0x04, 0x00, 0x00], at: 20)
        #expect(try #require(ReceivedDatagram(ipPacket: packet)).payload == Array(Self.packet[20...]))
    }

    @Test func `octets beyond the total length are not payload`() throws {
        let padded = Self.packet + [0xDE, 0xAD]
        #expect(try #require(ReceivedDatagram(ipPacket: padded)).payload.count == 12)
    }

    @Test func `what Ethernet pads to its least length is an advert all the same`() throws {
        let padded = Self.packet + [UInt8](repeating: 0, count: 46 - Self.packet.count)
        let receiver = AdvertisementReceiver(configuration: .make(version: .v3), ownAddress: own)
        let datagram = try #require(ReceivedDatagram(ipPacket: padded))
        #expect(try receiver.receive(datagram).get().advertisement == .make(version: .v3))
        // The same octets inside of the IP packet are too many.
        var longer = padded
        longer[3] = 46
        let wrong = try #require(ReceivedDatagram(ipPacket: longer))
        #expect(receiver.receive(wrong) == .failure(.length))
    }

    @Test(
        arguments: [
            (0, 0x65), (0, 0x44), (9, 17), (3, 19), (3, 33), (6, 0x20), (7, 1),
        ] as [(Int, UInt8)])
    func `other versions, protocols, fragments and lying lengths are refused`(offset: Int, value: UInt8) {
        var packet = Self.packet
        packet[offset] = value
        #expect(ReceivedDatagram(ipPacket: packet) == nil)
    }

    @Test func `truncation and random octets never trap`() {
        for length in 0..<Self.packet.count {
            #expect(ReceivedDatagram(ipPacket: Array(Self.packet.prefix(length))) == nil)
        }
        var dice = Dice(seed: 4)
        for round in 0..<5_000 {
            var packet = dice.octets(round % 80)
            if !packet.isEmpty { packet[0] = 0x40 | packet[0] & 0x0F }
            if let datagram = ReceivedDatagram(ipPacket: packet) {
                #expect(datagram.payload.count <= packet.count - 20)
            }
        }
    }
}
