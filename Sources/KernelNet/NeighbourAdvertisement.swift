import NetTypes

/// The announcement of one IPv6 address (RFC 4861 section 4.4, RFC 9568 section 6.4.1).
package enum NeighbourAdvertisement {
    /// The frame of 86 octets that tells every node on the segment that `address` is at `mac`: unsolicited,
    /// overriding what they have cached, from a router.
    package static func frame(announcing address: IPv6Address, at mac: MACAddress) -> [UInt8] {
        let allNodes = IPv6Address(high: 0xFF02 << 48, low: 1)
        // Type 136, code 0, checksum, R and O set and S clear, the target, and its link-layer address.
        var message: [UInt8] = [136, 0, 0, 0, 0xA0, 0, 0, 0] + address.octets + [2, 1] + mac.octets
        let length = UInt8(message.count)
        var sum = InternetChecksum()
        sum.add(address.octets + allNodes.octets + [0, 0, 0, length, 0, 0, 0, 58])
        sum.add(message)
        message[2] = UInt8(truncatingIfNeeded: sum.value >> 8)
        message[3] = UInt8(truncatingIfNeeded: sum.value)
        // 33:33 and the group's last four octets (RFC 2464 section 7).
        let ethernet: [UInt8] = [0x33, 0x33, 0, 0, 0, 1] + mac.octets + [0x86, 0xDD]
        // Version 6, no flow; payload length, ICMPv6, and the hop limit that proves the segment.
        let header: [UInt8] = [0x60, 0, 0, 0, 0, length, 58, 255]
        return ethernet + header + address.octets + allNodes.octets + message
    }
}
