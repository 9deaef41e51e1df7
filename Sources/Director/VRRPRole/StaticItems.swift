import NetTypes
import VRRP

/// What the role holds whoever is master, and the groups that are to know when it cannot.
struct StaticItems {
    private(set) var wanted = Statics()
    /// Those that were not there yet: they are added even with `no_track`.
    private(set) var fresh = Statics()
    /// The `track_group`s of which a line cannot be kept.
    private(set) var lostGroups: Set<String> = []

    /// Another configuration is in force.
    mutating func configure(_ new: Statics) {
        fresh = new.without(wanted.without(fresh))
        wanted = new
    }

    /// The routes and rules among them that nothing but this adds.
    var freshRouting: Routing {
        var routing = Routing()
        routing.routes = fresh.routes.filter(\.isUntracked)
        routing.rules = fresh.rules.filter(\.isUntracked)
        return routing
    }

    /// The addresses.
    var addresses: Set<IPAddress> { Set(wanted.addresses.map(\.prefix.address)) }

    /// Judges what is there by the kernel's interfaces and addresses, and by what is `missing` of routes and
    /// rules. A line is lost with its interface, too: what it says is then of no use. True when the groups
    /// are told something new.
    mutating func judge(_ table: InterfaceTable, missing: Routing) -> Bool {
        var lost: Set<String> = []
        var absent = Statics()
        func isUsable(_ name: String?) -> Bool { name.map(table.isUsable) ?? true }
        func note(_ line: some TrackableLine, isThere: Bool, isUsable: Bool) {
            if let group = line.trackGroup, !(isThere && isUsable) { lost.insert(group) }
        }
        for line in wanted.addresses {
            let isThere = line.interface.map { table.address(line.prefix, on: $0) != nil } ?? false
            if !isThere { absent.addresses.append(line) }
            note(line, isThere: isThere, isUsable: isUsable(line.interface))
        }
        for line in wanted.routes {
            let isThere = !missing.routes.contains(line)
            if !isThere { absent.routes.append(line) }
            note(line, isThere: isThere, isUsable: line.hops.allSatisfy { isUsable($0.interface) })
        }
        for line in wanted.rules {
            let isThere = !missing.rules.contains(line)
            if !isThere { absent.rules.append(line) }
            note(line, isThere: isThere, isUsable: isUsable(line.incoming))
        }
        fresh = fresh.without(wanted.without(absent))
        defer { lostGroups = lost }
        return lost != lostGroups
    }
}
