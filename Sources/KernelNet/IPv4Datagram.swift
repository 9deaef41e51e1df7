import NetTypes

/// An IPv4 datagram as a raw socket delivers it: the header that VRRP's checks need, and the payload without
/// it.
package struct IPv4Datagram: Hashable, Sendable {
    /// The sender's address.
    package let source: IPv4Address
    /// The destination: a group or one of our addresses.
    package let destination: IPv4Address
    /// The time to live as received.
    package let ttl: UInt8
    /// The protocol number; 112 is VRRP.
    package let protocolNumber: UInt8
    /// What follows the header, up to the header's total length.
    package let payload: [UInt8]

    /// Parses RFC 791's header, options skipped; nil when the version is not 4, the header is shorter than 20
    /// octets or the total length exceeds what was received. The header's checksum is the kernel's business.
    package init?(_ octets: [UInt8]) {
        guard octets.count >= 20, octets[0] >> 4 == 4 else { return nil }
        let header = Int(octets[0] & 0xF) * 4
        let total = Int(octets[2]) << 8 | Int(octets[3])
        guard header >= 20, total >= header, total <= octets.count else { return nil }
        source = IPv4Address(octets[12], octets[13], octets[14], octets[15])
        destination = IPv4Address(octets[16], octets[17], octets[18], octets[19])
        ttl = octets[8]
        protocolNumber = octets[9]
        payload = Array(octets[header..<total])
    }
}
