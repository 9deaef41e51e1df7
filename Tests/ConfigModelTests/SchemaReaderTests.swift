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
}
