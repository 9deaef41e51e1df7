/// The lines that answer `status`, for `holdfast status`: as one JSON document, as text for people, and
/// whether all is well. docs/status.schema.json describes the document.
package struct StatusDocument: Hashable, Sendable {
    /// A service and its servers, in the order they came.
    private struct Service: Hashable, Sendable {
        var line: JSONValue
        var servers: [JSONValue] = []
    }

    private let daemon: JSONValue
    private let instances: [JSONValue]
    private let scripts: [JSONValue]
    private var services: [Service] = []

    /// Sorts the lines of an answer; nil when the daemon's is missing. Lines of kinds that are not known here
    /// are left out: a newer daemon may tell more.
    package init?(_ lines: [JSONValue]) {
        guard let daemon = lines.first(where: { $0["kind"] == "daemon" }) else { return nil }
        self.daemon = daemon
        instances = lines.filter { $0["kind"] == "instance" }
        scripts = lines.filter { $0["kind"] == "script" }
        for line in lines {
            if line["kind"] == "service" { services.append(Service(line: line)) }
            if line["kind"] == "server", !services.isEmpty {
                services[services.count - 1].servers.append(line)
            }
        }
    }

    /// No instance is in fault, every virtual address of a master is there, every server is up, and that is
    /// what its checks say.
    package var isWell: Bool {
        guard daemon["verdicts_held_until"]?.text == nil else { return false }
        return instances.allSatisfy(Self.isWell) && services.allSatisfy { Self.isWell($0.line) }
    }

    /// Whether what one line of the answer is about is as it is to be. An instance: not in fault, and a
    /// master has its addresses. A service: every server is up. A server: up, and no check of it fails whose
    /// verdict is held; what operators want of it is no fault.
    static func isWell(_ line: JSONValue) -> Bool {
        switch (line["kind"]?.text, line["state"]?.text) {
        case ("instance", "master"): (line["vips"]?.elements ?? []).allSatisfy { $0["present"] == true }
        case ("instance", "backup"), ("service", "up"): true
        case ("server", "up"): !(line["checks"]?.elements ?? []).contains { $0["held"] == true }
        default: false
        }
    }

    // MARK: JSON

    /// One document.
    package var json: JSONValue {
        let lists: [JSONValue.Member] = [
            .init("vrrp", .array(instances.map { Self.bare($0) })),
            .init("scripts", .array(scripts.map { Self.bare($0) })),
            .init(
                "virtual_servers",
                .array(
                    services.map { service in
                        let servers = JSONValue.array(
                            service.servers.map { Self.bare($0, without: ["service"]) })
                        return .object(Self.bare(service.line).members + [.init("real_servers", servers)])
                    })),
        ]
        return .object(Self.bare(daemon).members + lists)
    }

    /// Without what only belongs to a line.
    private static func bare(_ line: JSONValue, without names: Set<String> = []) -> JSONValue {
        .object(line.members.filter { $0.name != "kind" && !names.contains($0.name) })
    }

    // MARK: Text

    /// For people; lines end in "\n".
    package var text: String {
        var rows: [[String]] = []
        for instance in instances {
            rows.append(Self.row(ofInstance: instance))
            for vip in instance["vips"]?.elements ?? [] {
                let address = "  \(vip["address"]?.text ?? "") on \(vip["interface"]?.text ?? "")"
                rows.append([address, vip["present"] == true ? "held" : "not held"])
            }
        }
        var tables = [Self.aligned(rows)]
        for service in services {
            tables.append(
                Self.aligned([Self.row(ofService: service.line)] + service.servers.map(Self.row(ofServer:))))
        }
        return head + tables.filter { !$0.isEmpty }.map { "\n" + $0 }.joined()
    }

    private var head: String {
        let config = daemon["config"]
        let roles = (daemon["roles"]?.elements ?? []).filter { $0["state"] != "absent" }
            .map { "\($0["role"]?.text ?? "") \($0["state"]?.text ?? "")" }
        var text = "\(daemon["host"]?.text ?? "")  \(daemon["version"]?.text ?? "")"
        text += ", up \(Self.age(daemon["uptime_seconds"]))"
        text += "  config \(config?["digest"]?.text ?? ""), loaded \(Self.age(config?["loaded_seconds"])) ago"
        if !roles.isEmpty { text += "  (\(roles.joined(separator: ", ")))" }
        text += "\n"
        if let until = daemon["verdicts_held_until"]?.text {
            text += "NEARLY ALL CHECKS FAILED AT ONCE: their servers stay in service until \(until) at most\n"
        }
        guard let reload = config?["last_reload"], reload["accepted"] == false else { return text }
        let findings = (reload["findings"]?.elements ?? []).compactMap(\.text)
        text += "the last reload was refused (\(reload["at"]?.text ?? "")):\n"
        return text + findings.map { "  \($0)\n" }.joined()
    }

    private static func row(ofInstance instance: JSONValue) -> [String] {
        let own = instance["priority"]?.integer ?? 0
        let base = instance["base_priority"]?.integer ?? 0
        var notes = instance["reason"]?.text ?? ""
        if let master = instance["master"], let address = master["address"]?.text {
            notes =
                "master \(address), priority \(master["priority"]?.integer ?? 0), "
                + "heard \(age(master["last_advert_seconds"])) ago"
        }
        if instance["yields"] == true { notes += "; handed over, not to be taken back" }
        return [
            instance["name"]?.text ?? "",
            "\((instance["state"]?.text ?? "").uppercased()) for \(age(instance["since_seconds"]))",
            "vrid \(instance["vrid"]?.integer ?? 0) on \(instance["interface"]?.text ?? "")",
            "priority \(own)" + (own == base ? "" : " (base \(base))"), notes,
        ]
    }

    private static func row(ofService line: JSONValue) -> [String] {
        let (up, all) = (line["servers_up"]?.integer ?? 0, line["servers"]?.integer ?? 0)
        let quorum = "quorum \(line["quorum"]?.integer ?? 0) " + (line["quorum_up"] == true ? "met" : "LOST")
        var notes = [line["present"] == true ? "" : "not in the kernel's table"]
        if line["sorry_server_active"] == true, let sorry = line["sorry_server"]?.text {
            notes.append("sorry server \(sorry) takes the traffic")
        }
        let names = (line["programmed_as"]?.elements ?? []).compactMap(\.text)
        if !names.isEmpty { notes.append("as \(names.joined(separator: ", "))") }
        return [
            line["id"]?.text ?? "", (line["state"]?.text ?? "").uppercased(),
            "\(line["scheduler"]?.text ?? ""), \(line["forwarding"]?.text ?? "")",
            "\(up) of \(all) up, \(quorum)", notes.filter { !$0.isEmpty }.joined(separator: "; "),
        ]
    }

    private static func row(ofServer line: JSONValue) -> [String] {
        let isUp = line["state"] == "up"
        let weight = line["weight"]?.integer.map { "weight \($0)" } ?? "not in the table"
        let checks = (line["checks"]?.elements ?? []).compactMap { check -> String? in
            guard let result = check["result"]?.text else { return nil }
            let took =
                check["duration_seconds"]?.double.map { ", \(tenths(milliseconds: $0 * 1000)) ms" } ?? ""
            return "\(result) \(check["text"]?.text ?? "")\(took)"
        }
        let admin = line["admin"]?.text.flatMap { $0 == "ready" ? nil : " \($0.uppercased())" } ?? ""
        let notes = checks + (override(of: line).map { [$0] } ?? [])
        return [
            "  \(line["address"]?.text ?? "")", (isUp ? "up" : "DOWN") + admin, weight,
            "\(line["active"]?.integer ?? 0) active, \(line["inactive"]?.integer ?? 0) inactive",
            "for \(age(line["since_seconds"]))", notes.joined(separator: "; "),
        ]
    }

    /// `drain by uid 1000 since ..., until ...: kernel update`; nil without an override.
    static func override(of line: JSONValue) -> String? {
        guard let override = line["override"], let by = override["by"]?.text else { return nil }
        let order = override["weight"]?.integer.map { "weight \($0)" } ?? line["admin"]?.text ?? ""
        let until = override["until"]?.text.map { ", until \($0)" } ?? ""
        let reason = override["reason"]?.text.map { ": \($0)" } ?? ""
        return "\(order) by \(by) since \(override["since"]?.text ?? "")" + until + reason
    }

    static func tenths(milliseconds: Double) -> String {
        let tenths = Int((min(max(milliseconds, 0), 1e9) * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }

    /// `4 s`, `24 min`, `2 h 5 min`, `12 d 4 h`.
    static func age(_ seconds: JSONValue?) -> String {
        let whole = Int(min(max(seconds?.double ?? 0, 0), 1e12))
        switch whole {
        case ..<120: return "\(whole) s"
        case ..<7200: return "\(whole / 60) min"
        case ..<172_800: return "\(whole / 3600) h \(whole / 60 % 60) min"
        default: return "\(whole / 86_400) d \(whole / 3600 % 24) h"
        }
    }

    /// Cells under each other, two blanks apart; no blanks at the ends of lines.
    private static func aligned(_ rows: [[String]]) -> String {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                let padding = column == row.count - 1 ? 0 : widths[column] - cell.count + 2
                line += cell + String(repeating: " ", count: padding)
            }
            while line.hasSuffix(" ") { line.removeLast() }
            return line + "\n"
        }.joined()
    }
}
