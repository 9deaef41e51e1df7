import NetTypes
import Testing

@testable import KernelNet

@Suite struct RouteTests {
    private func prefix(_ text: String) throws -> Prefix { try #require(Prefix(text)) }

    @Test func `a route is encoded as the kernel wants it`() throws {
        var route = Route(
            Route.Identity(destination: try prefix("198.51.100.0/24"), priority: 7, typeOfService: 16))
        route.source = IPAddress("192.0.2.100")
        route.hops = [Route.Hop(gateway: IPAddress("192.0.2.1"), interface: 3, isOnLink: true)]
        route.metrics = [Route.Metric(1, 4), Route.Metric(2, 1400)]
        #expect(
            route.payload()
                == wire(
                    "02 18 00 10 fe 48 00 01 04000000",  // AF_INET, /24, tos, main, 72, universe, unicast
                    "0800 0100 c6336400",  // RTA_DST
                    "0800 0f00 fe000000",  // RTA_TABLE
                    "0800 0600 07000000",  // RTA_PRIORITY
                    "0800 0700 c0000264",  // RTA_PREFSRC
                    "0800 0500 c0000201",  // RTA_GATEWAY
                    "0800 0400 03000000",  // RTA_OIF
                    "1400 0800",  // RTA_METRICS
                    "0800 0100 04000000", "0800 0200 78050000"))
    }

    @Test func `what is removed is known by its identity, kind and origin`() throws {
        var route = Route(
            Route.Identity(destination: try prefix("198.51.100.0/24"), table: 1000), kind: 6)
        route.scope = 253
        #expect(
            route.payload(removing: true)
                == wire(
                    "02 18 00 00 00 48 ff 06 00000000", "0800 0100 c6336400", "0800 0f00 e8030000",
                    "0800 0600 00000000"))
    }

    @Test func `several hops are in one attribute`() throws {
        var route = Route(Route.Identity(destination: try prefix("0.0.0.0/0")))
        route.hops = [
            Route.Hop(gateway: IPAddress("192.0.2.1"), weight: 2), Route.Hop(gateway: nil, interface: 3),
        ]
        #expect(
            route.payload()
                == wire(
                    "02 00 00 00 fe 48 00 01 00000000", "0800 0f00 fe000000", "0800 0600 00000000",
                    "1c00 0900",  // RTA_MULTIPATH
                    "1000 00 01 00000000 0800 0500 c0000201",  // struct rtnexthop: weight 2
                    "0800 00 00 03000000"))
    }

    @Test func `the way to an address is asked for, and its gateway read`() throws {
        #expect(
            Route.lookup(of: try #require(IPAddress("198.51.100.7")))
                == wire("02 20 00 00 00 00 00 00 00000000", "0800 0100 c6336407"))
        let header = "02 20 00 00 fe 00 00 01 00000000 0800 0100 c6336407"
        #expect(Route.gateway(in: wire(header, "0800 0500 c0000201")) == IPAddress("192.0.2.1"))
        #expect(Route.gateway(in: wire(header)) == nil, "on a link")
        #expect(Route.gateway(in: wire(header, "0600 0500 c000 0000")) == nil, "malformed")
        #expect(Route.gateway(in: [2, 32]) == nil)
    }

    @Test func `the kernel's answer is read`() throws {
        let payload = wire(
            "0a 20 00 00 64 48 00 01 00000000",  // AF_INET6, /32, table 100
            "0800 0f00 64000000",  // RTA_TABLE
            "1400 0100 20010db8000000000000000000000000",  // RTA_DST
            "0800 0600 00040000",  // RTA_PRIORITY 1024
            "0800 0400 03000000")
        let route = try #require(Route(payload: payload))
        #expect(route.identity == Route.Identity(destination: try prefix("2001:db8::/32"), table: 100))
        #expect(route.kind == 1 && route.origin == 72)
        for length in 0..<12 { #expect(Route(payload: Array(payload.prefix(length))) == nil) }
        for length in 12..<payload.count { _ = Route(payload: Array(payload.prefix(length))) }
    }

    @Test func `a default route has no destination attribute`() throws {
        let payload = wire("02 00 00 00 fe 48 00 01 00000000", "0800 0f00 fe000000")
        #expect(Route(payload: payload)?.identity == Route.Identity(destination: try prefix("0.0.0.0/0")))
    }

    @Test(arguments: [
        "07 18 00 00 fe 48 00 01 00000000 0800 0100 c6336400",  // another family
        "02 21 00 00 fe 48 00 01 00000000 0800 0100 c6336400",  // /33
        "02 18 08 00 fe 48 00 01 00000000 0800 0100 c6336400",  // for packets from somewhere
        "02 18 00 00 fe 48 00 01 00000000 0700 0100 c63364",  // three octets
    ])
    func `nonsense is no route`(text: String) { #expect(Route(payload: wire(text)) == nil) }

    @Test func `the default priority is the family's`() throws {
        let (four, six) = (try prefix("198.51.100.0/24"), try prefix("2001:db8::/32"))
        #expect(Route.Identity(destination: four).priority == 0)
        #expect(Route.Identity(destination: six).priority == 1024)
        #expect(Route.Identity(destination: six, priority: 0).priority == 1024)
        #expect(Route.Identity(destination: six, priority: 5).priority == 5)
    }

    @Test func `what is asked for is a family's routes of one origin`() {
        #expect(Route.dumpRequest(.inet6, origin: 72) == wire("0a 00 00 00 00 48 00 00 00000000"))
    }

    @Test func `its description is for people`() throws {
        let identity = Route.Identity(destination: try prefix("198.51.100.0/24"), table: 9, priority: 7)
        #expect(Route(identity).description == "route to 198.51.100.0/24 in table 9, metric 7")
    }
}
