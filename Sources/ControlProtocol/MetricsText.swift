/// The answer to `status` as Prometheus text (exposition format 0.0.4). The names and labels that begin with
/// `keepalived_` are those of the exporter that keepalived's dashboards are made for; the others are ours.
/// No label changes when an instance fails over.
package struct MetricsText: Sendable {
    private var order: [String] = []
    private var families: [String: (head: String, samples: [String])] = [:]

    /// The text of an answer's lines; lines end in "\n". The first sample says whether there was an answer.
    package static func text(_ lines: [JSONValue]) -> String {
        var metrics = MetricsText()
        metrics.gauge("keepalived_up", "1 when the daemon answers.", lines.isEmpty ? 0 : 1)
        for line in lines {
            switch line["kind"]?.text {
            case "daemon": metrics.addDaemon(line)
            case "instance": metrics.addInstance(line)
            case "service": metrics.addService(line)
            case "server": metrics.addServer(line)
            default: break
            }
        }
        return metrics.order.map { name in
            guard let family = metrics.families[name] else { return "" }
            return family.head + family.samples.joined()
        }.joined()
    }

    private typealias Labels = [(name: String, value: String)]

    private mutating func gauge(_ name: String, _ help: String, _ value: Double?, _ labels: Labels = []) {
        add(name, "gauge", help, value, labels)
    }

    private mutating func counter(_ name: String, _ help: String, _ value: Double?, _ labels: Labels) {
        add(name, "counter", help, value, labels)
    }

    private mutating func add(
        _ name: String, _ type: String, _ help: String, _ value: Double?, _ labels: Labels
    ) {
        guard let value else { return }
        if families[name] == nil {
            order.append(name)
            families[name] = ("# HELP \(name) \(help)\n# TYPE \(name) \(type)\n", [])
        }
        let list = labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
        let number = value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
        families[name]?.samples.append("\(name)\(list.isEmpty ? "" : "{\(list)}") \(number)\n")
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }

    // MARK: Lines

    private mutating func addDaemon(_ line: JSONValue) {
        let config = line["config"]
        gauge(
            "holdfast_build_info", "The version, as a label.", 1, [("version", line["version"]?.text ?? "")])
        gauge("holdfast_uptime_seconds", "Since the daemon began.", line["uptime_seconds"]?.double)
        gauge(
            "holdfast_config_info", "The digest of the configuration in force, as a label.", 1,
            [("digest", config?["digest"]?.text ?? "")])
        gauge(
            "holdfast_config_loaded_seconds", "Since the configuration came into force.",
            config?["loaded_seconds"]?.double)
        let accepted = config?["last_reload"]?["accepted"]?.bool ?? true
        gauge(
            "holdfast_config_last_reload_success", "0 when the latest reload was refused.", accepted ? 1 : 0)
    }

    /// The counters of keepalived's exporter, each with ours that it is made of.
    private static let counters: [(name: String, sources: [String])] = [
        ("become_master", ["became-master"]), ("release_master", ["left-master"]),
        ("advertisements_received", ["accepted"]), ("advertisements_sent", ["sent"]),
        ("advertisements_interval_errors", ["dropped-interval", "dropped-zero-interval"]),
        ("packet_length_errors", ["dropped-length", "dropped-malformed"]), ("ip_ttl_errors", ["dropped-ttl"]),
        ("invalid_type_received", ["dropped-type"]), ("address_list_errors", ["dropped-address-list"]),
        ("authentication_invalid", ["dropped-auth-type"]),
        (
            "authentication_failure",
            ["dropped-password", "dropped-spi", "dropped-icv", "dropped-replay"]
        ),
        ("priority_zero_received", ["resignations-received"]), ("priority_zero_sent", ["resignations-sent"]),
    ]

    private mutating func addInstance(_ line: JSONValue) {
        let (name, state) = (line["name"]?.text ?? "", line["state"]?.text ?? "")
        let states = ["init", "backup", "master", "fault"]
        let own: Labels = [("instance", name)]
        let theirs: Labels = [
            ("iname", name), ("intf", line["interface"]?.text ?? ""),
            ("vrid", String(line["vrid"]?.integer ?? 0)),
        ]
        for vip in line["vips"]?.elements ?? [] {
            let address = String((vip["address"]?.text ?? "").prefix { $0 != "/" })
            gauge(
                "keepalived_vrrp_state", "0 init, 1 backup, 2 master, 3 fault.",
                states.firstIndex(of: state).map(Double.init), theirs + [("ip_address", address)])
            gauge(
                "holdfast_vip_present", "1 when this host has the address.",
                vip["present"] == true ? 1 : 0, own + [("address", address)])
        }
        for (name, sources) in Self.counters {
            let values = sources.compactMap { line["counters"]?[$0]?.double }
            counter(
                "keepalived_\(name)_total", "As keepalived counts it.",
                values.isEmpty ? nil : values.reduce(0, +), theirs)
        }
        for word in states {
            gauge(
                "holdfast_vrrp_state", "1 for the state that the instance is in.", word == state ? 1 : 0,
                own + [("state", word)])
        }
        gauge(
            "holdfast_vrrp_effective_priority", "As advertised.", line["priority"]?.double, own)
        gauge(
            "holdfast_vrrp_last_advert_seconds", "Since the master was last heard, while backup.",
            line["master"]?["last_advert_seconds"]?.double, own)
        for member in line["counters"]?.members ?? [] where member.name.hasPrefix("dropped-") {
            counter(
                "holdfast_vrrp_dropped_total", "Adverts that were thrown away.", member.value.double,
                own + [("reason", String(member.name.dropFirst(8)))])
        }
    }

    private mutating func addService(_ line: JSONValue) {
        let labels: Labels = [("service", line["id"]?.text ?? "")]
        gauge(
            "holdfast_virtual_server_quorum_up", "1 while the quorum stands.",
            line["quorum_up"] == true ? 1 : 0, labels)
        gauge(
            "holdfast_virtual_server_sorry_server_active", "1 while the sorry server takes the traffic.",
            line["sorry_server_active"] == true ? 1 : 0, labels)
        addTraffic("holdfast_virtual_server", line, labels)
    }

    private mutating func addServer(_ line: JSONValue) {
        let labels: Labels = [
            ("service", line["service"]?.text ?? ""), ("server", line["address"]?.text ?? ""),
        ]
        gauge(
            "holdfast_real_server_up", "1 while the checks say so.", line["state"] == "up" ? 1 : 0, labels)
        gauge(
            "holdfast_real_server_overridden", "1 while an operator has said what it is to be.",
            line["override"]?["by"] == nil ? 0 : 1, labels)
        for word in ["ready", "drain", "maint"] {
            gauge(
                "holdfast_real_server_admin", "1 for what the operator wants.",
                word == (line["admin"]?.text ?? "ready") ? 1 : 0, labels + [("state", word)])
        }
        gauge(
            "holdfast_real_server_weight", "In the kernel's table; no sample when it is not there.",
            line["weight"]?.double, labels)
        gauge(
            "holdfast_real_server_connections_active", "Open connections.", line["active"]?.double, labels)
        gauge(
            "holdfast_real_server_connections_inactive", "Other connections.", line["inactive"]?.double,
            labels)
        addTraffic("holdfast_real_server", line, labels)
        for check in line["checks"]?.elements ?? [] {
            let own = labels + [("target", check["target"]?.text ?? "")]
            gauge(
                "holdfast_check_last_duration_seconds", "Of the latest probe.",
                check["duration_seconds"]?.double, own)
            gauge(
                "holdfast_check_failures", "Of the latest probes, in a row.", check["failures"]?.double, own)
        }
    }

    private mutating func addTraffic(_ prefix: String, _ line: JSONValue, _ labels: Labels) {
        for name in ["connections", "packets_in", "packets_out", "bytes_in", "bytes_out"] {
            counter(
                "\(prefix)_\(name)_total", "Counted by the kernel since it was added.",
                line["counters"]?[name]?.double, labels)
        }
    }
}
