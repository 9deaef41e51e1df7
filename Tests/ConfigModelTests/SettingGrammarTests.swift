import ConfigSyntax
import LoadBalancing
import Testing

@testable import ConfigModel

@Suite struct SettingGrammarTests {
    private func load(_ lines: String) -> LoadResult {
        Sample.load("global_defs {\nlvs_sync_daemon eth0 VI_1\n\(lines)\n}\n" + Sample.instance())
    }

    static let good: [(line: String, setting: IPVSSetting, value: String)] = [
        ("lvs_sync_threshold 3 50", .syncThreshold, "3 50"),
        ("lvs_sync_threshold 1 0", .syncThreshold, "1 0"),
        ("lvs_sync_refresh_period 10", .syncRefreshPeriod, "10"),
        ("lvs_sync_retries 3", .syncRetries, "3"), ("lvs_sync_ports 4", .syncPorts, "4"),
        ("lvs_sync_qlen_max 100000", .syncQueueLength, "100000"),
        ("lvs_sync_sock_size 0", .syncSocketSize, "0"),
        ("lvs_sync_persist_mode", .syncsTemplatesAlone, "1"), ("lvs_sloppy_tcp", .sloppyTCP, "1"),
        ("lvs_sloppy_tcp off", .sloppyTCP, "0"), ("lvs_sloppy_sctp yes", .sloppySCTP, "1"),
        ("lvs_expire_nodest_conn", .expiresWithServer, "1"),
        ("lvs_expire_quiescent_template false", .expiresQuiescent, "0"),
        ("lvs_conn_reuse_mode 2", .reuseMode, "2"), ("lvs_conntrack on", .conntrack, "1"),
        ("lvs_ignore_tunneled", .ignoresTunnelled, "1"), ("lvs_schedule_icmp", .schedulesICMP, "1"),
        ("lvs_run_estimation off", .estimates, "0"),
    ]

    @Test(arguments: good) func `a keyword is a setting of the kernel`(
        line: String, setting: IPVSSetting, value: String
    ) throws {
        let loaded = load(line)
        #expect(loaded.diagnostics.isEmpty)
        let configuration = try #require(loaded.configuration)
        #expect(configuration.global.settings == [setting: value])
        // What a dump writes is the same again.
        let dumped = Sample.load(ConfigurationDump.text(configuration))
        #expect(dumped.configuration?.global.settings == [setting: value])
    }

    static let bad: [(line: String, code: DiagnosticCode)] = [
        ("lvs_sync_threshold 3", .missingValue), ("lvs_sync_threshold 50 50", .outOfRange),
        ("lvs_sync_threshold 51 50", .outOfRange), ("lvs_sync_threshold 3 50 1", .unexpectedWord),
        ("lvs_sync_threshold -1 0", .outOfRange), ("lvs_sync_refresh_period", .missingValue),
        ("lvs_sync_refresh_period 2147484", .outOfRange), ("lvs_sync_retries 4", .outOfRange),
        ("lvs_sync_ports 3", .unknownChoice), ("lvs_sync_ports 128", .unknownChoice),
        ("lvs_sync_qlen_max 0", .outOfRange), ("lvs_sloppy_tcp 1", .unknownChoice),
        ("lvs_conntrack on off", .unexpectedWord), ("lvs_conn_reuse_mode 4", .outOfRange),
        ("lvs_backup_only", .unknownKeyword), ("lvs_sync_ports 2\nlvs_sync_ports 4", .givenTwice),
    ]

    @Test(arguments: bad) func `what the kernel would refuse is told before`(
        line: String, code: DiagnosticCode
    ) {
        #expect(load(line).diagnostics.map(\.code) == [code])
    }

    @Test func `every setting but one has a keyword`() {
        #expect(
            SettingGrammar.rows.map(\.facts.name)
                == IPVSSetting.allCases.filter { $0 != .backupOnly }.map { "lvs_\($0.rawValue)" })
    }

    @Test func `values are written as they are read`() {
        #expect(SettingGrammar.words("3 50", of: .syncThreshold) == ["3", "50"])
        #expect(SettingGrammar.words("0", of: .conntrack) == ["off"])
        #expect(SettingGrammar.words("1", of: .conntrack) == ["on"])
        #expect(SettingGrammar.words("8", of: .syncPorts) == ["8"])
    }
}
