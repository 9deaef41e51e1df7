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
    /// Auth Type "IP Authentication Header" (RFC 2338 section 5.3.6).
    static let authenticationHeader: UInt8 = 2

    /// The one length a message with `count` addresses can have.
    static func length(version: ProtocolVersion, family: AddressFamily, count: Int) -> Int {
        headerLength + Int(family.bits / 8) * count + (version == .v2 ? authenticationLength : 0)
    }

    /// The authentication data of a password: cut or zero-filled to 8 octets.
    static func authenticationData(_ password: some Collection<UInt8>) -> [UInt8] {
        let kept = Array(password.prefix(authenticationLength))
        return kept + [UInt8](repeating: 0, count: authenticationLength - kept.count)
    }

    /// What is summed before the message: for IPv6 the pseudo-header of RFC 8200 section 8.1, for IPv4 the
    /// one that RFC 5798 readers take (source, destination, protocol, length).
    static func pseudoHeader(source: IPAddress, destination: IPAddress, length: Int) -> [UInt8] {
        let size = UInt16(truncatingIfNeeded: length)
        let octets = [UInt8(truncatingIfNeeded: size >> 8), UInt8(truncatingIfNeeded: size)]
        return source.octets + destination.octets
            + (source.family == .inet
                ? [0, VRRPNumbers.ipProtocol] + octets
                : [0, 0] + octets + [0, 0, 0, VRRPNumbers.ipProtocol])
    }
}
