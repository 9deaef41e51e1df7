import ConfigSyntax
import NetTypes
import Testing
import VRRP

@testable import ConfigModel

@Suite struct RuleGrammarTests {
    private func load(_ line: String) -> LoadResult {
        Sample.load(Sample.instance(lines: "virtual_rules {\n\(line)\n}"))
    }

    private func rule(_ line: String) -> VirtualRule? { load(line).configuration?.instances[0].rules.first }

    private func codes(_ line: String) -> [DiagnosticCode] { load(line).diagnostics.map(\.code) }

    @Test(arguments: [
        ("from 192.0.2.100 table 100 preference 5", "from 192.0.2.100/32 table 100 preference 5"),
        ("to 198.51.100.0/24 lookup main order 5", "to 198.51.100.0/24 table 254 preference 5"),
        ("from all iif eth0 lookup 9 priority 5", "iif eth0 table 9 preference 5"),
        ("inet6 fwmark 0x3/0xff oif eth0 goto 20 pref 5", "inet6 fwmark 3/255 oif eth0 goto 20 preference 5"),
        ("from 192.0.2.100 type blackhole preference 5", "from 192.0.2.100/32 blackhole preference 5"),
        ("uidrange 5 ipproto tcp sport 1-2 dport 80 nop preference 5", nil),
        ("tos 0x10 table 9 suppress_prefixlength 0 preference 5 no_track", nil),
        ("from 2001:db8::/32 prohibit preference 5", "from 2001:db8::/32 prohibit preference 5"),
        ("unreachable from 192.0.2.100 preference 5", nil),
    ])
    func `a line is read, and its words read back as the same`(line: String, words: String?) throws {
        let rule = try #require(self.rule(line), "\(codes(line))")
        let text = rule.words.joined(separator: " ")
        if let words { #expect(text == words) }
        #expect(self.rule(text) == rule)
        #expect(codes(line) == [])
    }

    @Test func `each word has its meaning`() throws {
        let rule = try #require(
            self.rule("uidrange 5-6 ipproto udp sport 1-2 dport 80 fwmark 7 tos 16 table 9 preference 5"))
        #expect(rule.users == .init(5, 6))
        #expect((rule.transport, rule.mark, rule.markMask, rule.typeOfService) == (17, 7, .max, 16))
        #expect(rule.sourcePorts == .init(1, 2))
        #expect(rule.destinationPorts == .init(80, 80))
        #expect(rule.action == .table(9))
        #expect(rule.family == .inet)
    }

    @Test(arguments: [
        ("from 192.0.2.100 preference 5", DiagnosticCode.missingValue), ("from", .missingValue),
        ("table", .missingValue), ("from 192.0.2.1/24 table 9 preference 5", .invalidAddress),
        ("from 192.0.2.1 to 2001:db8::1 table 9 preference 5", .mixedAddressFamilies),
        ("inet6 from 192.0.2.1 table 9 preference 5", .mixedAddressFamilies),
        ("from 192.0.2.1 tabel 9 preference 5", .unexpectedWord), ("fwmark x table 9", .invalidNumber),
        ("fwmark 1/2/3 table 9", .invalidNumber), ("sport 2-1 table 9", .outOfRange),
        ("dport 70000 table 9", .outOfRange), ("ipproto 0 table 9", .outOfRange),
        ("table 9 preference 0", .outOfRange),
    ])
    func `what makes no sense is refused`(line: String, code: DiagnosticCode) {
        #expect(codes(line) == [code])
        #expect(load(line).configuration == nil)
    }

    @Test(arguments: RuleGrammar.unsupported) func `what is not carried out is refused by name`(word: String)
    {
        let result = load("from 192.0.2.1 table 9 preference 5 \(word) 5")
        #expect(result.diagnostics.map(\.code) == [.unsupportedValue])
        #expect(result.diagnostics.first?.message.hasPrefix(word) == true)
    }

    @Test func `rules without a preference are numbered downwards from 16384, each family by itself`() {
        let lines =
            "from 192.0.2.1 table 9\nfrom 192.0.2.2 table 9 preference 7\n"
            + "from 192.0.2.3 table 9\nfrom 2001:db8::1 table 9"
        #expect(
            load(lines).configuration?.instances[0].rules.map(\.preference) == [16384, 7, 16383, 16384])
        #expect(codes(lines) == [.ruleWithoutPreference, .ruleWithoutPreference, .ruleWithoutPreference])
    }

    @Test func `a protocol has no effect, which is said`() {
        #expect(codes("from 192.0.2.1 table 9 preference 5 protocol 18") == [.keywordWithoutEffect])
    }
}
