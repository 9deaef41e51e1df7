/// An address with its prefix length, as `ip address` prints it: the host bits are kept.
package struct Prefix: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    /// The address, host bits included.
    package let address: IPAddress
    /// 0...32 for IPv4, 0...128 for IPv6.
    package let length: UInt8

    /// nil when `length` exceeds the family's width.
    package init?(_ address: IPAddress, length: UInt8) {
        guard length <= address.family.bits else { return nil }
        self.address = address
        self.length = length
    }

    /// The address alone: /32 or /128.
    package init(host address: IPAddress) {
        self.address = address
        length = address.family.bits
    }

    /// The network that `address` is in: its bits beyond `length` are cleared.
    package init(network address: IPAddress, length: UInt8) {
        self.length = min(length, address.family.bits)
        let host = Int(address.family.bits - self.length)
        switch address {
        case .v4(let number): self.address = .v4(IPv4Address(rawValue: (number.rawValue >> host) << host))
        case .v6(let number):
            let (high, low) = (max(0, host - 64), min(host, 64))
            self.address = .v6(
                IPv6Address(high: (number.high >> high) << high, low: (number.low >> low) << low))
        }
    }

    /// Parses `ADDRESS` (a host prefix) or `ADDRESS/LENGTH`.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = parts.first, parts.count <= 2, let address = IPAddress(first) else { return nil }
        guard parts.count == 2 else {
            self.init(host: address)
            return
        }
        guard let digit = parts[1].utf8.first, digit != UInt8(ascii: "+"), let length = UInt8(parts[1]) else {
            return nil
        }
        self.init(address, length: length)
    }

    /// True when `other` is of the same family and shares the first `length` bits.
    package func contains(_ other: IPAddress) -> Bool {
        other.family == address.family
            && Prefix(network: other, length: length) == Prefix(network: address, length: length)
    }

    /// `ADDRESS/LENGTH`.
    package var description: String { "\(address)/\(length)" }

    /// By address, then by length.
    package static func < (left: Self, right: Self) -> Bool {
        (left.address, left.length) < (right.address, right.length)
    }
}
