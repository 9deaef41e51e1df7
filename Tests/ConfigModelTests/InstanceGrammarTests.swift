import ConfigModel
import ConfigSyntax
import Testing

@Suite struct InstanceGrammarTests {
    private func codes(_ line: String) -> [DiagnosticCode] { Sample.codes(Sample.instance(lines: line)) }

    @Test(arguments: [
        "state BACKUP", "state backup", "priority 1", "priority 254", "advert_int 1", "advert_int 255",
        "version 2", "nopreempt", "preempt_delay 0", "preempt_delay 1000", "v3_checksum_as_v2",
        "v3_checksum_as_v2 off", "garp_master_delay 0", "garp_master_repeat 5", "garp_master_refresh 1.5",
        "garp_master_refresh_repeat 1", "version 3\nadvert_int 0.01", "version 3\nadvert_int 40.95",
        "authentication {\nauth_type PASS\nauth_pass 12345678\n}",
        "authentication {\nauth_type AH\nauth_pass 12345678\n}",
        "virtual_ipaddress {\n192.0.2.5/32 label eth0:x dev eth1\n}", "virtual_ipaddress {\n}",
        "mcast_src_ip 192.0.2.7", "mcast_dst_ip 224.0.0.19",
        "unicast_src_ip 192.0.2.2\nunicast_peer {\n192.0.2.3 min_ttl 1 max_ttl 255\n192.0.2.4\n}",
        "unicast_peer {\n192.0.2.3\n}\nunicast_ttl 1\ncheck_unicast_src\nunicast_fault_no_peer",
    ])
    func `a good line is taken`(line: String) {
        #expect(codes(line) == [])
    }

    @Test(arguments: [
        ("state MASTERS", DiagnosticCode.unknownChoice), ("priority 0", .outOfRange),
        ("priority 256", .outOfRange),
        ("priority", .missingValue), ("priority 5 6", .unexpectedWord), ("advert_int 0", .outOfRange),
        ("advert_int 256", .outOfRange), ("version 1", .unknownChoice), ("nopreempt on", .unexpectedWord),
        ("preempt_delay 1001", .outOfRange), ("v3_checksum_as_v2 x", .unknownChoice),
        ("garp_master_repeat 0", .outOfRange), ("use_ipvlan", .unsupportedKeyword),
        ("authentication {\nauth_type MD5\nauth_pass x\n}", .unknownChoice),
        ("authentication {\nauth_type PASS\nauth_pass \"\"\n}", .invalidName),
        ("authentication x {\nauth_type PASS\nauth_pass x\n}", .unexpectedWord),
        ("virtual_ipaddress x {\n}", .unexpectedWord), ("virtual_ipaddress {\n192.0.2.5/33\n}", .outOfRange),
        ("virtual_ipaddress {\n192.0.2.5/\n}", .outOfRange),
        ("virtual_ipaddress {\n192.0.2.5/+4\n}", .outOfRange),
        ("virtual_ipaddress {\n192.0.2.5/24/8\n}", .outOfRange),
        ("virtual_ipaddress {\nweb/24\n}", .invalidAddress),
        ("virtual_ipaddress {\n224.0.0.1/4\n}", .invalidAddress),
        ("virtual_ipaddress {\n192.0.2.5\n}", .implicitHostPrefix),
        ("virtual_ipaddress {\n192.0.2.5/24 dev\n}", .missingValue),
        ("virtual_ipaddress {\n192.0.2.5/24 dev a/b\n}", .invalidName),
        ("virtual_ipaddress {\n192.0.2.5/24 192.0.2.6/24\n}", .unexpectedWord),
        ("virtual_ipaddress {\n192.0.2.5/24 {\n}\n}", .unexpectedBlock),
        ("unicast_peer {\n224.0.0.18\n}", .invalidAddress), ("unicast_peer {\npeer\n}", .invalidAddress),
        ("unicast_peer {\n192.0.2.3 min_ttl\n}", .missingValue),
        ("unicast_peer {\n192.0.2.3 min_ttl 256\n}", .outOfRange),
        ("unicast_peer {\n192.0.2.3 min_ttl 9 max_ttl 8\n}", .outOfRange),
        ("unicast_peer {\n192.0.2.3 ttl 9\n}", .unexpectedWord),
        ("unicast_peer {\n192.0.2.3 {\n}\n}", .unexpectedBlock),
        ("unicast_peer x {\n192.0.2.3\n}", .unexpectedWord), ("unicast_peer", .missingBlock),
        ("unicast_ttl 0", .outOfRange), ("mcast_src_ip 224.0.0.1", .invalidAddress),
        ("mcast_dst_ip 192.0.2.1", .invalidAddress),
    ])
    func `a bad line is refused for one reason`(line: String, code: DiagnosticCode) {
        #expect(codes(line) == [code])
    }

    @Test func `an unknown word after an address suggests the nearest`() {
        let line = "virtual_ipaddress {\n192.0.2.5/24 lable x\n}"
        #expect(Sample.load(Sample.instance(lines: line)).diagnostics.first?.suggestion == "label")
    }
}
