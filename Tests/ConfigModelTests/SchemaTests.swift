import ConfigModel
import ConfigSyntax
import Testing

@Suite struct SchemaTests {
    @Test func `no block has a keyword twice, in any spelling`() {
        for scope in Scope.allCases {
            let names = Schema.keywords.filter { $0.scope == scope }.flatMap { [$0.name] + $0.otherSpellings }
            #expect(!names.isEmpty)
            #expect(Set(names).count == names.count, "\(scope)")
        }
    }

    @Test(arguments: Schema.keywords) func `a row can be printed in a manual`(facts: KeywordFacts) {
        #expect(facts.meaning.hasSuffix("."))
        #expect(facts.meaning.count > 10)
        #expect(!facts.name.isEmpty)
        #expect(facts.defaultText != "")
        #expect(facts.body != .addresses || ["", "NAME"].contains(facts.arguments))
    }

    @Test func `what is not keepalived's says that it is our own`() {
        #expect(
            Set(Schema.keywords.filter { $0.tier == .own }.map(\.name)) == [
                "loop_guard", "loop_guard_backend", "control_admin_group", "control_reader_group",
                "loop_guard_mark", "tls_verify",
                "tls_name", "tls_ca", "peer", "peer_mac",
                "checker_failure_guard", "rise", "fall", "probe_timeout", "send", "expect", "method",
                "header", "body_limit",
                "lvs_sync_threshold", "lvs_sync_refresh_period", "lvs_sync_retries", "lvs_sync_ports",
                "lvs_sync_qlen_max", "lvs_sync_sock_size", "lvs_sync_persist_mode", "lvs_sloppy_tcp",
                "lvs_sloppy_sctp", "lvs_expire_nodest_conn", "lvs_expire_quiescent_template",
                "lvs_conn_reuse_mode", "lvs_conntrack", "lvs_ignore_tunneled", "lvs_schedule_icmp",
                "lvs_run_estimation", "preempt_after_sync", "fullnat_source",
            ])
    }

    @Test func `a keyword is carried out or it is not`() {
        for facts in Schema.keywords {
            for name in [facts.name] + facts.otherSpellings {
                #expect(Schema.known(name, in: facts.scope) == nil, "\(name)")
            }
        }
    }

    @Test(arguments: [
        ("vrrp_instance", [Scope.root]),
        ("weight", [.virtualServer, .realServer, .fileCheck, .trackScript, .trackProcess, .trackFile]),
        ("lvs_sched", [.virtualServer]),
        ("lb_kind", [.virtualServer, .realServer]), ("loop_guard", [.root, .virtualServer]), ("nonsense", []),
        ("vrrp_script", [.root]), ("track_file", [.root, .instance, .fileCheck, .syncGroup]),
    ])
    func `a keyword knows its blocks`(name: String, scopes: [Scope]) {
        #expect(Schema.scopes(of: name) == scopes)
    }

    @Test func `keywords of ours and of keepalived are known`() {
        #expect(Schema.isKnown("loop_guard"))
        #expect(Schema.isKnown("vrrp_script"))
        #expect(!Schema.isKnown("nonsense"))
        #expect(!Schema.isKnownToKeepalived("loop_guard"))
        #expect(Schema.known("snmp_name", in: .virtualServer) != nil)
        #expect(Schema.known("snmp_name", in: .globalDefinitions) == nil)
        #expect(Schema.knownToKeepalived(in: .scriptCheck).isEmpty)
        #expect(Schema.knownToKeepalived(in: .loopGuard).isEmpty)
    }

    @Test func `the hints let the parser see the blocks`() {
        let hints = Schema.hints
        #expect(hints.rootBlocks.isSuperset(of: ["global_defs", "vrrp_instance", "vrrp_script", "SSL"]))
        #expect(hints.rootBlocks.isDisjoint(with: ["loop_guard", "track_file", "linkbeat_use_polling"]))
        #expect(hints.isLegal("fall", in: "vrrp_script"))
        #expect(hints.isLegal("connect_timeout", in: "PING_CHECK"))
        #expect(hints.isLegal("loop_guard", in: nil))
        #expect(hints.isLegal("vrrp_sync_group", in: nil))
        #expect(hints.isLegal("real_server", in: "virtual_server"))
        #expect(hints.isLegal("unicast_peer", in: "vrrp_instance"))
        #expect(hints.isLegal("peer_mac", in: "loop_guard"))
        #expect(!hints.isLegal("real_server", in: nil))
        #expect(!hints.isLegal("priority", in: "virtual_server"))
        #expect(
            hints.addressBlocks
                == [
                    "unicast_peer", "virtual_ipaddress", "virtual_ipaddress_excluded", "notification_email",
                    "virtual_server_group", "static_ipaddress",
                ])
    }
}
