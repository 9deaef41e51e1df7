import KernelNet
import LinuxIO
import NetTypes
import VRRP

/// The one writer of virtual routes and rules: makes the kernel hold what the masters want, and nothing else
/// of ours. Ours is what carries our protocol number: the kernel sets it with the route, so nothing needs to
/// be written down before.
final class RouteOwner {
    private let socket: RouteSocket
    private let log: Log
    /// The routes that are there as this process wrote them.
    private var written: [Route.Identity: Route] = [:]
    /// Failures that were said, until it works again.
    private var said: Set<String> = []
    /// Nothing of ours is there.
    private(set) var isClean = false

    init(log: Log) throws(RouteError) {
        socket = try RouteSocket()
        self.log = log
    }

    /// Another process may have added some since.
    func lookAgain() { (isClean, written) = (false, [:]) }

    /// Removes what is ours and not `wanted`: before the addresses go that it may depend on. False when
    /// something of that is left.
    @discardableResult
    func remove(but wanted: Routing) -> Bool {
        guard !isClean || !wanted.isEmpty else { return true }
        var removed: [String] = []
        var isDone = true
        let isListed = attempt("list routes and rules") { () throws(RouteError) in
            let rules = Set(wanted.rules.map { RoutingRule($0) })
            for rule in try socket.rules(of: .holdfast) where !rules.contains(rule) {
                if attempt("\(rule)", removes: true, { () throws(RouteError) in try socket.remove(rule) }) {
                    removed.append("\(rule)")
                } else {
                    isDone = false
                }
            }
            let routes = Set(wanted.routes.map { Route.Identity($0) })
            for route in try socket.routes(of: .holdfast) where !routes.contains(route.identity) {
                written[route.identity] = nil
                if attempt("\(route)", removes: true, { () throws(RouteError) in try socket.remove(route) }) {
                    removed.append("\(route)")
                } else {
                    isDone = false
                }
            }
        }
        isDone = isDone && isListed
        isClean = isDone && wanted.isEmpty
        if !removed.isEmpty { log.notice("removed \(removed.joined(separator: ", "))") }
        return isDone
    }

    /// Adds what is missing of `wanted`, after the addresses that it may depend on; what was added. Of what
    /// says `no_track` only what is `acquired` now.
    func add(_ wanted: Routing, acquired: Routing, on table: InterfaceTable) -> [String] {
        guard !wanted.isEmpty else { return [] }
        isClean = false
        var added: [String] = []
        attempt("list routes and rules") { () throws(RouteError) in
            added += try addRoutes(wanted.routes, acquired: acquired.routes, on: table)
            let present = Set(try socket.rules(of: .holdfast))
            for line in wanted.rules where !line.isUntracked || acquired.rules.contains(line) {
                let rule = RoutingRule(line)
                if present.contains(rule) { continue }
                if attempt("\(rule)", { () throws(RouteError) in try socket.add(rule) }) {
                    added.append("\(rule)")
                }
            }
        }
        return added
    }

    private func addRoutes(
        _ lines: [VirtualRoute], acquired: [VirtualRoute], on table: InterfaceTable
    ) throws(RouteError) -> [String] {
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
            desired: desired, observed: try socket.routes(of: .holdfast), written: written,
            acquired: Set(acquired.map { Route.Identity($0) }))
        for route in plan.replacements + plan.additions {
            let replaces = plan.replacements.contains(route)
            if attempt("\(route)", { () throws(RouteError) in try socket.add(route, replacing: replaces) }) {
                written[route.identity] = route
            } else {
                written[route.identity] = nil
            }
        }
        return plan.additions.filter { written[$0.identity] == $0 }.map { "\($0)" }
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
            if said.insert(what).inserted {
                let note = error.errno == .exists ? "; it was there before us, and is left there" : ""
                log.error("\(error)\(note)")
            }
            return false
        }
    }
}
