import ConfigModel
import ConfigSyntax
import Testing

@Suite struct TransportChecksTests {
    private func codes(_ lines: String) -> [DiagnosticCode] { Sample.codes(Sample.instance(lines: lines)) }

    /// An instance with these virtual addresses alone.
    private func codes(of addresses: String, _ lines: String = "") -> [DiagnosticCode] {
        Sample.codes(
            """
            vrrp_instance VI_1 {
                interface eth0
                virtual_router_id 51
                virtual_ipaddress {
                    \(addresses)
                }
                \(lines)
            }
            """)
    }

    @Test(arguments: [
        "", "mcast_dst_ip 224.0.0.19", "unicast_src_ip 192.0.2.2\nunicast_peer {\n192.0.2.3\n192.0.2.4\n}",
        "virtual_ipaddress_excluded {\n2001:db8::1/64\n}",
    ])
    func `a transport that fits has nothing to say`(lines: String) {
        #expect(codes(lines) == [])
    }

    @Test(arguments: [
        "virtual_ipaddress {\n2001:db8::1/64\n}", "mcast_src_ip 2001:db8::1",
        "mcast_dst_ip ff02::12", "unicast_peer {\n2001:db8::1\n}",
    ])
    func `what carries adverts is of one family`(lines: String) {
        #expect(codes(lines) == [.mixedAddressFamilies])
    }

    @Test(arguments: [
        "unicast_src_ip 192.0.2.2\nunicast_peer {\n192.0.2.2\n}", "unicast_peer {\n192.0.2.100\n}",
        "mcast_src_ip 192.0.2.2\nunicast_peer {\n192.0.2.2\n}",
    ])
    func `a director is no peer of itself`(lines: String) {
        #expect(codes(lines) == [.peerIsOneself])
    }

    @Test func `a peer is named once`() {
        #expect(codes("unicast_peer {\n192.0.2.3\n192.0.2.3\n}") == [.duplicatePeer])
    }

    @Test(arguments: [
        ("unicast_peer {\n192.0.2.3\n}\nmcast_dst_ip 224.0.0.19", DiagnosticCode.transportIgnored),
        ("unicast_src_ip 192.0.2.2", .noPeer), ("unicast_ttl 64", .noPeer),
        ("check_unicast_src", .noPeer), ("unicast_fault_no_peer", .noPeer),
        ("unicast_src_ip 192.0.2.2\nunicast_fault_no_peer", .noPeer),
    ])
    func `a keyword of the transport that is not used is warned about`(lines: String, code: DiagnosticCode) {
        #expect(codes(lines) == [code])
        #expect(code.severity == .warning)
    }

    @Test func `a peer list that cannot be read is not missing`() {
        #expect(codes("unicast_src_ip 192.0.2.2\nunicast_peer {\nfriend\n}") == [.invalidAddress])
    }

    @Test func `an IPv6 list begins with a link-local address and is of version 3`() {
        #expect(codes(of: "fe80::64/64\n2001:db8::64/64") == [])
        #expect(codes(of: "2001:db8::64/64\nfe80::64/64") == [.firstAddressNotLinkLocal])
        #expect(codes(of: "fe80::64/64", "version 2") == [.versionOfFamily])
        #expect(codes(of: "fe80::64/64", "advert_int 0.1") == [])
        #expect(codes(of: "fe80::64/64", "mcast_dst_ip ff05::12") == [.invalidAddress])
        #expect(codes(of: "fe80::64/64", "mcast_dst_ip ff02::13") == [])
    }
}
