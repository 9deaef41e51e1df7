import LoadBalancing
import NetTypes
import Testing

@Suite struct RealServerFactsTests {
    private func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }

    @Test func `direct routing has its addresses on lo, whatever the family`() throws {
        for text in ["192.0.2.100", "2001:db8::100"] {
            #expect(RealServerAddress(direct: try address(text)).device == .loopback)
        }
        #expect("\(RealServerAddress(direct: try address("192.0.2.100")))" == "192.0.2.100/32 on lo")
    }

    @Test func `a tunnel has those of its own family, and by the outer one which device it is`() throws {
        let four = RealServerAddress(tunnelled: try address("192.0.2.100"), over: .inet)
        let six = RealServerAddress(tunnelled: try address("2001:db8::100"), over: .inet6)
        #expect(four.device == .ipv4Tunnel && six.device == .ipv6Tunnel)
        #expect("\(four)" == "192.0.2.100/32 on tunl0")
        #expect("\(six)" == "2001:db8::100/128 on ip6tnl0")
        #expect(four < six)
        #expect(RealServerAddress(tunnelled: four.address, over: .inet6).device == .ipv6Tunnel)
        #expect(RealServerAddress(tunnelled: six.address, over: .inet).device == .mixedTunnel)
        #expect(RealServerDevice.allCases.filter { $0.outerFamily == .inet6 } == [.ipv6Tunnel])
        #expect(RealServerDevice.allCases.filter { $0.outerFamily == nil } == [.loopback])
    }

    @Test func `what must be made has a kind`() {
        #expect(RealServerDevice.loopback.kind == nil)
        #expect(RealServerDevice.ipv4Tunnel.kind == "ipip" && RealServerDevice.ipv6Tunnel.kind == "ip6tnl")
        #expect(RealServerDevice.allCases.sorted().map(\.name) == ["gre0", "ip6tnl0", "lo", "sit0", "tunl0"])
        #expect(RealServerDevice.greTunnel.kind == "gre" && RealServerDevice.mixedTunnel.kind == "sit")
    }

    @Test func `nothing is known at first`() throws {
        let facts = RealServerFacts()
        #expect(facts.devices.isEmpty && facts.addresses.isEmpty && facts.settings.isEmpty)
        let prefix = try #require(Prefix("192.0.2.100/24"))
        #expect(
            RealServerFacts.Held(prefix, on: "eth0") != RealServerFacts.Held(prefix, on: "lo"),
            "the interface tells them apart")
    }
}
