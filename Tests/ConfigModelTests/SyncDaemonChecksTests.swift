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
}
