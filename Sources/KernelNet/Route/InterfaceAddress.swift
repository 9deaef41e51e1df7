import CNetlink
import NetTypes

/// The kernel's record of who configured an address (IFA_PROTO, Linux 5.18 and later; older ones ignore it).
package struct AddressProtocol: RawRepresentable, Hashable, Sendable {
    /// 0...255; 1 to 3 are the kernel's own.
    package let rawValue: UInt8
    /// The protocol numbered `rawValue`.
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Nobody said (an address made with `ip address`).
    package static let unspecified = AddressProtocol(rawValue: 0)
    /// Holdfast's number, 72, the letter H: an address that carries it is ours to remove. `ip address` shows
    /// it as `proto 0x48`.
    package static let holdfast = AddressProtocol(rawValue: 72)
}

/// How far an address is valid (rtnetlink.h, RT_SCOPE_); a smaller number reaches further.
package struct AddressScope: RawRepresentable, Hashable, Sendable {
    /// 0...255.
    package let rawValue: UInt8
    /// The scope numbered `rawValue`.
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Everywhere.
    package static let global = AddressScope(rawValue: 0)
    /// On this link only.
    package static let link = AddressScope(rawValue: 253)
    /// On this host only.
    package static let host = AddressScope(rawValue: 254)
}

/// One address on one interface.
package struct InterfaceAddress: Hashable, Sendable, CustomStringConvertible {
    /// The interface's index.
    package var interface: Int32
    /// The address and its prefix length, host bits kept.
    package var prefix: Prefix
    /// How far it is valid.
    package var scope: AddressScope
    /// The label, at most 15 octets, IPv4 only; nil means the interface's name.
    package var label: String?
    /// Who configured it.
    package var origin: AddressProtocol
    /// IFA_F_ bits (linux/if_addr.h) as the kernel reports them; of a new address only those that the caller
    /// set.
    package var flags: UInt32
    /// What else the kernel told of the address: broadcast address, priority of its route, and lifetimes that
    /// end. Attributes as they came, to be handed back when it is to be made again.
    package var details: [UInt8]
    /// The other end of a point-to-point link; the prefix length is its.
    package var peer: IPAddress?

    /// An address.
    package init(
        interface: Int32, prefix: Prefix, scope: AddressScope = .global, label: String? = nil,
        origin: AddressProtocol = .unspecified, flags: UInt32 = 0, details: [UInt8] = [],
        peer: IPAddress? = nil
    ) {
        self.interface = interface
        self.prefix = prefix
        self.scope = scope
        self.label = label
        self.origin = origin
        self.flags = flags
        self.details = details
        self.peer = peer
    }

    /// A further address of the same subnet: goes away with its primary one unless promote_secondaries is
    /// set.
    package var isSecondary: Bool { flags & 0x01 != 0 }
    /// IPv6 duplicate address detection has not finished.
    package var isTentative: Bool { flags & 0x40 != 0 }
    /// IPv6 duplicate address detection has found another owner.
    package var isDuplicate: Bool { flags & 0x08 != 0 }

    /// `192.0.2.100/24 on interface 2`.
    package var description: String { "\(prefix) on interface \(interface)" }

    /// The address of an RTM_NEWADDR or RTM_DELADDR payload (struct ifaddrmsg); nil when malformed or of a
    /// family other than IPv4 and IPv6.
    package init?(payload: [UInt8]) {
        let octets = payload[...]
        guard let family = octets.first, let length = HostOrder.octet(octets, at: 1),
            let flags = HostOrder.octet(octets, at: 2), let scope = HostOrder.octet(octets, at: 3),
            let index = HostOrder.word(octets, at: 4)
        else { return nil }
        let attributes = NetlinkAttributes(octets.dropFirst(8))
        // On a point-to-point interface IFA_ADDRESS is the peer; IFA_LOCAL, where there is one, is ours.
        guard let value = attributes[IFA_LOCAL] ?? attributes[IFA_ADDRESS],
            let address = IPAddress(family: family, octets: value),
            let prefix = Prefix(address, length: length)
        else { return nil }
        let other = attributes[IFA_ADDRESS].flatMap { IPAddress(family: family, octets: $0) }
        self.init(
            interface: Int32(bitPattern: index), prefix: prefix, scope: AddressScope(rawValue: scope),
            label: attributes.text(IFA_LABEL),
            origin: AddressProtocol(rawValue: attributes.octet(Self.protocolAttribute) ?? 0),
            flags: attributes.word(IFA_FLAGS) ?? UInt32(flags), details: Self.details(in: attributes),
            peer: other == address ? nil : other)
    }

    private static func details(in attributes: NetlinkAttributes) -> [UInt8] {
        var octets: [UInt8] = []
        for type in [UInt16(IFA_BROADCAST), UInt16(IFA_RT_PRIORITY)] {
            if let value = attributes[type] { octets += NetlinkAttributes.encoded(type, value) }
        }
        // struct ifa_cacheinfo: preferred and valid seconds, all ones for ever.
        if let life = attributes[IFA_CACHEINFO], let valid = HostOrder.word(life, at: 4), valid != .max {
            octets += NetlinkAttributes.encoded(IFA_CACHEINFO, life)
        }
        return octets
    }

    /// `details` of a new address: its broadcast address, and the seconds for which new connections may use
    /// it before it is deprecated; nil for none and for ever.
    package static func details(broadcast: IPv4Address?, preferredLifetime: UInt32?) -> [UInt8] {
        var octets: [UInt8] = []
        if let broadcast { octets += NetlinkAttributes.encoded(IFA_BROADCAST, broadcast.octets) }
        if let preferredLifetime {
            // struct ifa_cacheinfo: preferred, valid for ever, and two times that the kernel keeps.
            let words = [preferredLifetime, .max, 0, 0].flatMap { HostOrder.octets($0) }
            octets += NetlinkAttributes.encoded(IFA_CACHEINFO, words)
        }
        return octets
    }

    /// The payload of a request to add (or, without what does not identify it, to remove) this address.
    package func payload(removing: Bool = false) -> [UInt8] {
        let family: UInt8 = prefix.address.family == .inet ? 2 : 10
        var octets: [UInt8] = [family, prefix.length, 0, scope.rawValue]
        octets += HostOrder.octets(UInt32(bitPattern: interface))
        octets += NetlinkAttributes.encoded(IFA_LOCAL, prefix.address.octets)
        octets += NetlinkAttributes.encoded(IFA_ADDRESS, (peer ?? prefix.address).octets)
        if removing { return octets }
        if flags != 0 { octets += NetlinkAttributes.encoded(IFA_FLAGS, HostOrder.octets(flags)) }
        if let label { octets += NetlinkAttributes.encoded(IFA_LABEL, Array(label.utf8) + [0]) }
        if origin != .unspecified {
            octets += NetlinkAttributes.encoded(Self.protocolAttribute, [origin.rawValue])
        }
        return octets + details
    }

    /// IFA_PROTO, by number because the headers of older distributions lack it.
    private static var protocolAttribute: UInt16 { 11 }
}

extension IPAddress {
    /// The address of an AF_INET or AF_INET6 number and its octets.
    init?(family: UInt8, octets: ArraySlice<UInt8>) {
        if family == 2, octets.count == 4 {
            self = .v4(IPv4Address(rawValue: octets.reduce(0) { $0 << 8 | UInt32($1) }))
        } else if family == 10, let address = IPv6Address(octets: octets) {
            self = .v6(address)
        } else {
            return nil
        }
    }
}
