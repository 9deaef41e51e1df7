/// Addresses of one family in a row, the ends included.
package struct AddressRange: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The lowest address.
    package let first: IPAddress
    /// The highest one, not below `first`.
    package let last: IPAddress

    /// nil when the two are of different families or in the wrong order.
    package init?(_ first: IPAddress, _ last: IPAddress) {
        guard first.family == last.family, first <= last else { return nil }
        self.first = first
        self.last = last
    }

    /// Parses keepalived's forms: `192.0.2.1`, `192.0.2.1-9` (the last octet), `192.0.2.250-192.0.3.9`,
    /// `192.0.2.8/29`, `2001:db8::1-ff` (the last group), and so on. nil for anything else.
    package init?(_ text: some StringProtocol) {
        if let dash = text.firstIndex(of: "-") {
            let (head, tail) = (text[..<dash], text[text.index(after: dash)...])
            guard let first = IPAddress(head), let last = IPAddress(tail) ?? Self.end(tail, of: first) else {
                return nil
            }
            self.init(first, last)
        } else {
            guard let prefix = Prefix(text) else { return nil }
            self.init(prefix)
        }
    }

    /// Every address with the first bits of `prefix`, the network's own and broadcast included.
    package init(_ prefix: Prefix) {
        switch prefix.address {
        case .v4(let address):
            let mask: UInt32 = prefix.length == 0 ? 0 : .max << (32 - UInt32(prefix.length))
            first = .v4(IPv4Address(rawValue: address.rawValue & mask))
            last = .v4(IPv4Address(rawValue: address.rawValue | ~mask))
        case .v6(let address):
            let (high, low) = (
                Self.mask(prefix.length), Self.mask(prefix.length < 64 ? 0 : prefix.length - 64)
            )
            first = .v6(IPv6Address(high: address.high & high, low: address.low & low))
            last = .v6(IPv6Address(high: address.high | ~high, low: address.low | ~low))
        }
    }

    private static func mask(_ length: UInt8) -> UInt64 {
        length == 0 ? 0 : length >= 64 ? .max : .max << (64 - UInt64(length))
    }

    /// `first` with its last octet, or its last group, replaced.
    private static func end(_ text: some StringProtocol, of first: IPAddress) -> IPAddress? {
        switch first {
        case .v4(let address):
            // As an address, so that the same rules hold: no sign, no leading zero.
            guard let octet = IPv4Address("0.0.0.\(text)") else { return nil }
            return .v4(IPv4Address(rawValue: address.rawValue & ~255 | octet.rawValue))
        case .v6(let address):
            guard !text.utf8.contains(UInt8(ascii: ":")), let group = IPv6Address("::\(text)"),
                group.high == 0, group.low <= 0xFFFF, !text.utf8.contains(UInt8(ascii: "."))
            else { return nil }
            return .v6(IPv6Address(high: address.high, low: address.low & ~0xFFFF | group.low))
        }
    }

    /// How many addresses there are; `Int.max` for more.
    package var count: Int {
        switch (first, last) {
        case (.v4(let low), .v4(let high)): Int(high.rawValue - low.rawValue) + 1
        case (.v6(let low), .v6(let high)):
            high.high == low.high && high.low - low.low < UInt64(Int.max)
                ? Int(high.low - low.low) + 1 : .max
        default: 0
        }
    }

    /// The lowest addresses, at most `limit`.
    package func addresses(limit: Int) -> [IPAddress] {
        (0..<min(count, max(limit, 0))).map { offset in
            switch first {
            case .v4(let address): .v4(IPv4Address(rawValue: address.rawValue + UInt32(offset)))
            case .v6(let address): .v6(IPv6Address(high: address.high, low: address.low &+ UInt64(offset)))
            }
        }
    }

    /// `192.0.2.1` or `192.0.2.1-192.0.2.9`.
    package var description: String { first == last ? "\(first)" : "\(first)-\(last)" }
}
