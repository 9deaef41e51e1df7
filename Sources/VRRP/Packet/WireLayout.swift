import NetTypes
import Timekeeping

// Both versions share the first four octets and the place of the checksum:
//
//      0                   1                   2                   3
//     |Version| Type  | Virtual Rtr ID|   Priority    |     Count     |
//   2 |   Auth Type   |   Adver Int   |           Checksum            |     RFC 3768 section 5.1, + addresses + 8 octets
//   3 |(rsvd) |     Max Adver Int     |           Checksum            |     RFC 9568 section 5.1, + addresses

/// What the encoder and the receiver both know about the layout.
enum WireLayout {
    /// ADVERTISEMENT, the only type there is.
    static let advertisementType: UInt8 = 1
    /// Octets before the addresses, either version.
    static let headerLength = 8
    /// Where the 16-bit checksum stands.
    static let checksumOffset = 6
    /// Octets of authentication data that end every version 2 message, used or not.
    static let authenticationLength = 8
    /// Auth Type "no authentication".
    static let noAuthentication: UInt8 = 0
    /// Auth Type "simple text password" (RFC 2338 section 5.3.6).
    static let simplePassword: UInt8 = 1

    /// The one length a message with `count` IPv4 addresses can have.
    static func length(version: ProtocolVersion, count: Int) -> Int {
        headerLength + 4 * count + (version == .v2 ? authenticationLength : 0)
    }

    /// The authentication data of a password: cut or zero-filled to 8 octets.
    static func authenticationData(_ password: some Collection<UInt8>) -> [UInt8] {
        let kept = Array(password.prefix(authenticationLength))
        return kept + [UInt8](repeating: 0, count: authenticationLength - kept.count)
    }

    /// The IPv4 pseudo-header that RFC 5798 readers put before the message (source, destination, protocol, length).
    static func pseudoHeader(source: IPv4Address, destination: IPv4Address, length: Int) -> [UInt8] {
        let size = UInt16(truncatingIfNeeded: length)
        return source.octets + destination.octets
            + [
                0, VRRPNumbers.ipProtocol, UInt8(truncatingIfNeeded: size >> 8),
                UInt8(truncatingIfNeeded: size),
            ]
    }
}

/// The two facts that decide which virtual router a message is for, readable before any of it is believed.
///
/// A raw protocol-112 socket hears every virtual router of its interface. The shell peeks, finds the `Router` with
/// this identifier on the receiving interface and gives it the datagram; without one it counts and forgets.
package struct PacketHeader: Hashable, Sendable {
    /// The upper half of the first octet: 2 or 3 for anything Holdfast speaks.
    package let version: UInt8
    /// The lower half of the first octet; 1 is an advertisement.
    package let type: UInt8
    /// The virtual router the sender means; nothing has verified it yet.
    package let virtualRouterID: UInt8

    /// Reads the first two octets; nil when there are fewer.
    package init?(peeking payload: some Collection<UInt8>) {
        var octets = payload.makeIterator()
        guard let first = octets.next(), let second = octets.next() else { return nil }
        version = first >> 4
        type = first & 0x0F
        virtualRouterID = second
    }
}

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

    mutating func address() -> IPv4Address? {
        guard let high = word(), let low = word() else { return nil }
        return IPv4Address(rawValue: UInt32(high) << 16 | UInt32(low))
    }

    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count >= 0, octets.count - position >= count else { return nil }
        defer { position += count }
        return octets[position..<position + count]
    }
}
