import Timekeeping

/// What an operator wants of a server, whatever its checks and `checker_failure_guard` say.
package enum ServerOrder: Hashable, Sendable, Codable, CustomStringConvertible {
    /// No new connections; those that are there go on: weight 0.
    case drain
    /// Not in the table. Its checks go on, so that it is known what it comes back as.
    case maintenance
    /// This weight, 0...2147483647, instead of what is configured and what checks ask for.
    case weight(UInt32)

    /// `drain`, `maint`, `weight 5`.
    package var description: String {
        switch self {
        case .drain: "drain"
        case .maintenance: "maint"
        case .weight(let weight): "weight \(weight)"
        }
    }
}

/// An order, with who gave it, why and until when.
package struct ServerOverride: Hashable, Sendable {
    /// The longest `by` and the longest `reason`, in octets.
    package static let textLimit = 200

    /// The server.
    package var name: ServerName
    /// What it is to be.
    package var order: ServerOrder
    /// Who says so: `uid 1000`.
    package var by: String
    /// Why; nil when that was not said.
    package var reason: String?
    /// Since when.
    package var since: Instant
    /// It ends then by itself; nil for never.
    package var until: Instant?

    /// An override.
    package init(
        _ name: ServerName, _ order: ServerOrder, by: String, reason: String? = nil, since: Instant,
        until: Instant? = nil
    ) {
        self.name = name
        self.order = order
        self.by = by
        self.reason = reason
        self.since = since
        self.until = until
    }
}

/// The overrides in force: at most one a server.
package struct ServerOverrides: Hashable, Sendable {
    /// There are no more than this.
    package static let limit = 10_000

    private var entries: [ServerName: ServerOverride] = [:]
    /// When the first one ends by itself; nil when none does.
    package private(set) var nextDeadline: Instant?

    /// None, or those of a list; of two for one server the last counts, and what is beyond the limit is left
    /// out.
    package init(_ list: [ServerOverride] = []) {
        for entry in list.prefix(Self.limit) { entries[entry.name] = entry }
        findDeadline()
    }

    /// All of them, by name.
    package var list: [ServerOverride] { entries.values.sorted { $0.name < $1.name } }

    /// How many there are.
    package var count: Int { entries.count }

    /// What is to be done with each server that has one.
    package var orders: [ServerName: ServerOrder] { entries.mapValues(\.order) }

    /// The one of this server.
    package subscript(name: ServerName) -> ServerOverride? { entries[name] }

    /// The servers that these and `others` disagree about, in order.
    package func differences(from others: ServerOverrides) -> [ServerName] {
        Set(entries.keys).union(others.entries.keys).filter { self[$0] != others[$0] }.sorted()
    }

    /// Sets these; false, and nothing changes, when there would be too many.
    package mutating func set(_ new: [ServerOverride]) -> Bool {
        guard Set(new.map(\.name)).union(entries.keys).count <= Self.limit else { return false }
        for entry in new { entries[entry.name] = entry }
        findDeadline()
        return true
    }

    /// Ends those of these servers.
    package mutating func remove(_ names: some Sequence<ServerName>) {
        for name in names { entries[name] = nil }
        findDeadline()
    }

    /// Ends those whose time is up.
    package mutating func expire(at now: Instant) {
        guard let next = nextDeadline, next <= now else { return }
        remove(entries.values.filter { $0.until.map { $0 <= now } ?? false }.map(\.name))
    }

    private mutating func findDeadline() { nextDeadline = entries.values.compactMap(\.until).min() }
}
