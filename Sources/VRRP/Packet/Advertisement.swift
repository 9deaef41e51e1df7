import NetTypes
import Timekeeping

/// Numbers of the protocol that sockets need (RFC 9568 sections 5.1.1 and 5.1.2).
package enum VRRPNumbers {
    /// The IP protocol number of VRRP, directly above IP.
    package static let ipProtocol: UInt8 = 112
    /// The link-local multicast group that IPv4 advertisements are sent to.
    package static let group = IPAddress.v4(IPv4Address(224, 0, 0, 18))
    /// The one of IPv6, ff02::12.
    package static let group6 = IPAddress.v6(IPv6Address(high: 0xFF02 << 48, low: 0x12))
    /// The only time-to-live an advertisement may have: a router cannot have forwarded it.
    package static let timeToLive: UInt8 = 255
    /// No advertisement is longer: 8 octets of header and 255 IPv6 addresses.
    package static let longestMessage = 8 + 255 * 16

    /// The group of a family (RFC 9568 section 5.1.2).
    package static func group(of family: AddressFamily) -> IPAddress {
        family == .inet ? group : group6
    }
}

/// One VRRP ADVERTISEMENT, as both sides understand it; how it looks on the wire is the business of
/// `encoded(source:destination:checksum:)` and of `AdvertisementReceiver`.
package struct Advertisement: Hashable, Sendable, CustomStringConvertible {
    /// Protocol version, which decides the layout.
    package var version: ProtocolVersion
    /// 1...255.
    package var virtualRouterID: UInt8
    /// 1...254, 255 for the owner of the addresses, 0 when a master resigns.
    package var priority: UInt8
    /// Time to the sender's next advertisement: whole seconds (v2) or centiseconds up to 4095 (v3).
    package var interval: Interval
    /// The virtual addresses in the sender's configured order, at most 255, all of the family that carries
    /// them.
    package var addresses: [IPAddress]
    /// `auth_type` of version 2; `.none` in version 3, whose packets have no such field.
    package var authentication: Authentication
    /// The number in the IP Authentication Header; 0 where there is none.
    package var sequence: UInt32

    /// An advertisement.
    package init(
        version: ProtocolVersion, virtualRouterID: UInt8, priority: UInt8, interval: Interval,
        addresses: [IPAddress], authentication: Authentication = .none, sequence: UInt32 = 0
    ) {
        self.version = version
        self.virtualRouterID = virtualRouterID
        self.priority = priority
        self.interval = interval
        self.addresses = addresses
        self.authentication = authentication
        self.sequence = sequence
    }

    /// One line for traces; never shows the password.
    package var description: String {
        let list = addresses.map(\.description).joined(separator: " ")
        return "v\(version.rawValue) vrid \(virtualRouterID) prio \(priority) int \(interval) [\(list)]"
    }
}

extension Authentication: CustomStringConvertible, CustomDebugStringConvertible {
    /// `none`, `PASS` or `AH`; the password itself never reaches a log or a dump.
    package var description: String {
        switch self {
        case .none: "none"
        case .password: "PASS"
        case .header: "AH"
        }
    }

    /// The same as `description`, so that no debugging print shows the password either.
    package var debugDescription: String { description }
}
