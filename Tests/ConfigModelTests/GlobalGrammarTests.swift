import ConfigModel
import ConfigSyntax
import Testing

@Suite struct GlobalGrammarTests {
    private func codes(_ line: String) -> [DiagnosticCode] {
        Sample.codes("global_defs {\n\(line)\n}\n" + Sample.instance())
    }

    @Test(arguments: [
        "router_id x", "script_user nobody", "script_user nobody nogroup", "script_user nobody:nogroup",
        "script_user nobody :nogroup",
        "enable_script_security", "lvs_flush", "dynamic_interfaces",
        "control_admin_group adm", "control_reader_group adm",
        "dynamic_interfaces allow_if_changes", "vrrp_version 3",
        "vrrp_garp_master_delay 0", "vrrp_garp_master_repeat 1", "vrrp_garp_master_repeat 1000",
        "vrrp_garp_master_refresh 60", "vrrp_garp_master_refresh_repeat 2", "lvs_sync_daemon eth0",
        "lvs_sync_daemon eth0 VI_1", "lvs_sync_daemon eth0 inst VI_1", "lvs_sync_daemon eth0 id 0",
        "lvs_sync_daemon eth0 VI_1 group 224.0.0.9 ttl 255 port 65535 maxlen 65507 id 255",
    ])
    func `a good line is taken`(line: String) {
        #expect(codes(line) == [])
    }

    @Test(arguments: [
        ("router_id", DiagnosticCode.missingValue), ("script_user a b c", .unexpectedWord),
        ("script_user a:", .invalidName), ("script_user a:b c", .invalidName),
        ("script_user", .missingValue),
        ("lvs_flush yes", .unexpectedWord), ("dynamic_interfaces no", .unexpectedWord),
        ("vrrp_version 4", .unknownChoice), ("vrrp_garp_master_repeat 0", .outOfRange),
        ("vrrp_garp_master_repeat 1001", .outOfRange), ("lvs_sync_daemon", .missingValue),
        ("lvs_sync_daemon eth0 inst", .missingValue), ("lvs_sync_daemon eth0 id", .missingValue),
        ("lvs_sync_daemon eth0 VI_1 id 256", .outOfRange),
        ("lvs_sync_daemon eth0 VI_1 maxlen 65508", .outOfRange),
        ("lvs_sync_daemon eth0 VI_1 ttl 0", .outOfRange), ("lvs_sync_daemon eth0 VI_1 x 1", .unexpectedWord),
        ("lvs_sync_daemon eth0 VI_1 group 192.0.2.1", .invalidAddress),
        ("control_admin_group", .missingValue), ("control_reader_group a b", .unexpectedWord),
        ("process_names", .keywordWithoutEffect),
        ("no_checker_emails", .keywordWithoutEffect), ("vrrp_garp_extra_if 5", .keywordWithoutEffect),
        ("startup_script /x", .unsupportedKeyword),
    ])
    func `a line that is not carried out is named for one reason`(line: String, code: DiagnosticCode) {
        #expect(codes(line) == [code])
    }
}
