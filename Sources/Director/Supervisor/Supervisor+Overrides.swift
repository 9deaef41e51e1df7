import ConfigModel
import LoadBalancing
import NetTypes
import Timekeeping

/// What an operator wants, without the servers it is about.
package struct ServerWish: Hashable, Sendable {
    /// What they are to be; nil: what they are configured and checked to be.
    package var order: ServerOrder?
    /// Who says so.
    package var by: String
    /// Why.
    package var reason: String?
    /// How long; nil for ever.
    package var duration: Interval?

    /// A wish.
    package init(_ order: ServerOrder?, by: String, reason: String? = nil, duration: Interval? = nil) {
        self.order = order
        self.by = by
        self.reason = reason
        self.duration = duration
    }

    /// Who, and why.
    var words: String { [by, reason].compactMap { $0 }.joined(separator: ": ") }
}

// What operators want of servers, whatever their checks say: it outlives reloads and the daemon, and ends by
// itself where they said when.

extension Supervisor {
    /// What a former daemon wrote down. To be called before the first configuration.
    package mutating func recall(_ list: [ServerOverride]) { overrides = ServerOverrides(list) }

    /// The configured servers that an operator means.
    func servers(meantBy target: ServerTarget) -> [ServerName] {
        guard wantsChecks else { return [] }
        return configuration.virtualServers.flatMap { virtual in
            virtual.realServers.lazy.map(virtual.name).filter(target.means)
        }
    }

    mutating func ordered(_ names: [ServerName], _ wish: ServerWish, at now: Instant) -> [Action] {
        guard !isStopping else { return [] }
        let before = overrides
        if let order = wish.order {
            let new = names.map { name in
                ServerOverride(
                    name, order, by: wish.by, reason: wish.reason, since: now,
                    until: wish.duration.map { now + $0 })
            }
            guard overrides.set(new) else { return [] }
        } else {
            overrides.remove(names)
        }
        return carryOut(since: before)
    }

    /// Ends those whose time is up.
    mutating func advanceOverrides(to now: Instant) -> [Action] {
        let before = overrides
        overrides.expire(at: now)
        let lines = overrides.differences(from: before).compactMap { name in
            before[name].map { Action.log("\(name): the time of \($0.order) is up", isError: false) }
        }
        return lines + carryOut(since: before)
    }

    /// Drops those of servers that are not configured any more. The roles hear of it by their assignments.
    mutating func keepOverrides(at now: Instant) -> [Action] {
        guard overrides.count > 0 else { return [] }
        let before = overrides
        overrides.expire(at: now)
        let known = Set(configuration.virtualServers.flatMap { $0.realServers.map($0.name) })
        let gone = overrides.list.filter { !known.contains($0.name) }
        overrides.remove(gone.map(\.name))
        guard before != overrides else { return [] }
        return [.remember(overrides.list)]
            + gone.map { .log("\($0.name) is not configured any more: \($0.order) is over", isError: false) }
    }

    private mutating func carryOut(since before: ServerOverrides) -> [Action] {
        let names = overrides.differences(from: before)
        guard !names.isEmpty else { return [] }
        let news = services.update(Set(names.map(\.service)), under: overrides.orders, knowing: verdicts)
        return [.remember(overrides.list)] + send(.lvs(.orders(overrides.orders))) + news.flatMap(tell)
    }
}
