import ConfigModel
import LoadBalancing
import NetTypes
import Testing

@testable import Lab

@Suite struct LabPlanTests {
    @Test func `direct routing gives servers the hidden address and fixed hardware addresses`() throws {
        let plan = try LabPlan(Sample.configuration())
        #expect(plan.nodes.map(\.name) == ["client", "observer", "director-a", "director-b", "rs1", "rs2"])
        let server = try #require(plan.node("rs1"))
        #expect(server.hiddenAddresses == [IPv4Address(192, 0, 2, 100)])
        #expect(server.ports == [80])
        #expect(server.gateway == nil)
        #expect(
            plan.nodes.map { $0.links[0].mac.description.suffix(2) } == ["10", "fe", "0a", "0b", "15", "16"])
        #expect(plan.service == Sample.service)
        #expect(plan.serverNames[IPv4Address(192, 0, 2, 22)] == "rs2")
    }

    @Test func `NAT puts servers behind the directors with the floating gateway`() throws {
        let network = IPv4Address(198, 51, 100, 0)
        let plan = try LabPlan(
            Sample.configuration(
                forwarding: .masquerade,
                servers: [
                    Sample.realServer(21, port: 8080, network: network),
                    Sample.realServer(22, port: 8081, network: network),
                ]))
        let server = try #require(plan.node("rs2"))
        #expect(server.links.map(\.network) == [.back])
        #expect(server.gateway == IPv4Address(198, 51, 100, 1))
        #expect(server.hiddenAddresses.isEmpty)
        #expect(server.ports == [8081])
        let director = try #require(plan.node("director-b"))
        #expect(director.links.map(\.address) == [IPv4Address(192, 0, 2, 3), IPv4Address(198, 51, 100, 3)])
    }

    @Test func `tunnels end at the servers`() throws {
        let plan = try LabPlan(Sample.configuration(forwarding: .tunnel))
        #expect(plan.node("rs1")?.endsTunnels == true)
        #expect(plan.node("client")?.endsTunnels == false)
    }

    @Test func `directors that are real servers get no machine of their own`() throws {
        let plan = try LabPlan(Sample.configuration(servers: [Sample.realServer(2), Sample.realServer(3)]))
        #expect(plan.nodes.map(\.name) == ["client", "observer", "director-a", "director-b"])
        #expect(plan.servingDirectors == ["director-a", "director-b"])
        #expect(plan.node("director-a")?.hiddenAddresses == [IPv4Address(192, 0, 2, 100)])
    }

    @Test func `a fwmark service is reached at the instance's address and the servers' port`() throws {
        let plan = try LabPlan(Sample.configuration(mark: FirewallMark(3)))
        #expect(plan.service == Sample.service)
    }

    @Test func `what the lab cannot build is refused with its reason`() {
        #expect(throws: LabError.self) { try LabPlan(Configuration()) }
        let elsewhere = Sample.realServer(9, network: IPv4Address(10, 0, 0, 0))
        #expect(throws: LabError("the lab has no network for real server 10.0.0.9:80")) {
            try LabPlan(Sample.configuration(servers: [elsewhere]))
        }
    }

    @Test(arguments: [
        (IPv4Address(192, 0, 2, 7), LabLink.Network?.some(.front)), (IPv4Address(198, 51, 100, 200), .back),
        (IPv4Address(192, 0, 3, 1), nil),
    ])
    func `an address belongs to one of two networks`(address: IPv4Address, network: LabLink.Network?) {
        #expect(LabLink.Network.holding(address) == network)
    }

    @Test func `a server's own method counts, not its service's`() throws {
        var tunnelled = Sample.realServer(22)
        tunnelled.forwarding = .tunnel
        var routed = Sample.realServer(23, network: IPv4Address(198, 51, 100, 0))
        routed.forwarding = .masquerade
        let plan = try LabPlan(
            Sample.configuration(servers: [Sample.realServer(21), tunnelled, routed]))
        let servers = plan.nodes.filter { $0.name.hasPrefix("rs") }
        #expect(servers.map(\.endsTunnels) == [false, true, false])
        #expect(servers.map(\.gateway) == [nil, nil, IPv4Address(198, 51, 100, 1)])
        #expect(servers.map(\.hiddenAddresses.count) == [1, 1, 0])
        #expect(plan.node("director-a")?.links.count == 2)
    }

    @Test func `a server hides the addresses of all its services, a sorry server too`() throws {
        var configuration = Sample.configuration(servers: [Sample.realServer(21)])
        let second = IPv4Address(192, 0, 2, 101)
        configuration.virtualServers.append(
            VirtualServer(
                identity: .address(.tcp, Endpoint(.v4(second), port: 443)), forwarding: .directRouting,
                realServers: [Sample.realServer(21, port: 443)], sorryServer: Sample.realServer(30)))
        let plan = try LabPlan(configuration)
        #expect(plan.node("rs1")?.hiddenAddresses == [IPv4Address(192, 0, 2, 100), second])
        #expect(plan.node("rs1")?.ports == [80, 443])
        #expect(plan.node("rs2")?.hiddenAddresses == [second])
        #expect(plan.serverNames[IPv4Address(192, 0, 2, 30)] == "rs2")
    }

    @Test func `no two cards have the same hardware address`() throws {
        // 16 is 10 in hexadecimal, the client's number; 11 is 0b, the second director's.
        let plan = try LabPlan(
            Sample.configuration(servers: [11, 16, 2, 21].map { Sample.realServer($0) }))
        let cards = plan.nodes.flatMap(\.links).map(\.mac)
        #expect(Set(cards).count == 7)
        #expect(plan.node("director-b")?.links[0].mac == LabPlan.mac(ofDirector: LabPlan.directorB))
    }

    @Test func `the client speaks TCP, whatever comes first`() throws {
        var configuration = Sample.configuration()
        var names = configuration.virtualServers[0]
        names.identity = .address(.udp, Endpoint(Sample.virtualAddress, port: 53))
        configuration.virtualServers.insert(names, at: 0)
        #expect(try LabPlan(configuration).service == Sample.service)
        configuration.virtualServers.removeLast()
        #expect(throws: LabError.self) { try LabPlan(configuration) }
    }

    @Test func `NAT on the clients' network and servers on the lab's own machines are refused`() {
        #expect(throws: LabError("real server 192.0.2.21:80 with NAT must be in 198.51.100.0/24")) {
            try LabPlan(Sample.configuration(forwarding: .masquerade))
        }
        #expect(throws: LabError("real server 192.0.2.10:80 has the address of the lab's client")) {
            try LabPlan(Sample.configuration(servers: [Sample.realServer(10)]))
        }
    }
}
