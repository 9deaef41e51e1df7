/// An IPv4 address; ordered as the unsigned number that goes on the wire, which is what VRRP's tie-break
/// compares.
package struct IPv4Address: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    /// The address as a number, most significant octet first (10.0.0.1 is 0x0A00_0001).
    package let rawValue: UInt32

    /// The address whose number is `rawValue`.
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The address `a.b.c.d`.
    package init(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8) {
        rawValue = UInt32(a) << 24 | UInt32(b) << 16 | UInt32(c) << 8 | UInt32(d)
    }

    /// Parses four decimal octets; nil for anything else (no leading zeros, no short forms, no blanks).
    package init?(_ text: some StringProtocol) { self.init(utf8: text.utf8) }

    /// The same, without what a generic call costs.
    package init?(_ text: String) { self.init(utf8: text.utf8) }

    private init?(utf8: some Sequence<UInt8>) {
        // One pass without allocation: a large configuration holds hundreds of thousands of addresses.
        var (value, octet, digits, dots): (UInt32, UInt32, Int, Int) = (0, 0, 0, 0)
        for character in utf8 {
            switch character {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                guard digits == 0 || octet > 0 else { return nil }
                octet = octet * 10 + UInt32(character - UInt8(ascii: "0"))
                digits += 1
                guard octet <= 255 else { return nil }
            case UInt8(ascii: "."):
                guard digits > 0, dots < 3 else { return nil }
                value = value << 8 | octet
                (octet, digits, dots) = (0, 0, dots + 1)
            default:
                return nil
            }
        }
        guard dots == 3, digits > 0 else { return nil }
        rawValue = value << 8 | octet
    }

    /// The four octets in network order.
    package var octets: [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: rawValue >> $0) }
    }

    /// 224.0.0.0/4 (RFC 5771).
    package var isMulticast: Bool { rawValue >> 28 == 0xE }

    /// Dotted decimal.
    package var description: String { octets.map(String.init).joined(separator: ".") }

    /// Unsigned comparison in network order (RFC 9568 section 6.4.3).
    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
