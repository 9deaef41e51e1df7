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
}
