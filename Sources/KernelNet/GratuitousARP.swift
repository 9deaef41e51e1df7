// Tells a segment's hosts and switches where an address lives now (RFC 9568 section 6.4.2, RFC 5227 section
// 2.3).

import NetTypes

/// The announcement of one IPv4 address.
package enum GratuitousARP {
    /// The broadcast frame of 42 octets that says `address` is at `mac`: an ARP request whose sender and
    /// target addresses are both the announced one, which every implementation's cache follows.
    package static func frame(announcing address: IPv4Address, at mac: MACAddress) -> [UInt8] {
        let ethernet = MACAddress.broadcast.octets + mac.octets + [0x08, 0x06]
        let arp: [UInt8] = [0x00, 0x01, 0x08, 0x00, 6, 4, 0x00, 0x01]  // Ethernet, IPv4, lengths, request
        return ethernet + arp + mac.octets + address.octets + MACAddress(rawValue: 0).octets + address.octets
    }
}
