import ConfigModel
import ConfigSyntax
import Testing

@Suite struct SyncDaemonChecksTests {
    private func found(_ words: String) -> [Diagnostic] {
        Sample.load(Sample.instance() + "global_defs {\nlvs_sync_daemon \(words)\n}\n").diagnostics
    }

    @Test func `the instance exists, wherever it is written`() {
        #expect(found("eth0 VI_1").isEmpty)
        #expect(found("eth0").isEmpty)
    }

    @Test func `an unknown instance is refused with the nearest name`() {
        #expect(found("eth0 VI_2").map(\.code) == [.unknownSyncInstance])
        #expect(found("eth0 VI_2").first?.suggestion == "VI_1")
        #expect(found("eth0 inst other").first?.suggestion == nil)
    }

    @Test func `settings of the sync daemon want one`() {
        let lines = "lvs_sync_threshold 1 0\nlvs_sloppy_tcp\nlvs_sync_ports 2"
        let alone = Sample.load(Sample.instance() + "global_defs {\n\(lines)\n}\n").diagnostics
        #expect(alone.map(\.code) == [.keywordWithoutEffect, .keywordWithoutEffect])
        #expect(alone.first?.message.hasPrefix("lvs_sync_threshold") == true)
        #expect(found("eth0 VI_1\n" + lines).isEmpty)
        // A daemon that could not be read may be meant.
        #expect(found("\n" + lines).map(\.code) == [.missingValue])
    }

    static let preemption: [(global: String, codes: [DiagnosticCode])] = [
        ("lvs_sync_daemon eth0 VI_1\nlvs_sync_threshold 1 0\nlvs_sync_refresh_period 10", []),
        ("lvs_sync_daemon eth0 VI_1\nlvs_sync_refresh_period 10", [.sparseSync]),
        ("lvs_sync_daemon eth0 VI_1\nlvs_sync_threshold 3 9\nlvs_sync_refresh_period 10", [.sparseSync]),
        ("lvs_sync_daemon eth0 VI_1\nlvs_sync_threshold 1 0", [.preemptionWithoutSync]),
        ("lvs_sync_daemon eth0 VI_1\nlvs_sync_refresh_period 0", [.preemptionWithoutSync]),
        ("lvs_sync_daemon eth0\nlvs_sync_threshold 1 0\nlvs_sync_refresh_period 10", []),
        ("lvs_sync_daemon eth0 VI_1\nlvs_sync_threshold 1 0\nlvs_sync_refresh_period 498", []),
        ("lvs_sync_daemon eth0 VI_1\nlvs_sync_threshold 1 0\nlvs_sync_refresh_period 499", [.longSyncWait]),
        (
            "lvs_sync_daemon eth0 VI_1\nlvs_sync_threshold 1 0\nlvs_sync_refresh_period 2147483",
            [.longSyncWait]
        ),
        ("lvs_sync_daemon eth0", [.preemptionWithoutSync]), ("", [.preemptionWithoutSync]),
        // What could not be read may be right.
        (
            "lvs_sync_daemon eth0 VI_1\nlvs_sync_threshold 1 0\nlvs_sync_refresh_period x",
            [.invalidNumber]
        ),
        ("lvs_sync_daemon\nlvs_sync_threshold 1 0\nlvs_sync_refresh_period 10", [.missingValue]),
    ]

    @Test(arguments: preemption) func `preemption after sync needs to know when that is`(
        global: String, codes: [DiagnosticCode]
    ) {
        let text = "global_defs {\n\(global)\n}\n" + Sample.instance(lines: "preempt_after_sync")
        #expect(Sample.codes(text) == codes)
    }

    @Test func `the daemon may follow another instance of the group`() {
        let global = "lvs_sync_daemon eth0 VI_1\nlvs_sync_threshold 1 0\nlvs_sync_refresh_period 10"
        let instances =
            Sample.instance() + Sample.instance("VI_2", id: 52, address: 101, lines: "preempt_after_sync")
        let text = "global_defs {\n\(global)\n}\n" + instances
        #expect(Sample.codes(text) == [.preemptionWithoutSync])
        let group = "vrrp_sync_group G {\ngroup {\nVI_1\nVI_2\n}\n}\n"
        #expect(Sample.codes(text + group) == [])
    }
}
