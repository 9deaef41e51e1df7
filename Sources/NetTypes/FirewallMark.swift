/// A netfilter mark (`skb->mark`). IPVS compares all 32 bits; 0 means "no mark" and is never a service.
package struct FirewallMark: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    /// 1...4294967295.
    package let rawValue: UInt32

    /// nil for 0.
    package init?(_ rawValue: UInt32) {
        guard rawValue != 0 else { return nil }
        self.rawValue = rawValue
    }

    /// Decimal, as keepalived and ipvsadm write it.
    package var description: String { String(rawValue) }

    /// Numeric order.
    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
