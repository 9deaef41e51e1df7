import ConfigModel
import NetTypes
import Testing
import VRRP

@Suite struct TransportDraftTests {
    private func transport(_ lines: String, global: String = "") -> Transport? {
        Sample.router(lines, global: global)?.transport
    }

    private func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }

    @Test func `adverts are multicast to the family's group unless another is named`() throws {
        #expect(transport("") == .multicast(group: VRRPNumbers.group))
        let group = try address("224.0.0.19")
        #expect(transport("", global: "vrrp_mcast_group4 224.0.0.19") == .multicast(group: group))
        #expect(
            transport("mcast_dst_ip 224.0.0.19", global: "vrrp_mcast_group4 224.0.0.20")
                == .multicast(group: group))
        #expect(transport("", global: "vrrp_mcast_group6 ff02::13") == .multicast(group: VRRPNumbers.group))
    }

    @Test func `an IPv6 instance has the groups of IPv6 and version 3`() throws {
        func router(_ global: String) -> RouterConfiguration? {
            let text = Sample.instance().replacing("192.0.2.100/24", with: "fe80::64/64")
            return Sample.load("global_defs {\n\(global)\n}\n" + text).configuration?.instances.first
        }
        #expect(router("")?.transport == .multicast(group: VRRPNumbers.group6))
        #expect(router("vrrp_version 2")?.version == .v3)
        #expect(
            router("vrrp_mcast_group6 ff02::13\nvrrp_mcast_group4 224.0.0.20")?.transport
                == .multicast(group: try address("ff02::13")))
    }

    @Test func `peers make it unicast`() throws {
        let peers = [UnicastPeer(try address("192.0.2.3")), UnicastPeer(try address("192.0.2.4"))]
        #expect(
            transport("unicast_peer {\n192.0.2.3\n192.0.2.4\n}")
                == .unicast(UnicastTransport(peers: peers, timeToLive: 255, checksSource: false)))
        #expect(
            transport("unicast_peer {\n192.0.2.3\n}\nunicast_peer {\n192.0.2.4\n}\nunicast_ttl 64")
                == .unicast(UnicastTransport(peers: peers, timeToLive: 64)))
    }

    @Test func `a range of TTL turns the check of the source on`() throws {
        let peer = UnicastPeer(try address("192.0.2.3"), timeToLive: 254...255)
        #expect(
            transport("unicast_peer {\n192.0.2.3 min_ttl 254\n}")
                == .unicast(UnicastTransport(peers: [peer], checksSource: true)))
    }

    @Test(arguments: [("check_unicast_src", ""), ("", "vrrp_check_unicast_src")])
    func `and so does its keyword, here or for all`(own: String, global: String) throws {
        let peers = [UnicastPeer(try address("192.0.2.3"))]
        #expect(
            transport("unicast_peer {\n192.0.2.3\n}\n\(own)", global: global)
                == .unicast(UnicastTransport(peers: peers, checksSource: true)))
    }

    @Test func `without peers it is a group, or a fault`() {
        #expect(transport("unicast_src_ip 192.0.2.2") == .multicast(group: VRRPNumbers.group))
        #expect(transport("unicast_fault_no_peer") == .unicast(UnicastTransport(peers: [])))
    }

    @Test func `either keyword names the source`() throws {
        let source = try address("192.0.2.2")
        #expect(Sample.router("")?.sourceAddress == nil)
        #expect(Sample.router("mcast_src_ip 192.0.2.2")?.sourceAddress == source)
        #expect(Sample.router("mcast_src_ip 192.0.2.9\nunicast_src_ip 192.0.2.2")?.sourceAddress == source)
    }
}
