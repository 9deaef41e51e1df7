import HealthChecks
import LoadBalancing
import NetTypes
import Testing

@Suite struct ServiceGroupTests {
    private static func range(_ text: String, _ port: UInt16) throws -> ServiceGroup.Line {
        .addresses(try #require(AddressRange(text)), port: port)
    }

    private static func web(
        _ lines: [ServiceGroup.Line], _ servers: [RealServer],
        _ forwarding: ForwardingMethod = .directRouting,
        transport: TransportProtocol? = .tcp
    ) throws -> VirtualServer {
        let group = ServiceGroup(name: "web", transport: transport, family: .inet, lines: lines)
        var server = VirtualServer(
            identity: try #require(group.members.first), scheduler: "rr", forwarding: forwarding,
            realServers: servers)
        server.group = group
        return server
    }

    @Test func `ranges are written out in order, and marks have a family`() throws {
        let lines = [
            try Self.range("192.0.2.100-101", 80), .mark(try #require(FirewallMark(3)), nil),
            .mark(try #require(FirewallMark(3)), .inet6), try Self.range("192.0.2.9", 0),
        ]
        let server = try Self.web(lines, [])
        #expect(
            server.identities.map(\.description) == [
                "192.0.2.100:80/tcp", "192.0.2.101:80/tcp", "fwmark:3", "fwmark:3/inet6", "192.0.2.9:0/tcp",
            ])
        #expect(server.title == "group web/tcp")
        #expect(server.transport == .tcp)
    }

    @Test func `a group of marks has no protocol`() throws {
        let server = try Self.web([.mark(try #require(FirewallMark(3)), nil)], [], transport: nil)
        #expect(server.title == "group web")
        #expect(server.transport == nil)
        #expect(server.identities.map(\.description) == ["fwmark:3"])
    }

    @Test func `a service without a group is its only member`() throws {
        let plain = VirtualServer(identity: service(), forwarding: .masquerade, realServers: [])
        #expect(plain.identities == [service()])
        #expect(plain.title == "192.0.2.100:80/tcp")
        #expect(plain.transport == .tcp)
        let byMark = VirtualServer(identity: try marked(3), forwarding: .masquerade, realServers: [])
        #expect(byMark.transport == nil)
    }

    @Test func `every member is a service with all servers, on its own port`() throws {
        let server = try Self.web(
            [try Self.range("192.0.2.100", 80), try Self.range("192.0.2.100", 443)],
            [RealServer(endpoint: endpoint(21, 0), weight: 2, checks: [check(21)])])
        let plan = ServicePlan.desired([server], verdicts: [:])
        #expect(
            plan == [
                service(): kernelService([destination(21, 80, weight: 2)]),
                service(443): kernelService(service(443), [destination(21, 443, weight: 2)]),
            ])
        let down = ServicePlan.desired([server], verdicts: [check(21): .down])
        #expect(down == [service(): kernelService(), service(443): kernelService(service(443))])
    }

    @Test func `NAT keeps a port that is written, and takes the member's otherwise`() throws {
        let lines = [try Self.range("192.0.2.100", 80), try Self.range("192.0.2.100", 443)]
        let server = try Self.web(
            lines, [RealServer(endpoint: endpoint(21, 8080)), RealServer(endpoint: endpoint(22, 0))],
            .masquerade)
        let plan = ServicePlan.desired([server], verdicts: [:])
        #expect(
            plan[service(443)]?.destinations.keys.sorted() == [endpoint(21, 8080), endpoint(22, 443)])
        #expect(plan[service()]?.destinations.keys.sorted() == [endpoint(21, 8080), endpoint(22, 80)])
    }

    @Test func `checks rest while no address of the service is here, if that is wanted`() throws {
        var server = try Self.web([try Self.range("192.0.2.100-101", 80)], [])
        let here = Set([endpoint(101).address])
        #expect(!server.isSuspended(having: []))
        server.suspendsChecks = true
        #expect(server.isSuspended(having: []))
        #expect(server.isSuspended(having: [endpoint(102).address]))
        #expect(!server.isSuspended(having: here))
        #expect(server.addresses.count == 2)
        #expect(
            VirtualServer(identity: try marked(3), forwarding: .masquerade, realServers: []).addresses.isEmpty
        )
    }

    @Test func `a guarded group is one service by mark`() throws {
        var server = try Self.web(
            [try Self.range("192.0.2.100-109", 80)], [RealServer(endpoint: endpoint(21))])
        server.guardMark = FirewallMark(7)
        let plan = ServicePlan.desired([server], verdicts: [:])
        #expect(plan == [try marked(7): kernelService(try marked(7), [destination(21, 0)])])
    }

    @Test func `the quorum is the group's, and one sorry server stands in everywhere`() throws {
        var server = try Self.web(
            [try Self.range("192.0.2.100", 80), .mark(try #require(FirewallMark(3)), nil)],
            [
                RealServer(endpoint: endpoint(21), checks: [check(21)]),
                RealServer(endpoint: endpoint(22), checks: [check(22)]),
            ])
        server.quorum = 2
        server.sorryServer = RealServer(endpoint: endpoint(90))
        let plan = ServicePlan.desired([server], verdicts: [check(21): .down])
        #expect(plan[service()] == kernelService([destination(90)]))
        #expect(plan[try marked(3)] == kernelService(try marked(3), [destination(90, 0)]))
    }
}
