import HealthChecks
import LoadBalancing
import NetTypes
import Testing

@Suite struct ServicePlanTests {
    static func web(
        _ servers: [RealServer], _ forwarding: ForwardingMethod = .directRouting, sorry: RealServer? = nil,
        quorum: UInt32 = 1, guardMark: UInt32? = nil, identity: ServiceIdentity = service()
    ) -> VirtualServer {
        VirtualServer(
            identity: identity, scheduler: "rr", forwarding: forwarding, realServers: servers,
            sorryServer: sorry, quorum: quorum, guardMark: guardMark.flatMap { FirewallMark($0) })
    }

    /// The weights of the planned destinations by last octet of the address.
    static func weights(
        _ virtualServer: VirtualServer, down: [UInt8] = [], orders: [UInt8: ServerOrder] = [:]
    ) -> [UInt8: UInt32] {
        let verdicts = Dictionary(uniqueKeysWithValues: down.map { (check($0), Verdict.down) })
        let plan = ServicePlan.desired(
            [virtualServer], verdicts: verdicts, orders: named(orders, in: virtualServer))
        var weights: [UInt8: UInt32] = [:]
        for destination in plan[virtualServer.programmedIdentities[0]]?.destinations.values ?? [:].values {
            weights[destination.endpoint.address.octets[3]] = destination.weight
        }
        return weights
    }

    static func named(
        _ orders: [UInt8: ServerOrder], in service: VirtualServer
    ) -> [ServerName: ServerOrder] {
        Dictionary(
            uniqueKeysWithValues: orders.map {
                (ServerName(service: service.identity, server: endpoint($0)), $1)
            })
    }

    @Test(
        arguments: [
            // down, orders, expected
            ([], [21: .drain], [21: 0, 22: 1]), ([], [21: .maintenance], [22: 1]),
            ([], [21: .weight(7), 22: .weight(0)], [21: 7, 22: 0]), ([21], [21: .weight(7)], [22: 1]),
            ([21], [21: .drain], [22: 1]), ([22], [21: .maintenance], [:]),
        ] as [([UInt8], [UInt8: ServerOrder], [UInt8: UInt32])])
    func `an operator's order stands above configured weights, and below what checks say is down`(
        down: [UInt8], orders: [UInt8: ServerOrder], expected: [UInt8: UInt32]
    ) {
        let web = Self.web([server(21, weight: 3), server(22)])
        #expect(Self.weights(web, down: down, orders: orders) == expected)
    }

    @Test func `an order is about one server of one service`() {
        let other = ServiceIdentity.address(.tcp, endpoint(101))
        let both = [Self.web([server(21)]), Self.web([server(21)], identity: other)]
        let name = ServerName(service: other, server: endpoint(21))
        let plan = ServicePlan.desired(both, verdicts: [:], orders: [name: .drain])
        #expect(plan[service()]?.destinations.values.map(\.weight) == [1])
        #expect(plan[other]?.destinations.values.map(\.weight) == [0])
        let strange = ServerName(service: other, server: endpoint(22))
        #expect(
            ServicePlan.desired(both, verdicts: [:], orders: [strange: .maintenance])
                == ServicePlan.desired(both, verdicts: [:]))
    }

    @Test func `the quorum counts what an operator has left`() {
        let web = Self.web([server(21, weight: 3), server(22)], quorum: 2)
        func pool(_ orders: [UInt8: ServerOrder]) -> PoolState {
            PoolState(of: web, verdicts: [:], orders: Self.named(orders, in: web))
        }
        #expect(pool([:]).hasQuorum && pool([:]).live.count == 2)
        let drained = pool([21: .drain])
        #expect(!drained.hasQuorum && drained.liveWeight == 1 && drained.live.count == 2)
        let gone = pool([21: .maintenance])
        #expect(!gone.hasQuorum && gone.liveWeight == 1 && gone.live.map(\.endpoint) == [endpoint(22)])
        #expect(pool([21: .maintenance, 22: .weight(2)]).hasQuorum)
    }

    @Test func `one that is drained keeps its connections while the sorry server takes the others`() {
        let sorry = RealServer(endpoint: endpoint(90))
        let web = Self.web([server(21), server(22, inhibit: true), server(23)], sorry: sorry)
        #expect(
            Self.weights(web, orders: [21: .drain, 22: .drain, 23: .drain]) == [21: 0, 22: 0, 23: 0, 90: 1])
        #expect(
            Self.weights(web, orders: [21: .maintenance, 22: .maintenance, 23: .drain]) == [23: 0, 90: 1])
        #expect(Self.weights(web, down: [21, 22, 23], orders: [21: .drain]) == [22: 0, 90: 1])
    }

    @Test func `with an order the weights that checks ask for do not count`() {
        let real = server(21, weight: 3)
        let asked: [CheckSpecification: Int32] = [check(21): 50]
        #expect(real.weight(asked, under: nil) == real.weight(asked))
        #expect(real.weight(asked, under: .weight(9)) == 9 && real.weight(asked, under: .drain) == 0)
    }

    @Test(
        arguments: [([], [21: 3, 22: 1]), ([21], [22: 1]), ([21, 22], [:])] as [([UInt8], [UInt8: UInt32])])
    func `servers that are down leave the table`(down: [UInt8], expected: [UInt8: UInt32]) {
        #expect(Self.weights(Self.web([server(21, weight: 3), server(22)]), down: down) == expected)
    }

    @Test func `a service without a live server stays`() {
        let plan = ServicePlan.desired([Self.web([server(21)])], verdicts: [check(21): .down])
        #expect(plan == [service(): kernelService()])
    }

    @Test func `inhibit_on_failure leaves the server in at weight 0`() {
        #expect(
            Self.weights(Self.web([server(21, inhibit: true), server(22)]), down: [21]) == [21: 0, 22: 1])
    }

    @Test func `a server is up when all its checks are`() {
        let pair = RealServer(endpoint: endpoint(21), checks: [check(21), check(22)])
        #expect(pair.isUp([check(21): .up, check(22): .up]))
        #expect(!pair.isUp([check(21): .up, check(22): .down]))
        #expect(RealServer(endpoint: endpoint(21)).isUp([:]), "no checks: always up")
    }

    @Test func `a check that has not spoken counts as up, with alpha as down`() {
        #expect(RealServer(endpoint: endpoint(21), checks: [check(21)]).isUp([:]))
        let alpha = RealServer(endpoint: endpoint(21), checks: [check(21, startsDown: true)])
        #expect(!alpha.isUp([:]))
        #expect(alpha.isUp([check(21, startsDown: true): .up]))
    }

    @Test(
        arguments: [
            // quorum, down, expected
            (1, [], [21: 2, 22: 1, 23: 1]), (1, [21, 22], [23: 1]), (1, [21, 22, 23], [90: 1]),
            (3, [22], [21: 2, 23: 1]), (3, [21], [90: 1]), (4, [23], [90: 1]),
            (99, [], [21: 2, 22: 1, 23: 1]), (99, [23], [90: 1]), (0, [21, 22], [23: 1]),
        ] as [(UInt32, [UInt8], [UInt8: UInt32])])
    func `below the quorum the sorry server takes over`(
        quorum: UInt32, down: [UInt8], expected: [UInt8: UInt32]
    ) {
        let servers = [server(21, weight: 2), server(22), server(23)]
        let sorry = RealServer(endpoint: endpoint(90))
        #expect(Self.weights(Self.web(servers, sorry: sorry, quorum: quorum), down: down) == expected)
    }

    @Test(
        arguments: [
            // weight that lives, had the quorum, has it: quorum 3, hysteresis 1
            (4, false, true), (3, false, false), (3, true, true), (2, true, true), (1, true, false),
            (0, true, false), (0, false, false), (2, false, false),
        ] as [(Int, Bool, Bool)])
    func `around the quorum stays what was`(live: Int, had: Bool, has: Bool) {
        var web = Self.web([21, 22, 23, 24].map { server($0) }, quorum: 3)
        web.hysteresis = 1
        let down = web.realServers.dropFirst(live).flatMap(\.checks)
        let verdicts = Dictionary(uniqueKeysWithValues: down.map { ($0, Verdict.down) })
        #expect(PoolState(of: web, verdicts: verdicts, hadQuorum: had).hasQuorum == has)
        let lost: Set<ServiceIdentity> = had ? [] : [web.identity]
        web.sorryServer = RealServer(endpoint: endpoint(90))
        let plan = ServicePlan.desired([web], verdicts: verdicts, lost: lost)
        #expect((plan[web.identity]?.destinations[endpoint(90)] == nil) == has)
    }

    @Test func `with every server up there is a quorum, whatever the hysteresis`() {
        var web = Self.web([server(21), server(22)], quorum: 2)
        web.hysteresis = 1
        #expect(PoolState(of: web, verdicts: [:], hadQuorum: false).hasQuorum)
    }

    @Test func `a sorry server can wait in the table`() {
        let sorry = RealServer(endpoint: endpoint(90), inhibitOnFailure: true)
        let web = Self.web([server(21)], sorry: sorry)
        #expect(Self.weights(web) == [21: 1, 90: 0])
        #expect(Self.weights(web, down: [21]) == [90: 1])
    }

    @Test func `what is said of a service and its servers reaches the kernel`() {
        var limited = server(21, forwarding: .tunnel)
        limited.upperThreshold = 9
        limited.lowerThreshold = 5
        limited.encapsulation = Encapsulation(type: Encapsulation.gre, port: 0, flags: 1)
        var web = Self.web([limited, server(22)], .tunnel)
        web.encapsulation = Encapsulation(type: Encapsulation.gue, port: 6080, flags: 0)
        web.flags = [.scheduler1, .onePacket]
        web.persistenceEngine = "sip"
        let plan = ServicePlan.desired([web], verdicts: [:])[service()]
        #expect(plan?.flags == web.flags && plan?.persistenceEngine == "sip")
        let first = plan?.destinations[endpoint(21)]
        #expect(first?.upperThreshold == 9 && first?.lowerThreshold == 5)
        #expect(first?.encapsulation == limited.encapsulation)
        #expect(plan?.destinations[endpoint(22)]?.encapsulation == web.encapsulation)
    }

    @Test func `without a sorry server a lost quorum changes nothing`() {
        let web = Self.web([server(21), server(22)], quorum: 2)
        #expect(Self.weights(web, down: [21]) == [22: 1])
        let state = PoolState(of: web, verdicts: [check(21): .down])
        #expect(!state.hasQuorum && !state.usesSorryServer)
        #expect(state.live.map(\.endpoint) == [endpoint(22)])
        #expect(state.liveWeight == 1 && state.quorum == 2)
    }

    @Test func `behind the sorry server inhibited servers keep their connections`() {
        let servers = [server(21, inhibit: true), server(22, inhibit: true), server(23)]
        let web = Self.web(servers, sorry: RealServer(endpoint: endpoint(90)), quorum: 3)
        #expect(Self.weights(web, down: [22]) == [21: 0, 22: 0, 90: 1])
    }

    @Test func `servers of weight 0 make no quorum`() {
        let web = Self.web([server(21, weight: 0)], sorry: RealServer(endpoint: endpoint(90)))
        #expect(Self.weights(web) == [90: 1])
        #expect(Self.weights(Self.web([server(21, weight: 0)])) == [21: 0])
    }

    @Test func `weights near 2^32 do not overflow`() {
        let servers = [server(21, weight: .max), server(22, weight: .max)]
        #expect(PoolState(of: Self.web(servers, quorum: .max), verdicts: [:]).hasQuorum)
    }

    @Test(
        arguments: [
            (.directRouting, nil, 80), (.tunnel, nil, 80), (.masquerade, nil, 8080),
            (.directRouting, 5, 0), (.tunnel, 5, 0), (.masquerade, 5, 8080),
        ] as [(ForwardingMethod, UInt32?, UInt16)])
    func `only NAT translates the port and a mark has none`(
        forwarding: ForwardingMethod, guardMark: UInt32?, port: UInt16
    ) throws {
        let web = Self.web([server(21, 8080)], forwarding, guardMark: guardMark)
        let plan = ServicePlan.desired([web], verdicts: [:])
        #expect(plan.count == 1)
        let identity = try guardMark.map { try marked($0) } ?? service()
        let planned = try #require(plan[identity])
        #expect(planned.identity == identity)
        #expect(Array(planned.destinations.values) == [destination(21, port, forwarding: forwarding)])
    }

    @Test(
        arguments: [
            // What checks ask for, and what comes of weight 10.
            ([], 10), ([5], 5), ([0], 0), ([253], 253), ([5, 7], 2), ([0, 0], 0), ([20, 30], 40),
        ] as [([Int32], UInt32)])
    func `weights that checks ask for are added to the configured one, and stay in range`(
        asked: [Int32], expected: UInt32
    ) {
        let checks = asked.indices.map { check(UInt8(200 + $0)) }
        var server = server(21, weight: 10)
        server.checks = checks + [check(21)]
        let weights = Dictionary(uniqueKeysWithValues: zip(checks, asked))
        #expect(server.weight(weights) == expected)
        let service = Self.web([server])
        let plan = ServicePlan.desired([service], verdicts: [:], weights: weights)
        #expect(plan[service.identity]?.destinations.values.map(\.weight) == [expected])
        #expect(PoolState(of: service, verdicts: [:], weights: weights).liveWeight == UInt64(expected))
    }

    @Test(
        arguments: [
            ([], 10), ([5], 15), ([-3], 7), ([-10], 0), ([-300], 0), ([5, -3], 12),
            ([.max, .max], 2_147_483_647),
        ]
            as [([Int32], UInt32)])
    func `what files say is added, beside what programs ask for`(changes: [Int32], expected: UInt32) {
        let files = changes.indices.map {
            CheckSpecification(kind: .file(FileCheck(name: "f\($0)")), schedule: CheckSchedule())
        }
        var server = server(21, weight: 10)
        server.checks = [check(21)] + files
        var weights = Dictionary(uniqueKeysWithValues: zip(files, changes))
        #expect(server.weight(weights) == expected)
        weights[check(21)] = 10
        #expect(server.weight(weights) == expected)
    }

    @Test func `a weight cannot leave the kernel's range`() {
        var server = server(21, weight: 2_147_483_647)
        server.checks = [check(1), check(2), check(3)]
        #expect(server.weight([check(1): 0, check(2): 0, check(3): 0]) == 0)
        server.weight = 0
        #expect(server.weight([check(1): 253, check(2): 253]) == 506)
    }

    @Test func `a service configured by mark is programmed by it`() throws {
        let web = Self.web([server(21, 8080)], identity: try marked(3))
        let plan = ServicePlan.desired([web], verdicts: [:])
        #expect(plan == [try marked(3): kernelService(try marked(3), [destination(21, 0)])])
    }

    @Test func `servers that differ by a port the kernel drops are one destination`() {
        let web = Self.web([server(21, 8080, weight: 1), server(21, 8081, weight: 4)], guardMark: 5)
        #expect(Self.weights(web) == [21: 4])
    }

    @Test func `a server's own method wins over the virtual server's`() {
        let web = Self.web([server(21, 8080, forwarding: .masquerade), server(22, 8080)])
        let planned = ServicePlan.desired([web], verdicts: [:])[service()]
        #expect(
            planned?.destinations == [
                endpoint(21, 8080): destination(21, 8080, forwarding: .masquerade),
                endpoint(22): destination(22),
            ])
    }

    @Test func `virtual servers of one kernel service share it`() {
        var second = Self.web([server(22)])
        second.scheduler = "wlc"
        let plan = ServicePlan.desired([Self.web([server(21)]), second], verdicts: [:])
        #expect(plan == [service(): kernelService([destination(21), destination(22)])])
    }

    @Test func `persistence goes along`() {
        var web = Self.web([])
        web.persistence = Persistence(timeoutSeconds: 50, prefixLength: 24)
        #expect(ServicePlan.desired([web], verdicts: [:])[service()]?.persistence == web.persistence)
    }
}
