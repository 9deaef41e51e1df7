import KernelNet
import NetTypes
import VRRP

/// What is wanted beside addresses.
struct Routing: Hashable {
    var routes: [VirtualRoute] = []
    var rules: [VirtualRule] = []

    var isEmpty: Bool { routes.isEmpty && rules.isEmpty }

    init() {}

    /// What `configurations` hold while they are master.
    init(_ configurations: some Sequence<RouterConfiguration>) {
        for configuration in configurations {
            routes += configuration.routes
            rules += configuration.rules
        }
    }

    /// What is held whoever is master.
    init(_ statics: Statics) { (routes, rules) = (statics.routes, statics.rules) }

    /// Of these what says `no_track` and is among the `missing`, each once.
    func untracked(in missing: Routing) -> Routing {
        var rest = Routing()
        rest.routes = missing.routes.filter { $0.isUntracked && routes.contains($0) }
        rest.rules = missing.rules.filter { $0.isUntracked && rules.contains($0) }
        return rest
    }

    /// Both, in this order.
    static func + (first: Routing, second: Routing) -> Routing {
        var sum = first
        sum.routes += second.routes
        sum.rules += second.rules
        return sum
    }
}

/// The way from the routes of ours that are there to those that are to be there.
struct RoutePlan: Hashable {
    /// Not there.
    var additions: [Route] = []
    /// There, and perhaps not as they are to be: written anew in place.
    var replacements: [Route] = []

    /// What goes of those that are ours: all that are not to be kept.
    static func removals(of observed: [Route], keeping kept: Set<Route.Identity>) -> [Route] {
        observed.filter { !kept.contains($0.identity) }
    }

    /// Compares `desired` with what is `observed` to be ours. `written` is how this process wrote them: what
    /// a predecessor wrote is written again. One that is missing and `no_track` is left missing unless it is
    /// among the `acquired`.
    init(
        desired: [(route: Route, isUntracked: Bool)], observed: [Route],
        written: [Route.Identity: Route] = [:], acquired: Set<Route.Identity> = []
    ) {
        let present = Set(observed.map(\.identity))
        var wanted: Set<Route.Identity> = []
        for (route, isUntracked) in desired where wanted.insert(route.identity).inserted {
            if !present.contains(route.identity) {
                if !isUntracked || acquired.contains(route.identity) { additions.append(route) }
            } else if written[route.identity] != route {
                replacements.append(route)
            }
        }
    }
}

extension Route.Identity {
    /// What makes a configured route the same as another.
    init(_ route: VirtualRoute) {
        self.init(
            destination: route.destination, table: route.table, priority: route.metric,
            typeOfService: route.typeOfService)
    }
}

extension Route {
    /// rtnetlink.h: RT_SCOPE_LINK, RT_SCOPE_HOST and RTAX_LOCK.
    private static let (link, host, lock) = (UInt8(253), UInt8(254), UInt16(1))

    /// The route as the kernel is to have it; nil when it names an interface that is not there.
    init?(_ route: VirtualRoute, in table: InterfaceTable) {
        self.init(Identity(route), kind: route.kind.rawValue)
        // As `ip route` has it: a destination without a gateway is on the link.
        let isDirect =
            route.destination.address.family == .inet && route.hops.allSatisfy { $0.gateway == nil }
        switch route.kind {
        case .local: scope = route.scope ?? Self.host
        case .unicast: scope = route.scope ?? (isDirect ? Self.link : 0)
        default: scope = route.scope ?? 0
        }
        source = route.source
        for hop in route.hops {
            var index: Int32?
            if let name = hop.interface {
                guard let link = table.link(name) else { return nil }
                index = link.index
            }
            hops.append(
                Hop(gateway: hop.gateway, interface: index, weight: hop.weight, isOnLink: hop.isOnLink))
        }
        let locked = route.metrics.filter(\.isLocked).reduce(UInt32(0)) { $0 | 1 << UInt32($1.name.rawValue) }
        metrics =
            (locked == 0 ? [] : [Metric(Self.lock, locked)])
            + route.metrics.map { Metric($0.name.rawValue, $0.value) }
    }
}

extension RoutingRule {
    /// The rule as the kernel is to have it.
    init(_ rule: VirtualRule) {
        // fib_rules.h: FR_ACT_TO_TBL, FR_ACT_GOTO, FR_ACT_NOP; the others have the numbers of routes.
        switch rule.action {
        case .table(let number):
            self.init(family: rule.family, action: 1, priority: rule.preference)
            table = number
        case .goTo(let number):
            self.init(family: rule.family, action: 2, priority: rule.preference)
            target = number
        case .nothing: self.init(family: rule.family, action: 3, priority: rule.preference)
        case .refuse(let kind):
            self.init(family: rule.family, action: kind.rawValue, priority: rule.preference)
        }
        source = rule.source
        destination = rule.destination
        typeOfService = rule.typeOfService
        mark = rule.mark
        markMask = rule.mark == nil ? 0 : rule.markMask
        incoming = rule.incoming
        outgoing = rule.outgoing
        users = rule.users.map { Span($0.first, $0.last) }
        transport = rule.transport
        sourcePorts = rule.sourcePorts.map { Span($0.first, $0.last) }
        destinationPorts = rule.destinationPorts.map { Span($0.first, $0.last) }
        suppressedLength = rule.suppressedLength
    }
}
