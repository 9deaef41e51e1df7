import NetTypes

/// HMAC-MD5 (RFC 2104): the 16 octets that belong to `octets` under `key`; nil where there is none, as under
/// FIPS. VRRP computes no digest itself: its shell lends OpenSSL's.
package typealias KeyedDigest = @Sendable (_ key: [UInt8], _ octets: [UInt8]) -> [UInt8]?

/// The IP Authentication Header between the IPv4 header and the message (`auth_type AH`; RFC 2402 section 2,
/// HMAC-MD5-96 of RFC 2403), in the form that keepalived sends.
package struct AuthenticationHeader: Hashable, Sendable {
    /// The sender's address.
    package let securityParameterIndex: UInt32
    /// Grows with every advert. All routers of one VRID count together: who takes over goes on where the
    /// master before it ended.
    package let sequence: UInt32
    /// The first 12 octets of the keyed digest of `covered`.
    package let code: [UInt8]
    /// The packet as the code covers it: what changes on the way, and the code itself, are zero.
    let covered: [UInt8]

    /// The IP protocol number.
    package static let ipProtocol: UInt8 = 51
    /// Octets, code included.
    static let length = 24
    static let codeLength = 12
    private static let ipLength = 20
    /// The header's length in words of 32 bits, less two.
    private static let payloadLength: UInt8 = 4
    /// Internetwork control, as the adverts of all VRRP sockets are marked.
    private static let typeOfService: UInt8 = 0xC0

    /// Reads the header of an IPv4 packet of protocol 51; nil with options in the IP header, and unless what
    /// is inside is VRRP and the code has 12 octets.
    init?(packet: [UInt8]) {
        var reader = OctetReader(packet)
        guard packet.first == 0x45, reader.take(Self.ipLength) != nil,
            reader.octet() == VRRPNumbers.ipProtocol, reader.octet() == Self.payloadLength,
            reader.word() != nil, let index = reader.number(), let sequence = reader.number(),
            let code = reader.take(Self.codeLength)
        else { return nil }
        securityParameterIndex = index
        self.sequence = sequence
        self.code = Array(code)
        covered = Self.covered(packet)
    }

    /// Type of service, flags, offset and checksum may change on the way (RFC 2402 section 3.3.3.1.1.1). So
    /// may the time to live, but keepalived covers it where adverts go to a group, which no router passes on.
    private static func covered(_ packet: [UInt8]) -> [UInt8] {
        var octets = packet
        for index in [1, 6, 7, 10, 11] { octets[index] = 0 }
        if octets[16] >> 4 != 0xE { octets[8] = 0 }
        let start = ipLength + length - codeLength
        for index in start..<start + codeLength { octets[index] = 0 }
        return octets
    }

    /// The whole IPv4 packet that carries `message`; nil between addresses of IPv6, and without a digest.
    static func packet(
        _ message: [UInt8], sequence: UInt32, from source: IPAddress, to destination: IPAddress,
        timeToLive: UInt8, key: [UInt8], digest: KeyedDigest
    ) -> [UInt8]? {
        guard source.family == .inet, destination.family == .inet else { return nil }
        func octets(_ number: UInt32) -> [UInt8] { IPv4Address(rawValue: number).octets }
        let total = UInt32(ipLength + length + message.count)
        // Covered, so it must not be 0: the kernel would choose one.
        let identification = max(1, sequence & 0xFFFF)
        var packet: [UInt8] = [0x45, typeOfService] + octets(total)[2...] + octets(identification)[2...]
        packet += [0, 0, timeToLive, ipProtocol, 0, 0] + source.octets + destination.octets
        let sum = InternetChecksum.of(packet)
        (packet[10], packet[11]) = (UInt8(sum >> 8), UInt8(sum & 0xFF))
        packet += [VRRPNumbers.ipProtocol, payloadLength, 0, 0] + source.octets + octets(sequence)
        packet += [UInt8](repeating: 0, count: codeLength) + message
        guard let code = digest(key, covered(packet)), code.count >= codeLength else { return nil }
        let start = ipLength + length - codeLength
        packet.replaceSubrange(start..<start + codeLength, with: code.prefix(codeLength))
        return packet
    }
}
