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
        #expect(found.contains("holdfast_build_info{version=\"holdfastd 0.1.0\"} 1"))
        #expect(found.contains("holdfast_config_info{digest=\"4f1c09e\"} 1"))
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

    @Test func `what makes no sense is left out`() {
        #expect(samples([["kind": "news"], nil, "x"]) == ["keepalived_up 1"])
    }
}
