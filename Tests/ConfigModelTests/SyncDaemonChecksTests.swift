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
}
