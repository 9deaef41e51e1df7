import ConfigSyntax
import Testing

@testable import ConfigModel

@Suite struct SchemaReaderTests {
    private func messages(_ text: String) -> [String] { Sample.load(text).diagnostics.map(\.message) }

    @Test(
        arguments: [
            ("virtual_routerid 51", "unknown keyword \"virtual_routerid\"", "virtual_router_id"),
            ("nopremept", "unknown keyword \"nopremept\"", "nopreempt"),
            ("unicast_pear", "unknown keyword \"unicast_pear\"", "unicast_peer"),
            ("State BACKUP", "unknown keyword \"State\"", "state"),
            ("frobnicate", "unknown keyword \"frobnicate\"", nil),
            ("use_ipvlan", "use_ipvlan is known to keepalived, but not supported yet", nil),
            ("track_bfd {\nx\n}", "track_bfd is known to keepalived, but not supported yet", nil),
            (
                "neighbor_ip x", "neighbor_ip is known to keepalived in another block, but not supported yet",
                nil
            ),
            (
                "quorum 1",
                "quorum does not belong in vrrp_instance, but in virtual_server or in vrrp_track_process", nil
            ),
            (
                "lb_kind DR",
                "lb_kind does not belong in vrrp_instance, but in virtual_server or in real_server", nil
            ),
        ] as [(String, String, String?)])
    func `a keyword that cannot stand here says why`(line: String, message: String, suggestion: String?) {
        let found = Sample.load(Sample.instance(lines: line)).diagnostics
        #expect(found.map(\.message) == [message])
        #expect(found.map(\.suggestion) == [suggestion])
        #expect(found.first?.related.map(\.text) == ["in this block"])
        #expect(found.first?.severity == .error)
    }

    @Test func `a top-level keyword inside a block hints at a missing brace`() {
        let found = Sample.load(Sample.service(servers: Sample.server() + "  global_defs {\n  }\n"))
            .diagnostics
        #expect(found.map(\.code) == [.misplacedKeyword])
        #expect(found.first?.help == ["perhaps a \"}\" is missing before this line"])
    }

    @Test func `a misspelt keyword is not missing as well`() {
        let text = Sample.instance().replacing("virtual_router_id", with: "virtual_router_idd")
        #expect(messages(text) == ["unknown keyword \"virtual_router_idd\""])
        let value = Sample.instance().replacing("interface eth0", with: "interface a/b")
        #expect(messages(value) == ["\"a/b\" cannot be an interface name"])
    }

    @Test func `an unknown block is skipped with all that is in it`() {
        let block = "frobnicator {\nreal_server {\n{\n}\nweight x\n}\n}\n"
        #expect(
            messages(Sample.instance(lines: block)).filter { !$0.contains("without a keyword") }
                == ["unknown keyword \"frobnicator\""])
    }

    @Test func `a block where none belongs and none where one belongs are errors`() {
        #expect(Sample.codes(Sample.instance(lines: "priority 5 {\n}")) == [.unexpectedBlock])
        #expect(Sample.codes(Sample.instance(lines: "authentication")) == [.missingBlock])
    }

    @Test func `a second value names the place of the first`() {
        let found = Sample.load(Sample.instance(lines: "priority 5\npriority 6")).diagnostics
        #expect(found.map(\.code) == [.givenTwice])
        #expect(found.first?.related.map(\.text) == ["first here"])
    }

    private static let whole = Sample.instance() + Sample.service()

    @Test(arguments: [
        // What else is in a file that cannot be read is not known.
        "include none\nvrrp_sync_group G {\ngroup {\nVI_1\nVI_2\n}\n}",
        "include none\ntrack_group G {\ngroup {\nVI_2\n}\n}",
        "include none\nstatic_ipaddress {\n198.51.100.1/24 dev eth0 track_group G\n}",
        "include none\nvrrp_script s {\nscript /bin/true\n}",
        "include none\nglobal_defs {\nlvs_sync_daemon eth0 VI_2\nnotification_email {\na@b.c\n}\n}",
        "include none\nloop_guard {\npeer 192.0.2.3\n}",
        "include none\nvirtual_server_group g {\n192.0.2.100 81\n}",
        "include none\n" + Sample.service("192.0.2.101 80"),
        "include none\n" + Sample.service("group web"),
        "include none\n"
            + Sample.service(servers: Sample.server("198.51.100.1 80")).replacing("80", with: "82"),
        // Nor is what was to be in a block.
        Sample.service("192.0.2.100 81", servers: "include none\n"),
        Sample.service("192.0.2.100 81", servers: Sample.server("192.0.2.21 81", "include none")),
        Sample.service("192.0.2.100 81", lines: "include none", servers: Sample.server("192.0.2.21 81")),
        "vrrp_instance B {\ninclude none\n}",
        "vrrp_instance B {\nvirtual_ipaddress {\ninclude none\n}\n"
            + "interface eth0\nvirtual_router_id 9\n}",
        "vrrp_sync_group G {\ninclude none\n}", "vrrp_sync_group G {\ngroup {\nVI_1\ninclude none\n}\n}",
        "virtual_server_group g {\ninclude none\n}\n" + Sample.service("group g", servers: ""),
    ])
    func `a file that cannot be read is one mistake`(text: String) {
        #expect(Sample.codes(text + "\n" + Self.whole) == [.unreadableFile])
    }

    @Test(arguments: [
        (
            "$A=$B\n$B=$A\n" + Sample.instance("B", id: 9, address: 9, lines: "priority $A"),
            DiagnosticCode.definitionLoop
        ),
        ("$A =5\n" + Sample.instance("B", id: 9, address: 9, lines: "priority $A"), .badDefinition),
        (Sample.instance("B", id: 9, address: 9, lines: "priority {{ x }}"), .unfilledTemplate),
        (Sample.instance("{{ name }}", id: 9, address: 9), .unfilledTemplate),
        ("vrrp_instance B {\ninterface eth0\n{{ rest }}\n}", .unfilledTemplate),
        (
            "vrrp_instance B {\ninterface eth0\nvirtual_router_id 9\nvirtual_ipaddress {\n"
                + "~SEQ(i,1,0,4) 192.0.2.${i}/24\n}\n}",
            .badRepetition
        ),
        ("~SEQ(i,1,0,4) " + Sample.instance("V${i}", id: 9, address: 9), .badRepetition),
        (Sample.instance("B", id: 9, address: 9, lines: "priority \\\n 100"), .badCharacter),
    ])
    func `what could not be expanded is one mistake`(text: String, code: DiagnosticCode) {
        #expect(Sample.codes(text + Self.whole) == [code])
    }

    @Test func `global_defs may be added to, and keeps what could not be read`() {
        let text =
            "global_defs {\nsmtp_servr 192.0.2.9\n}\nglobal_defs {\nnotification_email {\na@b.c\n}\n}\n"
        #expect(Sample.codes(text + Self.whole) == [.unknownKeyword])
    }
}
