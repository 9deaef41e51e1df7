import ConfigSyntax
import Testing
import VRRP

@testable import ConfigModel

@Suite struct LineGrammarTests {
    private static let blocks = [
        ("virtual_ipaddress_excluded", "192.0.2.9/24"), ("virtual_routes", "198.51.100.0/24 dev eth0"),
        ("virtual_rules", "from 192.0.2.9 table 5 preference 5"),
    ]

    private func codes(_ keyword: String, _ line: String) -> [DiagnosticCode] {
        Sample.codes(Sample.instance(lines: "\(keyword) {\n\(line)\n}"))
    }

    @Test(arguments: blocks) func `what moves belongs to no group`(keyword: String, line: String) {
        #expect(codes(keyword, line) == [])
        #expect(codes(keyword, "\(line) track_group G") == [.unexpectedWord])
        #expect(codes(keyword, "\(line) track_group") == [.missingValue])
    }

    @Test func `a block in a line, or a word before it, is refused`() {
        #expect(codes("virtual_routes", "198.51.100.0/24 dev eth0 {\n}") == [.unexpectedBlock])
        #expect(codes("virtual_routes x", "198.51.100.0/24 dev eth0") == [.unexpectedWord])
    }

    @Test(arguments: ["virtual_routes", "virtual_rules"])
    func `a protocol number of one's own is not taken`(keyword: String) {
        let line = Self.blocks.first { $0.0 == keyword }?.1 ?? ""
        #expect(codes(keyword, "\(line) protocol static") == [.keywordWithoutEffect])
        #expect(codes(keyword, "\(line) protocol") == [.missingValue])
    }
}
