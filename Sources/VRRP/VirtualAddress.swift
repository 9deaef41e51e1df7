import NetTypes

/// What a line of `virtual_ipaddress` may say beyond address, interface and label, as `ip address` does.
package struct AddressOptions: Hashable, Sendable, Codable {
    /// `brd`: the broadcast address; nil for none.
    package var broadcast: IPv4Address?
    /// `scope`: rtnetlink.h's RT_SCOPE_ number, 0 for global.
    package var scope: UInt8 = 0
    /// `peer`: the other end of a point-to-point link; the prefix length is the peer's.
    package var peer: IPAddress?
    /// `preferred_lft`: seconds for which new connections may use the address; nil for ever. An IPv6 host
    /// address without it is deprecated at once, so that it is no source of the director's own connections.
    package var preferredLifetime: UInt32?
    /// `home`: a Mobile IPv6 home address.
    package var isHome = false
    /// `-nodad`: the kernel looks for another owner before the address can be used.
    package var detectsDuplicates = false
    /// `mngtmpaddr`: temporary addresses are made from it.
    package var managesTemporaries = false
    /// `noprefixroute`: no route to its network.
    package var addsNoRoute = false
    /// `autojoin`: multicast groups are joined on the link.
    package var joinsGroups = false
    /// `no_track`: not put back when another hand removes it.
    package var isUntracked = false
    /// `track_group`, of a static address: whose instances are in fault while it cannot be kept.
    package var trackGroup: String?

    /// Nothing said.
    package init() {}

    /// What holds when nothing is said about an address of this prefix.
    package init(for prefix: Prefix) {
        if prefix.address.family == .inet6, prefix.length == 128 { preferredLifetime = 0 }
    }
}

/// One line of `virtual_ipaddress`.
package struct VirtualAddress: Hashable, Sendable, Codable {
    /// The address and the prefix length it is configured with (default /32).
    package var prefix: Prefix
    /// `dev IF`; nil means the instance's interface.
    package var interface: String?
    /// `label L`, as `ip address` shows it.
    package var label: String?
    /// What else the line says.
    package var options: AddressOptions

    /// A virtual address line; without options those that hold for its prefix.
    package init(
        prefix: Prefix, interface: String? = nil, label: String? = nil, options: AddressOptions? = nil
    ) {
        self.prefix = prefix
        self.interface = interface
        self.label = label
        self.options = options ?? AddressOptions(for: prefix)
    }
}
