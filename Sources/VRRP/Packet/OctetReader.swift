import NetTypes

/// A cursor over octets from the network: reading past the end gives nil, never a trap.
struct OctetReader {
    private let octets: [UInt8]
    private(set) var position = 0

    init(_ octets: [UInt8]) { self.octets = octets }

    mutating func octet() -> UInt8? {
        guard position < octets.count else { return nil }
        defer { position += 1 }
        return octets[position]
    }

    mutating func word() -> UInt16? {
        guard let high = octet(), let low = octet() else { return nil }
        return UInt16(high) << 8 | UInt16(low)
    }

    mutating func number() -> UInt32? {
        guard let high = word(), let low = word() else { return nil }
        return UInt32(high) << 16 | UInt32(low)
    }

    mutating func address(_ family: AddressFamily) -> IPAddress? {
        switch family {
        case .inet:
            return number().map { .v4(IPv4Address(rawValue: $0)) }
        case .inet6: return take(16).flatMap { IPv6Address(octets: $0) }.map { .v6($0) }
        }
    }

    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count >= 0, octets.count - position >= count else { return nil }
        defer { position += count }
        return octets[position..<position + count]
    }
}
