import NetTypes

/// A datagram as a raw socket delivers it: what VRRP's checks need of its header, and the payload.
package struct IPDatagram: Hashable, Sendable {
    /// The sender's address.
    package let source: IPAddress
    /// The destination: a group or one of our addresses.
    package let destination: IPAddress
    /// The time to live or hop limit as received.
    package let ttl: UInt8
    /// What follows the header, up to the header's total length.
    package let payload: [UInt8]
    /// The whole packet where a socket for the Authentication Header received it, whose code covers more than
    /// the payload.
    package var packet: [UInt8]?

    /// A datagram of protocol 112 whose header the kernel has read, as it does for IPv6.
    package init(payload: [UInt8], source: IPAddress, destination: IPAddress, ttl: UInt8) {
        self.payload = payload
        self.source = source
        self.destination = destination
        self.ttl = ttl
    }

    /// Parses RFC 791's header, options skipped; nil when the version is not 4, the header is shorter than 20
    /// octets or the total length exceeds what was received. The header's checksum is the kernel's business.
    package init?(ipv4 octets: [UInt8]) {
        guard octets.count >= 20, octets[0] >> 4 == 4 else { return nil }
        let header = Int(octets[0] & 0xF) * 4
        let total = Int(octets[2]) << 8 | Int(octets[3])
        guard header >= 20, total >= header, total <= octets.count else { return nil }
        source = .v4(IPv4Address(octets[12], octets[13], octets[14], octets[15]))
        destination = .v4(IPv4Address(octets[16], octets[17], octets[18], octets[19]))
        ttl = octets[8]
        payload = Array(octets[header..<total])
    }
}
