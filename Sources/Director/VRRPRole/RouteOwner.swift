import KernelNet
import LinuxIO
import NetTypes
import Timekeeping
import VRRP

/// The one writer of virtual and static routes and rules: makes the kernel hold what is wanted, and nothing
/// else of ours. Ours is what carries our protocol number: the kernel sets it with the route, so nothing
/// needs to be written down before.
///
/// What the kernel has is remembered: it is listed again only after it may have changed, and then not at
/// once after the last time, so that nobody who changes routes or interfaces all the time makes this process
/// read long lists all the time.
final class RouteOwner {
    private let socket: RouteSocket
    /// What the kernel refused.
    var refusals: UInt64 { socket.refusals }
    private let log: Log
    /// What is there of ours: as it was listed, and changed by this process since.
    private var routes: [Route.Identity: Route] = [:]
    private var rules: Set<RoutingRule> = []
    /// The routes that are there as this process wrote them.
    private var written: [Route.Identity: Route] = [:]
    /// In the place of ours others have written theirs.
    private var usurped: Set<Route.Identity> = []
    /// When it was last listed.
    private var lookedAt: Instant?
    /// It may have changed since.
    private var isStale = false
    /// What was wanted last.
    private var settled = Routing()
    /// Something that is to be there could not be added, and no news of the kernel will say that it can be.
    private var hasFailed = false
    /// What says `no_track` and could not be had when it was acquired: it is acquired yet.
    private var owed = Routing()
    /// What is wanted and not there.
    private(set) var missing = Routing()
    /// Failures that were said, until it works again.
    private var said: Set<String> = []
    /// What was there before us in the place of something that is wanted.
    private var foreign: Set<String> = []

    /// From one list to the next.
    static let lookSpacing = Interval.milliseconds(50)
    /// From a failure to the next attempt, when the kernel says nothing.
    static let retrySpacing = Interval.seconds(5)

    init(log: Log) throws(RouteError) {
        socket = try RouteSocket()
        self.log = log
    }

    /// The kernel said something after which routes may be gone, or may be possible: it does not tell of
    /// every route that goes with an interface or an address.
    func lookAgain() { isStale = true }

    /// `route` was written in place of another. True when that was ours: then it is to be written over, for
    /// to replace it is to remove it.
    func isRobbed(by route: Route) -> Bool {
        guard route.origin != AddressProtocol.holdfast.rawValue, written[route.identity] != nil
        else { return false }
        (routes[route.identity], written[route.identity]) = (nil, nil)
        usurped.insert(route.identity)
        return true
    }

    /// Something of others stands in the place of ours.
    var yields: Bool { !foreign.isEmpty }

    /// Nothing of ours is there.
    var isClean: Bool { lookedAt != nil && routes.isEmpty && rules.isEmpty }

    /// When `settle` has something to do though nothing else is wanted.
    var nextDeadline: Instant? {
        guard let lookedAt, !(settled.isEmpty && isClean) else { return nil }
        if isStale { return lookedAt + Self.lookSpacing }
        return hasFailed ? lookedAt + Self.retrySpacing : nil
    }

    /// Adds what is missing of `wanted`, then removes what is ours and not in it; what was added. It is to be
    /// done while both the addresses are there that the new depend on and those of the old. Of what says
    /// `no_track` only what is `acquired` now is added, or was and could not be had yet.
    func settle(
        _ wanted: Routing, acquired: Routing, on table: InterfaceTable, at now: Instant
    ) -> [String] {
        if wanted.isEmpty, isClean {
            (settled, missing, owed, foreign) = (wanted, Routing(), Routing(), [])
            usurped = []
            return []
        }
        let isDue = lookedAt == nil || (nextDeadline.map { $0 <= now } ?? false)
        guard isDue || wanted != settled || !acquired.isEmpty else { return [] }
        if isDue { look(at: now) }
        (settled, hasFailed, foreign) = (wanted, false, [])
        let due = acquired + owed
        let added = addRoutes(wanted.routes, due.routes, table) + addRules(wanted.rules, due.rules)
        if !removeRest(wanted) { hasFailed = true }
        missing = Routing()
        missing.routes = wanted.routes.filter {
            routes[Route.Identity($0)] == nil && !foreign.contains("\(Route(Route.Identity($0)))")
        }
        missing.rules = wanted.rules.filter {
            !rules.contains(RoutingRule($0)) && !foreign.contains("\(RoutingRule($0))")
        }
        owed = due.untracked(in: missing)
        return added
    }

    /// Removes what is ours and not `wanted`. False when something of that is left.
    func remove(but wanted: Routing, at now: Instant) -> Bool {
        guard look(at: now) else { return false }
        return removeRest(wanted)
    }

    /// Lists what is there of ours; false when that failed.
    @discardableResult
    func look(at now: Instant) -> Bool {
        let isListed = attempt("list routes and rules") { () throws(RouteError) in
            let found = try socket.routes(of: .holdfast)
            rules = Set(try socket.rules(of: .holdfast))
            routes = Dictionary(found.map { ($0.identity, $0) }) { first, _ in first }
        }
        lookedAt = now
        isStale = !isListed
        written = written.filter { routes[$0.key] != nil }
        return isListed
    }

    private func addRoutes(
        _ lines: [VirtualRoute], _ acquired: [VirtualRoute], _ table: InterfaceTable
    ) -> [String] {
        var desired: [(route: Route, isUntracked: Bool)] = []
        for line in lines {
            let name = line.words.joined(separator: " ")
            guard let route = Route(line, in: table) else {
                if said.insert(name).inserted { log.error("cannot add route \(name): no such interface") }
                continue
            }
            said.remove(name)
            desired.append((route, line.isUntracked))
        }
        let plan = RoutePlan(
            desired: desired, observed: Array(routes.values), written: written,
            acquired: Set(acquired.map { Route.Identity($0) }))
        usurped.formIntersection(desired.map(\.route.identity))
        let additions = plan.additions.map { ($0, usurped.contains($0.identity)) }
        for (route, replaces) in plan.replacements.map({ ($0, true) }) + additions {
            if attempt("\(route)", { () throws(RouteError) in try socket.add(route, replacing: replaces) }) {
                (routes[route.identity], written[route.identity]) = (route, route)
                usurped.remove(route.identity)
            } else {
                written[route.identity] = nil
                // When another hand's goes the kernel says so.
                if !foreign.contains("\(route)") { hasFailed = true }
            }
        }
        return plan.additions.filter { written[$0.identity] == $0 }.map { "\($0)" }
    }

    private func addRules(_ lines: [VirtualRule], _ acquired: [VirtualRule]) -> [String] {
        var added: [String] = []
        for line in lines where !line.isUntracked || acquired.contains(line) {
            let rule = RoutingRule(line)
            if rules.contains(rule) { continue }
            if attempt("\(rule)", { () throws(RouteError) in try socket.add(rule) }) {
                rules.insert(rule)
                added.append("\(rule)")
            } else if !foreign.contains("\(rule)") {
                hasFailed = true
            }
        }
        return added
    }

    private func removeRest(_ wanted: Routing) -> Bool {
        var removed: [String] = []
        var isDone = true
        for rule in rules.subtracting(wanted.rules.map { RoutingRule($0) }) {
            if attempt("\(rule)", removes: true, { () throws(RouteError) in try socket.remove(rule) }) {
                rules.remove(rule)
                removed.append("\(rule)")
            } else {
                isDone = false
            }
        }
        let kept = Set(wanted.routes.map { Route.Identity($0) })
        for route in RoutePlan.removals(of: Array(routes.values), keeping: kept) {
            if attempt("\(route)", removes: true, { () throws(RouteError) in try socket.remove(route) }) {
                (routes[route.identity], written[route.identity]) = (nil, nil)
                removed.append("\(route)")
            } else {
                isDone = false
            }
        }
        if !removed.isEmpty { log.notice("removed \(removed.sorted().joined(separator: ", "))") }
        return isDone
    }

    /// False when it failed, which is said once until it works.
    @discardableResult
    private func attempt(
        _ what: String, removes: Bool = false, _ body: () throws(RouteError) -> Void
    ) -> Bool {
        do throws(RouteError) {
            try body()
            said.remove(what)
            return true
        } catch {
            // One that is gone already is as it is to be.
            if removes, error.errno == .noProcess || error.errno == .notFound { return true }
            if error.errno == .exists { foreign.insert(what) }
            if said.insert(what).inserted {
                let note = error.errno == .exists ? "; it was there before us, and is left there" : ""
                log.error("\(error)\(note)")
            }
            return false
        }
    }
}
