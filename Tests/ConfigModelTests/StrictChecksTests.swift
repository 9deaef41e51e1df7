import ConfigSyntax
import Testing

@testable import ConfigModel

@Suite struct StrictChecksTests {
    private func found(_ lines: String, global: String = "") -> [Diagnostic] {
        let text = (global.isEmpty ? "" : "global_defs {\n\(global)\n}\n") + Sample.instance(lines: lines)
        return Sample.load(text).diagnostics.filter { $0.code == .strictMode }
    }

    @Test func `strict mode is warned about where it is written`() {
        #expect(found("", global: "vrrp_strict").map(\.primary.span.start) == [14])
        #expect(found("strict_mode").count == 1)
        #expect(found("strict_mode\n", global: "vrrp_strict").count == 1)
        #expect(found("strict_mode off", global: "vrrp_strict").isEmpty)
        #expect(found("").isEmpty)
        #expect(found("strict_mode off").isEmpty)
    }

    @Test(arguments: [
        ("", 0), ("preempt_delay 5", 1), ("authentication {\nauth_type PASS\nauth_pass a\n}", 1),
        ("preempt_delay 5\nunicast_peer {\n192.0.2.3\n}", 2),
    ])
    func `what it forbids is pointed at`(lines: String, count: Int) {
        #expect(found(lines, global: "vrrp_strict").first?.related.count == count)
        #expect(found("strict_mode\n" + lines).first?.related.count == count)
    }
}
