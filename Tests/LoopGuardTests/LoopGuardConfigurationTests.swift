import LoopGuard
import NetTypes
import Testing

@Suite struct LoopGuardConfigurationTests {
    @Test func `a peer on another interface is another peer`() {
        let address = IPAddress.v4(IPv4Address(192, 0, 2, 3))
        let peers: Set<Peer> = [
            .address(address, interface: nil), .address(address, interface: "eth0"),
            .address(address, interface: "eth1"), .mac(MACAddress(rawValue: 1)),
            .mac(MACAddress(rawValue: 1)),
        ]
        #expect(peers.count == 4)
        let configuration = LoopGuardConfiguration(peers: [.mac(MACAddress(rawValue: 1))])
        #expect(configuration != LoopGuardConfiguration(peers: []))
    }

    @Test func `each backend has its program`() {
        #expect(LoopGuardBackend.iptables.program(for: .inet) == "iptables-restore")
        #expect(LoopGuardBackend.iptables.program(for: .inet6) == "ip6tables-restore")
        #expect(AddressFamily.allCases.allSatisfy { LoopGuardBackend.nftables.program(for: $0) == "nft" })
        #expect(LoopGuardBackend(rawValue: "nftables") == .nftables)
    }
}
