/// A 48-bit Ethernet address.
package struct MACAddress: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    /// The address as a number, first octet most significant; the upper 16 bits are zero.
    package let rawValue: UInt64

    /// ff:ff:ff:ff:ff:ff.
    package static let broadcast = MACAddress(rawValue: 0xFFFF_FFFF_FFFF)

    /// Keeps the lower 48 bits of `rawValue`.
    package init(rawValue: UInt64) { self.rawValue = rawValue & 0xFFFF_FFFF_FFFF }

    /// The address of 6 octets as they go on the wire; nil for another count.
    package init?(octets: some Collection<UInt8>) {
        guard octets.count == 6 else { return nil }
        rawValue = octets.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Parses six two-digit hexadecimal octets joined by ":".
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 6, parts.allSatisfy({ $0.utf8.count == 2 && $0.allSatisfy(\.isHexDigit) }) else {
            return nil
        }
        self.init(octets: parts.compactMap { UInt8($0, radix: 16) })
    }

    /// The six octets as they go on the wire.
    package var octets: [UInt8] {
        stride(from: 40, through: 0, by: -8).map { UInt8(truncatingIfNeeded: rawValue >> $0) }
    }

    /// True when the group bit is set (IEEE 802.3 clause 3.2.3), broadcast included.
    package var isMulticast: Bool { rawValue >> 40 & 1 == 1 }

    /// Lower-case octets joined by ":".
    package var description: String {
        octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
    }

    /// Unsigned comparison, first octet first.
    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
