import NetTypes
import Timekeeping

// Both versions share the first four octets and the place of the checksum:
//
//      0                   1                   2                   3
//     |Version| Type  | Virtual Rtr ID|   Priority    |     Count     |
//   2 |   Auth Type   |   Adver Int   |           Checksum            |  RFC 3768 5.1: + addresses + 8 octets
//   3 |(rsvd) |     Max Adver Int     |           Checksum            |  RFC 9568 5.1: + addresses

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

    /// The IPv4 pseudo-header that RFC 5798 readers put before the message (source, destination, protocol,
    /// length).
    static func pseudoHeader(source: IPv4Address, destination: IPv4Address, length: Int) -> [UInt8] {
        let size = UInt16(truncatingIfNeeded: length)
        return source.octets + destination.octets
            + [
                0, VRRPNumbers.ipProtocol, UInt8(truncatingIfNeeded: size >> 8),
                UInt8(truncatingIfNeeded: size),
            ]
    }
}
