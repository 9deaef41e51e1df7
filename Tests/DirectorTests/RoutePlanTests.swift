import KernelNet
import NetTypes
import Testing
import VRRP

@testable import Director

@Suite struct RoutePlanTests {
    private static func route(_ text: String, mtu: UInt32? = nil) -> Route {
        var route = Route(Route.Identity(destination: prefix(text)))
        route.hops = [Route.Hop(gateway: v4("192.0.2.1"))]
        if let mtu { route.metrics = [Route.Metric(2, mtu)] }
        return route
    }

    private let first = route("198.51.100.0/24")
    private let second = route("198.51.101.0/24")

    private func plan(
        _ desired: [Route], observed: [Route] = [], written: [Route] = [], untracked: Bool = false,
        acquired: Set<Route.Identity> = []
    ) -> RoutePlan {
        RoutePlan(
            desired: desired.map { ($0, untracked) }, observed: observed,
            written: Dictionary(written.map { ($0.identity, $0) }) { $1 }, acquired: acquired)
    }

    @Test func `what is missing is added, in order and once`() {
        let plan = plan([second, first, second])
        #expect(plan.additions == [second, first])
        #expect(plan.replacements.isEmpty)
    }

    @Test func `what is there as we wrote it stays`() {
        let plan = plan([first], observed: [first], written: [first])
        #expect(plan.additions.isEmpty && plan.replacements.isEmpty)
        #expect(RoutePlan.removals(of: [first], keeping: [first.identity]).isEmpty)
    }

    @Test func `what a predecessor wrote, or another file, is written again in its place`() {
        #expect(plan([first], observed: [first]).replacements == [first])
        let other = Self.route("198.51.100.0/24", mtu: 1400)
        #expect(plan([other], observed: [first], written: [first]).replacements == [other])
    }

    @Test func `what is ours and not wanted goes`() {
        #expect(RoutePlan.removals(of: [first, second], keeping: [first.identity]) == [second])
        #expect(RoutePlan.removals(of: [], keeping: [first.identity]).isEmpty)
    }

    @Test func `what is not tracked is not put back`() {
        #expect(plan([first], untracked: true).additions.isEmpty)
        #expect(plan([first], untracked: true, acquired: [first.identity]).additions == [first])
    }

    @Test func `a configured route becomes the kernel's`() throws {
        var table = InterfaceTable()
        table.replace(links: [link(2, "eth0")], addresses: [])
        var line = VirtualRoute(to: prefix("198.51.100.0/24"))
        var hop = NextHop()
        hop.interface = "eth0"
        line.hops = [hop]
        line.metrics = [.init(.mtu, 1400, isLocked: true), .init(.advmss, 1300)]
        let route = try #require(Route(line, in: table))
        #expect(route.hops == [Route.Hop(gateway: nil, interface: 2)])
        #expect(route.scope == 253, "on the link")
        #expect(route.metrics == [Route.Metric(1, 4), Route.Metric(2, 1400), Route.Metric(8, 1300)])
        #expect(route.origin == 72)
        line.hops[0].gateway = v4("192.0.2.1")
        #expect(Route(line, in: table)?.scope == 0)
        line.hops[0].interface = "eth7"
        #expect(Route(line, in: table) == nil)
        line.kind = .blackhole
        line.hops = []
        #expect(Route(line, in: table)?.scope == 0)
        #expect(Route(line, in: table)?.kind == 6)
    }

    @Test func `a configured rule becomes the kernel's`() {
        var line = VirtualRule(family: .inet, preference: 5, action: .table(9))
        line.source = prefix("192.0.2.100/32")
        line.mark = 3
        line.sourcePorts = .init(1, 2)
        let rule = RoutingRule(line)
        #expect((rule.action, rule.table, rule.priority, rule.origin) == (1, 9, 5, 72))
        #expect(rule.source == prefix("192.0.2.100/32"))
        #expect((rule.mark, rule.markMask) == (3, .max))
        #expect(rule.sourcePorts == .init(1, 2))
        line.action = .goTo(20000)
        #expect(RoutingRule(line).target == 20000)
        line.action = .refuse(.prohibit)
        #expect(RoutingRule(line).action == 8)
        line.action = .nothing
        line.mark = nil
        #expect(RoutingRule(line).markMask == 0)
        #expect(RoutingRule(line).action == 3)
    }

    @Test func `masters want what their instances say`() {
        var one = router()
        one.routes = [VirtualRoute(to: prefix("198.51.100.0/24"))]
        var two = router("VI_2", id: 52)
        two.rules = [VirtualRule(family: .inet, preference: 5, action: .nothing)]
        let routing = Routing([one, two])
        #expect(routing.routes == one.routes && routing.rules == two.rules)
        #expect(!routing.isEmpty && Routing([router()]).isEmpty)
        var statics = Statics()
        statics.routes = [VirtualRoute(to: prefix("198.51.101.0/24"))]
        let sum = Routing(statics) + routing
        #expect(sum.routes == statics.routes + one.routes && sum.rules == two.rules)
    }

    @Test func `what is owed is what was acquired, is not tracked and is missing`() {
        var (acquired, missing) = (Routing(), Routing())
        for number in 0..<3 {
            var route = VirtualRoute(to: prefix("198.51.10\(number).0/24"))
            var rule = VirtualRule(family: .inet, preference: UInt32(number), action: .nothing)
            (route.isUntracked, rule.isUntracked) = (number > 0, number > 0)
            (acquired.routes, acquired.rules) = (acquired.routes + [route], acquired.rules + [rule])
        }
        #expect(acquired.untracked(in: missing).isEmpty)
        missing.routes = Array(acquired.routes.prefix(2))
        missing.rules = Array(acquired.rules.prefix(2))
        let owed = (acquired + acquired).untracked(in: missing)
        #expect(owed.routes == [acquired.routes[1]] && owed.rules == [acquired.rules[1]])
        #expect(Routing().untracked(in: missing).isEmpty)
    }
}
