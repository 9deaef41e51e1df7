import Timekeeping

/// The answer to `status` as Prometheus text (exposition format 0.0.4). The names and labels that begin with
/// `keepalived_` are those of the exporter that keepalived's dashboards are made for; the others are ours.
/// No label changes when an instance fails over.
package struct MetricsText: Sendable {
    private var order: [String] = []
    private var families: [String: (head: String, samples: [String])] = [:]

    /// Names that other exporters gave to what is told here under names of ours.
    package enum Others: String, Sendable, CaseIterable {
        /// Those of gen2brain's exporter for services and servers.
        case lvs
    }

    /// The text of an answer's lines, under the names of others, too, where that is wanted; lines end in
    /// "\n". The first sample says whether there was an answer.
    package static func text(_ lines: [JSONValue], alsoAs others: Others? = nil) -> String {
        var metrics = MetricsText()
        metrics.gauge("keepalived_up", "1 when the daemon answers.", lines.isEmpty ? 0 : 1)
        for line in lines {
            switch line["kind"]?.text {
            case "daemon": metrics.addDaemon(line)
            case "instance": metrics.addInstance(line)
            case "service": metrics.addService(line)
            case "server": metrics.addServer(line)
            case "script": metrics.addScript(line)
            default: break
            }
            if others == .lvs { metrics.addForeign(line) }
        }
        if !lines.isEmpty {
            let overridden = lines.count { $0["kind"] == "server" && $0["override"]?["by"] != nil }
            metrics.gauge(
                "holdfast_overrides", "Servers of which an operator wants something.", Double(overridden))
        }
        return metrics.order.map { name in
            guard let family = metrics.families[name] else { return "" }
            return family.head + family.samples.joined()
        }.joined()
    }

    typealias Labels = [(name: String, value: String)]

    mutating func gauge(_ name: String, _ help: String, _ value: Double?, _ labels: Labels = []) {
        add(name, "gauge", help, value, labels)
    }

    mutating func counter(_ name: String, _ help: String, _ value: Double?, _ labels: Labels) {
        add(name, "counter", help, value, labels)
    }

    /// A histogram as `IntervalHistogram` counts; nothing before the first that was counted.
    mutating func histogram(_ name: String, _ help: String, _ value: JSONValue?, _ labels: Labels) {
        let counts = (value?["counts"]?.elements ?? []).compactMap(\.integer)
        guard counts.count == IntervalHistogram.bounds.count + 1 else { return }
        open(name, "histogram", help)
        var sum = 0
        for (count, bound) in zip(counts, IntervalHistogram.bounds.map { Self.words($0.seconds) } + ["+Inf"])
        {
            sum += min(max(count, 0), Int(UInt32.max))
            append("\(name)_bucket", of: name, Double(sum), labels + [("le", bound)])
        }
        append("\(name)_sum", of: name, value?["sum_seconds"]?.double ?? 0, labels)
        append("\(name)_count", of: name, Double(sum), labels)
    }

    private mutating func add(
        _ name: String, _ type: String, _ help: String, _ value: Double?, _ labels: Labels
    ) {
        guard let value else { return }
        open(name, type, help)
        append(name, of: name, value, labels)
    }

    /// Begins a family, once.
    private mutating func open(_ name: String, _ type: String, _ help: String) {
        guard families[name] == nil else { return }
        order.append(name)
        families[name] = ("# HELP \(name) \(help)\n# TYPE \(name) \(type)\n", [])
    }

    private static func words(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
    }

    private mutating func append(_ name: String, of family: String, _ value: Double, _ labels: Labels) {
        let list = labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
        families[family]?.samples.append(
            "\(name)\(list.isEmpty ? "" : "{\(list)}") \(Self.words(value))\n")
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }

    // MARK: Lines

    private mutating func addDaemon(_ line: JSONValue) {
        let config = line["config"]
        gauge(
            "holdfast_build_info", "The version, as a label, and that of the language.", 1,
            [("version", line["version"]?.text ?? ""), ("swift", line["swift"]?.text ?? "")])
        gauge("holdfast_uptime_seconds", "Since the daemon began.", line["uptime_seconds"]?.double)
        gauge(
            "holdfast_config_info", "The digest of the configuration in force, as a label.", 1,
            [("sha256", config?["digest"]?.text ?? "")])
        gauge(
            "holdfast_config_loaded_seconds", "Since the configuration came into force.",
            config?["loaded_seconds"]?.double)
        let accepted = config?["last_reload"]?["accepted"]?.bool ?? true
        gauge(
            "holdfast_config_last_reload_success", "0 when the latest reload was refused.", accepted ? 1 : 0)
        gauge(
            "holdfast_config_last_reload_seconds", "Since the latest reload was asked for.",
            config?["last_reload"]?["since_seconds"]?.double)
        addProcess(line, [("role", "supervisor")])
        for role in line["roles"]?.elements ?? [] { addProcess(role, [("role", role["role"]?.text ?? "")]) }
    }

    private mutating func addProcess(_ process: JSONValue, _ labels: Labels) {
        gauge(
            "process_resident_memory_bytes", "Memory that is not swapped out.",
            process["resident_bytes"]?.double, labels)
        counter(
            "process_cpu_seconds_total", "In user and in kernel mode.", process["cpu_seconds"]?.double, labels
        )
        histogram(
            "holdfast_loop_lag_seconds", "How late it woke for what was due.", process["loop_lag"], labels
        )
        counter(
            "holdfast_netlink_errors_total", "What the kernel refused.", process["kernel_errors"]?.double,
            labels)
    }

    private mutating func addScript(_ line: JSONValue) {
        let labels: Labels = [("name", line["name"]?.text ?? "")]
        let status: [JSONValue: Double] = ["bad": 0, "good": 1]
        gauge(
            "keepalived_script_status", "0 bad, 1 good; none before its first end.",
            line["status"].flatMap { status[$0] }, labels)
        gauge("keepalived_script_state", "0 idle, 1 running.", line["running"] == true ? 1 : 0, labels)
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
            let isExcluded = vip["excluded"] == true
            gauge(
                isExcluded ? "keepalived_vrrp_excluded_state" : "keepalived_vrrp_state",
                "0 init, 1 backup, 2 master, 3 fault.",
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
        counter(
            "keepalived_gratuitous_arp_delay_total", "The configured garp_master_delay, in seconds.",
            line["garp_delay_seconds"]?.double, theirs)
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
        for change in line["transitions"]?.elements ?? [] {
            counter(
                "holdfast_vrrp_transitions_total", "Changes of its state since the instance began.",
                change["count"]?.double,
                own + ["from", "to", "reason"].map { (name: $0, value: change[$0]?.text ?? "") })
        }
        histogram(
            "holdfast_vrrp_advert_jitter_seconds",
            "How far the adverts of its master were from an interval after the one before.",
            line["advert_jitter"], own)
        histogram(
            "holdfast_vrrp_takeover_seconds",
            "From the decision to be master to the first word of it to the neighbours.", line["takeovers"],
            own)
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
        for change in line["transitions"]?.elements ?? [] {
            counter(
                "holdfast_real_server_transitions_total", "Times it went up or down, since the daemon began.",
                change["count"]?.double,
                labels + [("to", change["to"]?.text ?? ""), ("reason", change["result"]?.text ?? "")])
        }
        addChecks(of: line, labels)
    }

    private mutating func addChecks(of line: JSONValue, _ labels: Labels) {
        var seen: [String: Int] = [:]
        for check in line["checks"]?.elements ?? [] {
            let name = check["target"]?.text ?? ""
            seen[name, default: 0] += 1
            // Two checks of one place, with other urls or words: no two series may have the same labels.
            let target = seen[name] == 1 ? name : "\(name) #\(seen[name] ?? 0)"
            let own = labels + [("target", target)]
            let kind = labels + [("kind", target.prefix { $0 != " " }.lowercased()), ("target", target)]
            histogram(
                "holdfast_check_duration_seconds", "How long its probes took.", check["durations"], kind)
            for result in check["results"]?.members ?? [] {
                counter(
                    "holdfast_check_result_total", "How many of its probes came to this.",
                    result.value.double,
                    own + [("result", result.name.lowercased())])
            }
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
