import ConfigSyntax
import Testing
import VRRP

@testable import ConfigModel

@Suite struct ExtrasGrammarTests {
    private func codes(_ lines: String, global: String = "") -> [DiagnosticCode] {
        let text = (global.isEmpty ? "" : "global_defs {\n\(global)\n}\n") + Sample.instance(lines: lines)
        return Sample.errors(text)
    }

    @Test(
        arguments: [
            ("strict_mode", []), ("strict_mode on", []), ("strict_mode off", []),
            ("strict_mode maybe", [.unknownChoice]),
        ] as [(String, [DiagnosticCode])])
    func `strict mode is on or off`(line: String, expected: [DiagnosticCode]) {
        #expect(codes(line) == expected)
        #expect(codes("", global: "vrrp_strict") == [])
        #expect(codes("", global: "vrrp_strict on") == [.unexpectedWord])
    }

    @Test(
        arguments: [
            ("state_dump_file /a/b", []), ("stats_dump_file /tmp/", []), ("json_dump_file /a", []),
            ("state_dump_file a", [.invalidName]), ("json_dump_file", [.missingValue]),
            ("stats_dump_file /a /b", [.unexpectedWord]),
        ] as [(String, [DiagnosticCode])])
    func `a dump file has an absolute path`(line: String, expected: [DiagnosticCode]) throws {
        #expect(codes("", global: line) == expected)
        guard expected.isEmpty else { return }
        let global = try #require(
            Sample.load("global_defs {\n\(line)\n}\n" + Sample.instance()).model?.global)
        let dump = ConfigurationDump.text(Configuration(global: global))
        #expect(dump.contains("    \(line)\n"))
    }

    @Test(arguments: [
        "vrrp_startup_delay 1", "vrrp_delay_after_boot 1", "vrrp_garp_interval 0.1", "vrrp_gna_interval 0.1",
    ])
    func `when elections start and how announcements are paced is carried out`(line: String) {
        #expect(codes("", global: line) == [])
    }

    @Test(arguments: [
        ("", false), ("no_accept", true), ("accept", false), ("strict_mode", true),
        ("strict_mode\nversion 3\naccept", false), ("strict_mode off", false),
        ("strict_mode\nno_accept", true), ("strict_mode\npriority 255", false),
    ])
    func `what is sent to the addresses is dropped where that is asked for`(lines: String, refuses: Bool) {
        #expect(Sample.router(lines)?.refusesTraffic == refuses)
        #expect(Sample.router("strict_mode off", global: "vrrp_strict")?.refusesTraffic == false)
        #expect(Sample.router("", global: "vrrp_strict")?.refusesTraffic == true)
    }

    @Test func `one of accept and no_accept counts`() {
        #expect(codes("no_accept 1") == [.unexpectedWord])
        #expect(codes("accept on") == [.unexpectedWord])
        #expect(Sample.codes(Sample.instance(lines: "accept\nno_accept")) == [.givenTwice])
        #expect(Sample.router("accept\nno_accept")?.refusesTraffic == true)
        #expect(Sample.router("no_accept\naccept")?.refusesTraffic == false)
    }

    @Test(arguments: [
        ("virtual_routes 1 {\n}", DiagnosticCode.unexpectedWord), ("virtual_rules", .missingBlock),
        ("virtual_routes {\n192.0.2.0/24 {\n}\n}", .unexpectedBlock),
    ])
    func `routes and rules are lines of a block`(line: String, code: DiagnosticCode) {
        #expect(codes(line) == [code])
    }

    @Test func `blocks add up`() {
        let block = "virtual_routes {\n198.51.100.0/24 via 192.0.2.1\n}\n"
        let more = block.replacing("100", with: "101")
        let routes = Sample.load(Sample.instance(lines: block + more)).configuration?.instances[0].routes
        #expect(routes?.count == 2)
    }

    @Test func `a delay is a time`() {
        #expect(codes("", global: "vrrp_startup_delay x") == [.invalidNumber])
    }
}
