import NetTypes
import Testing
import VRRP

@Suite struct VirtualRouteTests {
    private func route(_ text: String) throws -> VirtualRoute {
        VirtualRoute(to: try #require(Prefix(text)))
    }

    private func hop(_ gateway: String?, on interface: String? = nil) -> NextHop {
        var hop = NextHop()
        hop.gateway = gateway.flatMap { IPAddress($0) }
        hop.interface = interface
        return hop
    }

    @Test func `a plain route says where to`() throws {
        var route = try route("198.51.100.0/24")
        route.hops = [hop("192.0.2.1")]
        #expect(route.words == ["198.51.100.0/24", "via", "192.0.2.1"])
        route.hops = [hop(nil, on: "eth0")]
        #expect(route.words == ["198.51.100.0/24", "dev", "eth0"])
    }

    @Test func `everything that is said is in its words`() throws {
        var route = try route("198.51.100.0/24")
        route.source = IPAddress("192.0.2.100")
        var gateway = hop("192.0.2.1", on: "eth0")
        gateway.isOnLink = true
        route.hops = [gateway]
        (route.table, route.metric, route.typeOfService, route.scope) = (100, 7, 16, 253)
        route.metrics = [.init(.mtu, 1400, isLocked: true), .init(.initcwnd, 20)]
        route.isUntracked = true
        #expect(
            route.words.joined(separator: " ")
                == "198.51.100.0/24 src 192.0.2.100 via 192.0.2.1 dev eth0 onlink table 100 metric 7 tos 16 "
                + "scope 253 mtu lock 1400 initcwnd 20 no_track")
    }

    @Test func `several hops have weights, and come last`() throws {
        var route = try route("198.51.100.0/24")
        route.hops = [hop("192.0.2.1"), hop("192.0.2.9")]
        route.hops[0].weight = 2
        route.metric = 5
        #expect(
            route.words.joined(separator: " ")
                == "198.51.100.0/24 metric 5 nexthop via 192.0.2.1 weight 2 nexthop via 192.0.2.9 weight 1")
    }

    @Test func `one that goes nowhere says so first`() throws {
        var route = try route("203.0.113.0/24")
        route.kind = .blackhole
        #expect(route.words == ["blackhole", "203.0.113.0/24"])
        let nowhere = VirtualRoute.Kind.allCases.filter { !$0.hasNextHops }
        #expect(nowhere == [.blackhole, .unreachable, .prohibit, .throw])
    }
}
