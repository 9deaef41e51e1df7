/// An IPv6 address; ordered as the unsigned 128-bit number that goes on the wire.
package struct IPv6Address: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    /// The first 64 bits.
    package let high: UInt64
    /// The last 64 bits.
    package let low: UInt64

    /// The address made of two halves.
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The address of 16 octets in network order; nil for another count.
    package init?(octets: some Collection<UInt8>) {
        guard octets.count == 16 else { return nil }
        high = octets.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        low = octets.suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Parses the forms of RFC 4291 section 2.2, an embedded IPv4 tail included; no zone, no brackets.
    package init?(_ text: some StringProtocol) {
        var head: [UInt16] = []
        var tail: [UInt16]?
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (3...9).contains(parts.count) else { return nil }
        for (index, part) in parts.enumerated() {
            if part.isEmpty {
                let atEdge =
                    index == 0 ? parts[1].isEmpty : index == parts.count - 1 && parts[index - 1].isEmpty
                if index == 0 || index == parts.count - 1 {
                    guard atEdge else { return nil }
                    continue
                }
                guard tail == nil else { return nil }
                tail = []
                continue
            }
            guard let groups = Self.groups(part, last: index == parts.count - 1) else { return nil }
            if tail == nil { head += groups } else { tail?.append(contentsOf: groups) }
        }
        let known = head.count + (tail?.count ?? 0)
        guard tail == nil ? known == 8 : known < 8 else { return nil }
        let all = head + [UInt16](repeating: 0, count: 8 - known) + (tail ?? [])
        high = all.prefix(4).reduce(0) { $0 << 16 | UInt64($1) }
        low = all.suffix(4).reduce(0) { $0 << 16 | UInt64($1) }
    }

    private static func groups(_ part: some StringProtocol, last: Bool) -> [UInt16]? {
        if last, let v4 = IPv4Address(part) {
            return [UInt16(v4.rawValue >> 16), UInt16(truncatingIfNeeded: v4.rawValue)]
        }
        guard (1...4).contains(part.utf8.count), part.allSatisfy(\.isHexDigit) else { return nil }
        return UInt16(part, radix: 16).map { [$0] }
    }

    /// The sixteen octets in network order.
    package var octets: [UInt8] {
        [high, low].flatMap { half in
            stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: half >> $0) }
        }
    }

    /// ff00::/8 (RFC 4291 section 2.7).
    package var isMulticast: Bool { high >> 56 == 0xFF }

    /// fe80::/10 (RFC 4291 section 2.5.6).
    package var isLinkLocal: Bool { high >> 54 == 0x3FA }

    /// The canonical form of RFC 5952: lower case, the longest run of two or more zero groups as "::".
    package var description: String {
        let groups = [high, low].flatMap { half in
            stride(from: 48, through: 0, by: -16).map { UInt16(truncatingIfNeeded: half >> $0) }
        }
        var best = 0..<0
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, groups[end] == 0 { end += 1 }
            if end - start > max(1, best.count) { best = start..<end }
            start = end + 1
        }
        func hex(_ part: ArraySlice<UInt16>) -> String {
            part.map { String($0, radix: 16) }.joined(separator: ":")
        }
        if best.isEmpty { return hex(groups[...]) }
        return hex(groups[..<best.lowerBound]) + "::" + hex(groups[best.upperBound...])
    }

    /// Unsigned comparison in network order (RFC 9568 section 6.4.3).
    package static func < (left: Self, right: Self) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}
