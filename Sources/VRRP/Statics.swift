/// What this director holds from start to stop, whoever is master: `static_ipaddress`, `static_routes` and
/// `static_rules`.
package struct Statics: Hashable, Sendable, Codable {
    /// Each with its interface.
    package var addresses: [VirtualAddress] = []
    /// In configured order.
    package var routes: [VirtualRoute] = []
    /// In configured order.
    package var rules: [VirtualRule] = []

    /// Nothing.
    package init() {}

    /// Nothing is configured.
    package var isEmpty: Bool { addresses.isEmpty && routes.isEmpty && rules.isEmpty }

    /// What is not in `others`.
    package func without(_ others: Statics) -> Statics {
        var rest = self
        rest.addresses.removeAll(where: others.addresses.contains)
        rest.routes.removeAll(where: others.routes.contains)
        rest.rules.removeAll(where: others.rules.contains)
        return rest
    }
}

/// A `track_group`: its instances are in fault while a static line that names it cannot be kept.
package struct TrackGroup: Hashable, Sendable, Codable {
    /// Its name, unique.
    package var name: String
    /// The names of instances.
    package var members: [String]

    /// A group.
    package init(name: String, members: [String]) { (self.name, self.members) = (name, members) }
}

/// A line that the kernel is to have, and who cares.
package protocol TrackableLine {
    /// `no_track`.
    var isUntracked: Bool { get }
    /// `track_group`, of static lines only.
    var trackGroup: String? { get set }
}

extension VirtualRoute: TrackableLine {}
extension VirtualRule: TrackableLine {}
extension VirtualAddress: TrackableLine {
    /// `no_track`.
    package var isUntracked: Bool { options.isUntracked }
    /// `track_group`.
    package var trackGroup: String? {
        get { options.trackGroup }
        set { options.trackGroup = newValue }
    }
}
