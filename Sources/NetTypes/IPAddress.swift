/// The two address families Holdfast speaks.
package enum AddressFamily: String, Hashable, Sendable, Codable, CaseIterable {
    case inet
    case inet6

    /// The longest prefix: 32 or 128 bits.
    package var bits: UInt8 { self == .inet ? 32 : 128 }
}

/// An address of either family; IPv4 sorts before IPv6.
package enum IPAddress: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    case v4(IPv4Address)
    case v6(IPv6Address)

    /// Parses either textual form, without prefix, port or zone.
    package init?(_ text: some StringProtocol) { self.init(String(text)) }

    /// The same of a whole string.
    package init?(_ text: String) {
        if let address = IPv4Address(text) {
            self = .v4(address)
        } else if let address = IPv6Address(text) {
            self = .v6(address)
        } else {
            return nil
        }
    }

    /// In a list: the number of an IPv4 address, or the two halves of an IPv6 address.
    package init(from decoder: any Decoder) throws {
        var list = try decoder.unkeyedContainer()
        let first = try list.decode(UInt64.self)
        if list.isAtEnd {
            guard let number = UInt32(exactly: first) else {
                throw DecodingError.dataCorruptedError(in: list, debugDescription: "no IPv4 address")
            }
            self = .v4(IPv4Address(rawValue: number))
        } else {
            self = .v6(IPv6Address(high: first, low: try list.decode(UInt64.self)))
        }
    }

    /// As `init(from:)` reads it.
    package func encode(to encoder: any Encoder) throws {
        var list = encoder.unkeyedContainer()
        switch self {
        case .v4(let address): try list.encode(UInt64(address.rawValue))
        case .v6(let address):
            try list.encode(address.high)
            try list.encode(address.low)
        }
    }

    /// The family of this address.
    package var family: AddressFamily {
        switch self {
        case .v4: .inet
        case .v6: .inet6
        }
    }

    /// The octets in network order: 4 or 16 of them.
    package var octets: [UInt8] {
        switch self {
        case .v4(let address): address.octets
        case .v6(let address): address.octets
        }
    }

    /// True for 0.0.0.0 and ::, which no host has.
    package var isUnspecified: Bool {
        switch self {
        case .v4(let address): address.rawValue == 0
        case .v6(let address): address.high | address.low == 0
        }
    }

    /// True for a multicast group of the family.
    package var isMulticast: Bool {
        switch self {
        case .v4(let address): address.isMulticast
        case .v6(let address): address.isMulticast
        }
    }

    /// The textual form, without brackets.
    package var description: String {
        switch self {
        case .v4(let address): address.description
        case .v6(let address): address.description
        }
    }
}
