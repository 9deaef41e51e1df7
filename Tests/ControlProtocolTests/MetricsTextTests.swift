import ControlProtocol
import Testing

@Suite struct MetricsTextTests {
    private static let counters: JSONValue = [
        "sent": 9, "became-master": 2, "left-master": 1, "accepted": 4, "dropped-interval": 3,
        "dropped-zero-interval": 5, "dropped-ttl": 7, "resignations-sent": 1,
    ]

    private static func instance(_ state: JSONValue = "master") -> JSONValue {
        .object(StatusDocumentTests.instance(state).members + [.init("counters", counters)])
    }

    private func samples(_ lines: [JSONValue]) -> [String] {
        MetricsText.text(lines).split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init)
    }

    @Test func `no answer is a daemon that is not up`() {
        #expect(
            MetricsText.text([]) == """
                # HELP keepalived_up 1 when the daemon answers.
                # TYPE keepalived_up gauge
                keepalived_up 0

                """)
    }

    @Test func `the daemon tells its version, its configuration and its reloads`() {
        let found = samples([StatusDocumentTests.daemon])
        #expect(found.contains("keepalived_up 1"))
        #expect(found.contains("holdfast_build_info{version=\"holdfastd 0.1.0\",swift=\"\"} 1"))
        #expect(found.contains("holdfast_config_info{sha256=\"4f1c09e\"} 1"))
        #expect(found.contains("holdfast_config_last_reload_success 1"))
        #expect(found.contains("holdfast_uptime_seconds 1051200"))
        let refused: JSONValue = ["kind": "daemon", "config": ["last_reload": ["accepted": false]]]
        #expect(samples([refused]).contains("holdfast_config_last_reload_success 0"))
    }

    static let states: [(state: JSONValue, number: Int)] = [
        ("init", 0), ("backup", 1), ("master", 2), ("fault", 3),
    ]

    @Test(arguments: states) func `an instance has the state that keepalived's dashboards read`(
        state: JSONValue, number: Int
    ) {
        let labels = "iname=\"VI_1\",intf=\"ka0\",vrid=\"51\",ip_address=\"198.51.100.10\""
        let found = samples([Self.instance(state)])
        #expect(found.contains("keepalived_vrrp_state{\(labels)} \(number)"), "\(found)")
        let own = found.filter { $0.hasPrefix("holdfast_vrrp_state{") && $0.hasSuffix(" 1") }
        #expect(own == ["holdfast_vrrp_state{instance=\"VI_1\",state=\"\(state.text ?? "")\"} 1"])
    }

    @Test func `counters have keepalived's names, and ours for every reason of a drop`() {
        let found = samples([Self.instance()])
        let labels = "{iname=\"VI_1\",intf=\"ka0\",vrid=\"51\"}"
        #expect(found.contains("keepalived_become_master_total\(labels) 2"))
        #expect(found.contains("keepalived_release_master_total\(labels) 1"))
        #expect(found.contains("keepalived_advertisements_sent_total\(labels) 9"))
        #expect(found.contains("keepalived_advertisements_received_total\(labels) 4"))
        #expect(found.contains("keepalived_advertisements_interval_errors_total\(labels) 8"))
        #expect(found.contains("keepalived_ip_ttl_errors_total\(labels) 7"))
        #expect(found.contains("keepalived_priority_zero_sent_total\(labels) 1"))
        #expect(!found.contains { $0.hasPrefix("keepalived_packet_length_errors_total") }, "not counted")
        #expect(found.contains("holdfast_vrrp_dropped_total{instance=\"VI_1\",reason=\"ttl\"} 7"))
        #expect(found.contains("holdfast_vip_present{instance=\"VI_1\",address=\"198.51.100.10\"} 1"))
        #expect(found.contains("holdfast_vrrp_effective_priority{instance=\"VI_1\"} 150"))
    }

    @Test func `services and servers are told, with what the kernel counts`() {
        let traffic = JSONValue.Member(
            "counters",
            ["connections": 5, "packets_in": 6, "packets_out": 0, "bytes_in": 7, "bytes_out": 0])
        let service = JSONValue.object(StatusDocumentTests.service().members + [traffic])
        let found = samples([service] + StatusDocumentTests.servers)
        let labels = "service=\"198.51.100.10:80/tcp\""
        #expect(found.contains("holdfast_virtual_server_quorum_up{\(labels)} 1"))
        #expect(found.contains("holdfast_virtual_server_connections_total{\(labels)} 5"))
        #expect(found.contains("holdfast_virtual_server_bytes_in_total{\(labels)} 7"))
        let first = "{\(labels),server=\"198.51.100.21:80\"}"
        #expect(found.contains("holdfast_real_server_up\(first) 1"))
        #expect(found.contains("holdfast_real_server_weight\(first) 3"))
        #expect(found.contains("holdfast_real_server_overridden\(first) 0"))
        #expect(found.contains("holdfast_real_server_admin\(first.dropLast()),state=\"ready\"} 1"))
        let drained = samples([StatusDocumentTests.server("drain")])
        #expect(drained.contains("holdfast_real_server_overridden\(first) 1"))
        #expect(drained.contains("holdfast_real_server_admin\(first.dropLast()),state=\"drain\"} 1"))
        #expect(drained.contains("holdfast_real_server_admin\(first.dropLast()),state=\"ready\"} 0"))
        #expect(found.contains("holdfast_real_server_connections_active\(first) 31004"))
        let target = first.dropLast() + ",target=\"HTTP 198.51.100.21:80\"}"
        #expect(found.contains("holdfast_check_last_duration_seconds\(target) 0.00187"))
        let second = "{\(labels),server=\"198.51.100.23:80\"}"
        #expect(found.contains("holdfast_real_server_up\(second) 0"))
        #expect(!found.contains { $0.hasPrefix("holdfast_real_server_weight\(second)") })
    }

    @Test func `a family is told once, with its samples together`() {
        let second = JSONValue.object(
            Self.instance().members.map { $0.name == "name" ? .init("name", "VI \"2\"\\\n") : $0 })
        let text = MetricsText.text([Self.instance(), second])
        let heads = text.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }
        #expect(Set(heads).count == heads.count)
        var last = ""
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let name = String(line.prefix { $0 != "{" && $0 != " " })
            #expect(name == last || !text.prefix(upTo: line.startIndex).contains("\n\(name){"), "\(name)")
            last = name
        }
        #expect(text.contains("instance=\"VI \\\"2\\\"\\\\\\n\""))
    }

    private static let lag: JSONValue = [
        "counts": [1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 4], "sum_seconds": .number(20.5),
    ]

    private static func line(_ kind: JSONValue, _ members: [JSONValue.Member]) -> JSONValue {
        .object([.init("kind", kind)] + members)
    }

    @Test func `a histogram is told as Prometheus wants it: each bucket has those before it`() {
        let found = samples([Self.line("daemon", [.init("loop_lag", Self.lag)])])
        let name = "holdfast_loop_lag_seconds"
        let buckets = found.filter { $0.hasPrefix("\(name)_bucket") }
        #expect(buckets.count == 11)
        #expect(buckets.first == "\(name)_bucket{role=\"supervisor\",le=\"0.0001\"} 1")
        #expect(buckets.contains("\(name)_bucket{role=\"supervisor\",le=\"0.005\"} 3"))
        #expect(buckets.contains("\(name)_bucket{role=\"supervisor\",le=\"5\"} 3"))
        #expect(buckets.last == "\(name)_bucket{role=\"supervisor\",le=\"+Inf\"} 7")
        #expect(found.contains("\(name)_sum{role=\"supervisor\"} 20.5"))
        #expect(found.contains("\(name)_count{role=\"supervisor\"} 7"))
        let text = MetricsText.text([Self.line("daemon", [.init("loop_lag", Self.lag)])])
        #expect(text.contains("# TYPE \(name) histogram\n"))
        for counts: JSONValue in [[], [1, 2], "x"] {
            let broken = Self.line("daemon", [.init("loop_lag", ["counts": counts])])
            #expect(!samples([broken]).contains { $0.hasPrefix(name) }, "\(counts)")
        }
    }

    @Test func `processes and reloads are told`() {
        let role: JSONValue = [
            "role": "lvs", "resident_bytes": 4096, "cpu_seconds": .number(1.5), "kernel_errors": 3,
        ]
        let found = samples([
            Self.line(
                "daemon",
                [
                    .init("resident_bytes", 8192), .init("roles", [role]), .init("swift", "6.3"),
                    .init("config", ["last_reload": ["accepted": true, "since_seconds": 5]]),
                ])
        ])
        #expect(found.contains("process_resident_memory_bytes{role=\"supervisor\"} 8192"))
        #expect(found.contains("process_resident_memory_bytes{role=\"lvs\"} 4096"))
        #expect(found.contains("process_cpu_seconds_total{role=\"lvs\"} 1.5"))
        #expect(found.contains("holdfast_netlink_errors_total{role=\"lvs\"} 3"))
        #expect(found.contains("holdfast_config_last_reload_seconds 5"))
        #expect(found.contains("holdfast_build_info{version=\"\",swift=\"6.3\"} 1"))
        #expect(found.contains("holdfast_overrides 0"))
        let drained = samples([StatusDocumentTests.server("drain")] + StatusDocumentTests.servers)
        #expect(drained.contains("holdfast_overrides 1"))
    }

    @Test(arguments: [("init", nil), ("bad", "0"), ("good", "1")] as [(JSONValue, String?)])
    func `a script has keepalived's numbers`(status: JSONValue, number: String?) {
        let line: JSONValue = ["kind": "script", "name": "chk", "status": status, "running": true]
        let found = samples([line])
        let told = found.first { $0.hasPrefix("keepalived_script_status") }
        #expect(told == number.map { "keepalived_script_status{name=\"chk\"} \($0)" })
        #expect(found.contains("keepalived_script_state{name=\"chk\"} 1"))
    }

    @Test func `an instance tells its changes, its master's adverts and its excluded addresses`() {
        let vips: JSONValue = [["address": "198.51.100.9/32", "present": true, "excluded": true]]
        let change: JSONValue = ["from": "backup", "to": "master", "reason": "advert_timeout", "count": 2]
        let line = JSONValue.object(
            Self.instance().members.filter { $0.name != "vips" } + [
                .init("vips", vips), .init("transitions", [change]), .init("garp_delay_seconds", 5),
                .init("advert_jitter", Self.lag), .init("takeovers", Self.lag),
            ])
        let found = samples([line])
        let theirs = "iname=\"VI_1\",intf=\"ka0\",vrid=\"51\""
        #expect(found.contains("keepalived_vrrp_excluded_state{\(theirs),ip_address=\"198.51.100.9\"} 2"))
        #expect(!found.contains { $0.hasPrefix("keepalived_vrrp_state") })
        #expect(found.contains("keepalived_gratuitous_arp_delay_total{\(theirs)} 5"))
        #expect(
            found.contains(
                "holdfast_vrrp_transitions_total{instance=\"VI_1\",from=\"backup\",to=\"master\","
                    + "reason=\"advert_timeout\"} 2"))
        #expect(found.contains("holdfast_vrrp_advert_jitter_seconds_count{instance=\"VI_1\"} 7"))
        #expect(found.contains("holdfast_vrrp_takeover_seconds_sum{instance=\"VI_1\"} 20.5"))
    }

    @Test func `a server tells its changes, and all that its probes came to`() {
        let check: JSONValue = [
            "target": "HTTP 198.51.100.21:80", "results": ["L7OK": 5, "L4CON": 2], "durations": Self.lag,
        ]
        let line: JSONValue = [
            "kind": "server", "service": "s", "address": "a", "checks": [check],
            "transitions": [
                ["to": "down", "result": "L4CON", "count": 3], ["to": "up", "result": nil, "count": 1],
            ],
        ]
        let found = samples([line])
        let own = "service=\"s\",server=\"a\""
        let name = "holdfast_real_server_transitions_total"
        #expect(found.contains("\(name){\(own),to=\"down\",reason=\"L4CON\"} 3"))
        #expect(found.contains("\(name){\(own),to=\"up\",reason=\"\"} 1"))
        let target = "target=\"HTTP 198.51.100.21:80\""
        #expect(found.contains("holdfast_check_result_total{\(own),\(target),result=\"l7ok\"} 5"))
        #expect(found.contains("holdfast_check_duration_seconds_count{\(own),kind=\"http\",\(target)} 7"))
    }

    @Test func `two checks of one place are two series`() {
        let check: JSONValue = ["target": "HTTP 198.51.100.21:80", "failures": 2]
        let found = samples([
            ["kind": "server", "service": "s", "address": "a", "checks": [check, check]]
        ]).filter { $0.hasPrefix("holdfast_check_failures") }
        #expect(found.count == 2 && Set(found).count == 2)
        #expect(found.last?.contains("target=\"HTTP 198.51.100.21:80 #2\"") == true)
    }

    @Test func `what makes no sense is left out`() {
        #expect(samples([["kind": "news"], nil, "x"]) == ["keepalived_up 1", "holdfast_overrides 0"])
    }
}
