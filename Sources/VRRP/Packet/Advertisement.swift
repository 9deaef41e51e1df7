import NetTypes
import Timekeeping

/// Numbers of the protocol that sockets need (RFC 9568 sections 5.1.1 and 5.1.2).
package enum VRRPNumbers {
    /// The IP protocol number of VRRP, directly above IP.
    package static let ipProtocol: UInt8 = 112
    /// The link-local multicast group every IPv4 advertisement is sent to.
    package static let group = IPv4Address(224, 0, 0, 18)
    /// The only time-to-live an advertisement may have: a router cannot have forwarded it.
    package static let timeToLive: UInt8 = 255
    /// No VRRPv2 or v3 IPv4 advertisement is longer: 8 octets of header, 255 addresses, 8 octets of password.
    package static let longestMessage = 8 + 255 * 4 + 8
}

/// One VRRP ADVERTISEMENT over IPv4, as both sides understand it; how it looks on the wire is the business of
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
    /// The virtual addresses in the sender's configured order, at most 255.
    package var addresses: [IPv4Address]
    /// `auth_type` of version 2; `.none` in version 3, whose packets have no such field.
    package var authentication: Authentication

    /// An advertisement.
    package init(
        version: ProtocolVersion, virtualRouterID: UInt8, priority: UInt8, interval: Interval,
        addresses: [IPv4Address], authentication: Authentication = .none
    ) {
        self.version = version
        self.virtualRouterID = virtualRouterID
        self.priority = priority
        self.interval = interval
        self.addresses = addresses
        self.authentication = authentication
    }

    /// One line for traces; never shows the password.
    package var description: String {
        let list = addresses.map(\.description).joined(separator: " ")
        return "v\(version.rawValue) vrid \(virtualRouterID) prio \(priority) int \(interval) [\(list)]"
    }
}

extension Authentication: CustomStringConvertible, CustomDebugStringConvertible {
    /// `none` or `PASS`; the password itself never reaches a log or a dump.
    package var description: String {
        switch self {
        case .none: "none"
        case .password: "PASS"
        }
    }

    /// The same as `description`, so that no debugging print shows the password either.
    package var debugDescription: String { description }
}
