import LoadBalancing
import NetTypes
import Testing

@testable import Lab

@Suite struct LabScriptTests {
    private func script(_ plan: LabPlan) -> LabScript { LabScript(plan, prefix: "hf7") }

    @Test func `namespaces are named after the run, the switch comes first`() throws {
        let script = script(try LabPlan(Sample.configuration()))
        #expect(script.namespaces.prefix(2) == ["hf7-switch", "hf7-client"])
        #expect(script.creation.hasPrefix("netns add hf7-switch\nnetns add hf7-client\n"))
        #expect(script.creation.split(separator: "\n").count == script.namespaces.count)
    }

    @Test func `every link is plugged into its network's bridge`() throws {
        let plan = try LabPlan(Sample.configuration())
        let wiring = script(plan).wiring
        #expect(wiring.contains("link add br0 type bridge"))
        #expect(!wiring.contains("br1"))
        #expect(
            wiring.contains(
                "link add director-a type veth peer name eth0 address 02:00:00:00:00:0a"
                    + " netns hf7-director-a\n"
            ))
        #expect(wiring.contains("link set rs2 master br0 up\n"))
    }

    @Test func `NAT has a second bridge`() throws {
        let server = Sample.realServer(21, network: IPv4Address(198, 51, 100, 0))
        let wiring = script(try LabPlan(Sample.configuration(forwarding: .masquerade, servers: [server])))
            .wiring
        #expect(wiring.contains("link set rs1-back master br1 up\n"))
        #expect(wiring.contains("peer name eth1 address 02:00:00:01:00:0b netns hf7-director-b\n"))
    }

    @Test func `a server's addresses are set as the examples tell`() throws {
        let plan = try LabPlan(Sample.configuration())
        let server = try #require(plan.node("rs1"))
        #expect(
            script(plan).addressing(server) == """
                link set lo up
                address add 192.0.2.21/24 dev eth0
                link set eth0 up
                address add 192.0.2.100/32 dev lo

                """)
        let settings = script(plan).settings(server).map { "\($0.path)=\($0.value)" }
        #expect(settings.contains("net/ipv4/conf/all/arp_ignore=1"))
        #expect(settings.contains("net/ipv4/conf/all/arp_announce=2"))
    }

    @Test func `directors forward and send no redirects`() throws {
        let plan = try LabPlan(Sample.configuration())
        let settings = script(plan).settings(try #require(plan.node("director-b"))).map {
            "\($0.path)=\($0.value)"
        }
        #expect(settings.contains("net/ipv4/ip_forward=1"))
        #expect(settings.contains("net/ipv4/conf/eth0/send_redirects=0"))
        #expect(!settings.contains("net/ipv4/conf/all/arp_ignore=1"))
    }

    @Test func `tunnels are brought up and NAT's servers get their gateway`() throws {
        let tunnel = try LabPlan(Sample.configuration(forwarding: .tunnel))
        #expect(script(tunnel).addressing(try #require(tunnel.node("rs1"))).contains("link set tunl0 up\n"))
        let server = Sample.realServer(21, network: IPv4Address(198, 51, 100, 0))
        let nat = try LabPlan(Sample.configuration(forwarding: .masquerade, servers: [server]))
        #expect(
            script(nat).addressing(try #require(nat.node("rs1"))).hasSuffix(
                "route add default via 198.51.100.1\n"))
    }
}
