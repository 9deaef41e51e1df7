import NetTypes
import Testing

@testable import VRRP

/// Packets captured from keepalived 2.2.7 with `auth_type AH`: VRID 51, priority 50, from 10.98.0.2. That the
/// codes in them are OpenSSL's too is a test of the director.
enum AuthenticatedPacket {
    static let key = Array("secret".utf8)
    static let source = IPAddress.v4(IPv4Address(10, 98, 0, 2))
    static let neighbour = IPAddress.v4(IPv4Address(10, 98, 0, 1))
    static let vip = IPv4Address(10, 98, 0, 100)

    /// To the group, the first advert after the start.
    static let multicast = octets(
        """
        45 c0 0040  0001 0000  ff 33 d053  0a620002  e0000012
        70 04 0000  0a620002  00000001  07926e6c9f389788e373e052
        21 33 32 01  02 01 a004  0a620064  0000000000000000
        """)

    /// What its code covers: type of service, checksum and the code itself are zero.
    static let coveredMulticast = octets(
        """
        45 00 0040  0001 0000  ff 33 0000  0a620002  e0000012
        70 04 0000  0a620002  00000001  000000000000000000000000
        21 33 32 01  02 01 a004  0a620064  0000000000000000
        """)

    /// To a peer, with `unicast_ttl 255`: the time to live is not covered.
    static let unicast = octets(
        """
        45 c0 0044  0001 0000  ff 33 a5ff  0a620002  0a620001
        70 04 0000  0a620002  00000001  b5a03f659f6a721e3ff3236a
        21 33 32 02  02 01 953c  0a620064  0a620065  0000000000000000
        """)

    static func advertisement(
        priority: UInt8 = 50, sequence: UInt32 = 1, addresses: [IPv4Address] = [vip], key: [UInt8] = key
    ) -> Advertisement {
        var advertisement = Advertisement.make(
            priority: priority, addresses: addresses, authentication: .header(key: key))
        advertisement.sequence = sequence
        return advertisement
    }

    /// Not HMAC-MD5, but another code for every other key or octet.
    static let digest: KeyedDigest = { key, octets in
        var state: UInt64 = 0xcbf2_9ce4_8422_2325
        for octet in key + [0xFF] + octets { state = (state ^ UInt64(octet)) &* 0x100_0000_01b3 }
        return (0..<16).map { UInt8(truncatingIfNeeded: state >> ($0 % 8 * 8)) ^ $0 }
    }

    static func packet(
        _ advertisement: Advertisement = advertisement(), from source: IPAddress = source,
        to destination: IPAddress = VRRPNumbers.group, timeToLive: UInt8 = 255,
        digest: KeyedDigest? = digest
    ) -> [UInt8]? {
        advertisement.wireOctets(
            from: source, to: destination, timeToLive: timeToLive, checksum: .pseudoHeader, digest: digest)
    }
}

@Suite struct AuthenticationHeaderTests {
    private typealias Packet = AuthenticatedPacket
    private static let configuration = RouterConfiguration.make(
        priority: 100, addresses: virtual(Packet.vip), authentication: .header(key: Packet.key))

    private func judge(
        _ packet: [UInt8]?, _ configuration: RouterConfiguration = configuration, after sequence: UInt32 = 0,
        digest: KeyedDigest? = Packet.digest
    ) throws -> Result<AcceptedAdvertisement, DropReason> {
        let datagram = try #require(packet.flatMap { ReceivedDatagram(ipPacket: $0) })
        var numbering = Numbering()
        numbering.hear(sequence)
        return AdvertisementReceiver(
            configuration: configuration, ownAddress: IPAddress("10.98.0.9"), digest: digest
        ).receive(datagram, after: numbering)
    }

    private func drop(
        _ packet: [UInt8]?, after sequence: UInt32 = 0, digest: KeyedDigest? = Packet.digest
    ) throws -> DropReason? {
        if case .failure(let reason) = try judge(packet, after: sequence, digest: digest) {
            reason
        } else {
            nil
        }
    }

    // MARK: Layout

    @Test func `a packet is that of keepalived`() {
        let code = octets("07926e6c9f389788e373e052 01020304")
        let packet = Packet.packet(digest: { key, octets in
            #expect(key == Packet.key)
            #expect(octets == Packet.coveredMulticast)
            return code
        })
        #expect(packet == Packet.multicast)
    }

    @Test func `to a peer the time to live is not covered`() {
        let advertisement = Packet.advertisement(
            addresses: [Packet.vip, IPv4Address(10, 98, 0, 101)], key: Array("longpass".utf8))
        let packet = Packet.packet(
            advertisement, to: Packet.neighbour,
            digest: { _, octets in
                #expect(octets[8] == 0)
                return Array(Packet.unicast[32..<44])
            })
        #expect(packet == Packet.unicast)
    }

    @Test func `what is read is what was sent`() throws {
        let header = try #require(ReceivedDatagram(ipPacket: Packet.multicast)?.authenticationHeader)
        #expect(header.securityParameterIndex == 0x0A62_0002)
        #expect(header.sequence == 1)
        #expect(header.code == octets("07926e6c9f389788e373e052"))
        let datagram = try #require(ReceivedDatagram(ipPacket: Packet.multicast))
        #expect(datagram.payload == Array(Packet.multicast[44...]))
        #expect(datagram.source == Packet.source && datagram.timeToLive == 255)
        #expect(ReceivedDatagram(ipPacket: Packet.multicast + [0, 0]) == datagram, "padding of the link")
    }

    @Test(
        arguments: [
            (0, 0x46),  // options in the IP header
            (9, 17),  // UDP
            (20, 6),  // TCP inside
            (21, 5),  // a code of 16 octets
            (3, 0x2B),  // an IP packet that ends within the header
        ] as [(Int, UInt8)])
    func `what is no such header is refused`(offset: Int, value: UInt8) {
        var packet = Packet.multicast
        packet[offset] = value
        #expect(ReceivedDatagram(ipPacket: packet) == nil)
    }

    @Test func `truncation and random octets never trap`() throws {
        for length in 0..<Packet.multicast.count {
            #expect(ReceivedDatagram(ipPacket: Array(Packet.multicast.prefix(length))) == nil)
        }
        var dice = Dice(seed: 51)
        for round in 0..<5_000 {
            var packet = Array(Packet.multicast.prefix(24)) + dice.octets(round % 60)
            packet[3] = UInt8(packet.count)
            guard ReceivedDatagram(ipPacket: packet) != nil else { continue }
            #expect(try drop(packet) != nil)
        }
    }

    @Test func `without a digest, and over IPv6, there is nothing to send`() {
        #expect(Packet.packet(digest: nil) == nil)
        #expect(Packet.packet(digest: { _, _ in nil }) == nil)
        #expect(Packet.packet(digest: { _, _ in [1, 2, 3] }) == nil)
        #expect(Packet.packet(to: VRRPNumbers.group6) == nil)
    }

    @Test func `without such authentication the message goes as it is`() {
        let open = Advertisement.make()
        #expect(Packet.packet(open, digest: nil) == open.sent(by: Packet.source))
    }

    @Test func `the identification is never one that the kernel would replace`() throws {
        for (sequence, expected) in [(1, 1), (0xFFFF, 0xFFFF), (0x1_0000, 1), (0x1_0002, 2)] {
            let packet = try #require(
                Packet.packet(Packet.advertisement(sequence: UInt32(sequence))))
            #expect(Int(packet[4]) << 8 | Int(packet[5]) == expected)
        }
    }

    // MARK: Judging

    @Test func `a peer's advert is accepted with its number`() throws {
        let accepted = try judge(Packet.packet(Packet.advertisement(sequence: 7)), after: 6).get()
        #expect(accepted.advertisement == Packet.advertisement(sequence: 7))
    }

    @Test func `any flipped bit is noticed but those that change on the way`() throws {
        let packet = try #require(Packet.packet())
        // Type of service, don't fragment and the reserved flag, and the header's checksum.
        let free = Set(Array(8..<16) + [48, 49] + Array(80..<96))
        for bit in 0..<packet.count * 8 {
            var damaged = packet
            damaged[bit / 8] ^= 0x80 >> UInt8(bit % 8)
            guard let datagram = ReceivedDatagram(ipPacket: damaged) else { continue }
            let result = AdvertisementReceiver(
                configuration: Self.configuration, ownAddress: nil, digest: Packet.digest
            ).receive(datagram)
            let isAccepted = if case .success = result { true } else { false }
            #expect(isAccepted == free.contains(bit), "bit \(bit)")
        }
    }

    @Test func `a peer's advert may have lost time to live on its way`() throws {
        var configuration = Self.configuration
        configuration.transport = .unicast(UnicastTransport(peers: [UnicastPeer(Packet.source)]))
        var packet = try #require(Packet.packet(to: Packet.neighbour))
        packet[8] = 250
        #expect(throws: Never.self) { try judge(packet, configuration).get() }
        var multicast = try #require(Packet.packet())
        multicast[8] = 254
        #expect(try drop(multicast) == .timeToLive)
    }

    @Test func `another key, another sender and a repetition have reasons of their own`() throws {
        let other = Packet.advertisement(key: Array("Secret".utf8))
        #expect(try drop(Packet.packet(other)) == .integrityCheck)
        #expect(try drop(Packet.packet(), digest: nil) == .integrityCheck)
        var foreign = try #require(Packet.packet())
        foreign[15] = 7
        #expect(try drop(foreign) == .securityParameterIndex)
        #expect(try drop(Packet.packet(), after: 1) == .replay)
        #expect(try drop(Packet.packet(), after: 9) == .replay)
        #expect(try drop(Packet.packet(other), after: 9) == .integrityCheck, "no number before the code")
        #expect(try drop(Packet.packet()) == nil)
    }

    @Test func `a message of another type, or without the header, is refused`() throws {
        for type in [Authentication.none, .password(Packet.key)] {
            var advertisement = Packet.advertisement()
            advertisement.authentication = type
            let message = advertisement.sent(by: Packet.source)
            let bare = AdvertisementReceiver(
                configuration: Self.configuration, ownAddress: nil, digest: Packet.digest
            ).receive(.make(message, source: Packet.source))
            #expect(bare == .failure(.authenticationType))
            var other = Self.configuration
            other.authentication = type
            let result = try judge(Packet.packet(), other)
            #expect(result == .failure(.authenticationType), "\(type)")
        }
        let bare = Packet.advertisement().sent(by: Packet.source)
        let result = AdvertisementReceiver(
            configuration: Self.configuration, ownAddress: nil, digest: Packet.digest
        ).receive(.make(bare, source: Packet.source))
        #expect(result == .failure(.authenticationType), "type 2 alone proves nothing")
    }
}
