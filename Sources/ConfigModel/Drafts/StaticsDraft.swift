import VRRP

/// `static_ipaddress`, `static_routes` and `static_rules` as written.
struct StaticsDraft: Sendable {
    /// Where an address without `dev` goes, unless `default_interface` says another.
    static let standardInterface = "eth0"

    var addresses: [Located<VirtualAddress>] = []
    var routes: [Located<VirtualRoute>] = []
    var rules: [Located<VirtualRule>] = []

    /// The interface an address goes to.
    func interface(of address: VirtualAddress, _ global: GlobalDraft) -> String {
        address.interface ?? global.defaultInterface?.value ?? Self.standardInterface
    }
}

/// `track_group` as written.
struct TrackGroupDraft: Draft {
    var origin: Origin
    var name: Located<String>
    var members: [Located<String>] = []
}
