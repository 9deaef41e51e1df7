/// What `holdfast why TARGET` says of an instance, a service or a server: all that is known of it, in order.
package struct WhyText: Hashable, Sendable {
    /// For people; lines end in "\n".
    package let text: String
    /// All that it is about is as it is to be.
    package let isWell: Bool
    /// For programs: docs/why.schema.json. A server is in its service, without the others.
    package let json: JSONValue

    /// About everything in the answer to `status` whose name has `target` in it; nil when there is nothing.
    /// The exact name of one thing is about that thing alone.
    package init?(of target: String, in lines: [JSONValue]) {
        let named = lines.filter { Self.name(of: $0) != nil }
        let exact = named.filter { Self.name(of: $0) == target }
        let found = exact.isEmpty ? named.filter { Self.name(of: $0)?.contains(target) ?? false } : exact
        guard !found.isEmpty else { return nil }
        let isWell = found.allSatisfy(StatusDocument.isWell)
        self.isWell = isWell
        json = Self.document(of: target, isWell, found, lines)
        text = found.map { line -> String in
            switch line["kind"]?.text {
            case "instance": Self.instance(line)
            case "service": Self.service(line, servers: lines.filter { $0["service"] == line["id"] })
            default: Self.server(line, service: lines.first { $0["id"] == line["service"] })
            }
        }.joined(separator: "\n")
    }

    private static func document(
        of target: String, _ isWell: Bool, _ found: [JSONValue], _ lines: [JSONValue]
    ) -> JSONValue {
        let names = Set(found.compactMap(Self.name))
        let services = Set(found.compactMap { $0["kind"] == "service" ? $0["id"]?.text : nil })
        let servicesOfServers = Set(found.compactMap { $0["service"]?.text })
        let wanted = lines.filter { line in
            let isFound = Self.name(of: line).map(names.contains) ?? false
            return switch line["kind"]?.text {
            case "instance": isFound
            case "service": isFound || line["id"]?.text.map(servicesOfServers.contains) ?? false
            case "server": isFound || line["service"]?.text.map(services.contains) ?? false
            default: false
            }
        }
        let all = StatusDocument([["kind": "daemon"]] + wanted)?.json
        return [
            "schema": .integer(ControlNumbers.version), "target": .string(target), "well": .bool(isWell),
            "vrrp": all?["vrrp"] ?? .array([]), "virtual_servers": all?["virtual_servers"] ?? .array([]),
        ]
    }

    /// What a line is about: `VI_1`, `192.0.2.100:80/tcp`, `192.0.2.21:80@192.0.2.100:80/tcp`.
    private static func name(of line: JSONValue) -> String? {
        switch line["kind"]?.text {
        case "instance": line["name"]?.text
        case "service": line["id"]?.text
        case "server": line["address"]?.text.map { "\($0)@\(line["service"]?.text ?? "")" }
        default: nil
        }
    }

    private static func rows(_ rows: [(name: String, text: String?)]) -> String {
        rows.compactMap { row in
            row.text.map {
                "  \(row.name)\(String(repeating: " ", count: max(1, 11 - row.name.count)))\($0)\n"
            }
        }.joined()
    }

    private static func instance(_ line: JSONValue) -> String {
        let (own, base) = (line["priority"]?.integer ?? 0, line["base_priority"]?.integer ?? 0)
        let missing = (line["vips"]?.elements ?? []).filter { $0["present"] != true }
            .compactMap { $0["address"]?.text }
        let isMaster = line["state"] == "master"
        let master = line["master"]?["address"]?.text.map { address in
            "\(address), priority \(line["master"]?["priority"]?.integer ?? 0), heard "
                + "\(StatusDocument.age(line["master"]?["last_advert_seconds"])) ago"
        }
        let drops = (line["counters"]?.members ?? []).filter {
            $0.name.hasPrefix("dropped-") && $0.value != 0
        }
        .map { "\($0.value.integer ?? 0) \($0.name.dropFirst(8))" }
        let head =
            "\(line["name"]?.text ?? "") has been \((line["state"]?.text ?? "").uppercased()) for "
            + "\(StatusDocument.age(line["since_seconds"]))\n"
        let tracking = (line["tracking"]?.elements ?? []).map(tracked)
        return head
            + rows([
                ("because", line["reason"]?.text), ("master", master),
                (
                    "waits",
                    line["yields"] == true
                        ? "it takes over when nobody else is master, or with holdfast switch --back" : nil
                ),
                (
                    "priority",
                    own == base ? "\(own)" : "\(own), configured \(base): what it tracks has changed it"
                ),
                ("tracks", tracking.isEmpty ? nil : tracking.joined(separator: "; ")),
                (
                    "addresses",
                    isMaster && !missing.isEmpty ? "missing: \(missing.joined(separator: ", "))" : nil
                ),
                ("dropped", drops.isEmpty ? nil : "adverts: \(drops.joined(separator: ", "))"),
            ])
    }

    /// `track_script chk: -20`.
    private static func tracked(_ line: JSONValue) -> String {
        let name = "\(line["kind"]?.text ?? "") \(line["name"]?.text ?? "")"
        return switch line["state"]?.text {
        case "fault": "\(name): FAULT"
        case "unknown": "\(name): not known yet"
        default:
            switch (line["added"]?.integer ?? 0, line["weight"]?.integer ?? 0) {
            case (_, 0): "\(name): in order"
            case (let added, _): "\(name): \(added < 0 ? "" : "+")\(added)"
            }
        }
    }

    private static func service(_ line: JSONValue, servers: [JSONValue]) -> String {
        let down = servers.filter { $0["state"] == "down" }.compactMap { $0["address"]?.text }
        let sorry = line["sorry_server_active"] == true ? line["sorry_server"]?.text : nil
        let weights = "live weight \(line["live_weight"]?.integer ?? 0) of \(line["quorum"]?.integer ?? 0)"
        return "\(line["id"]?.text ?? "") is \((line["state"]?.text ?? "").uppercased())\n"
            + rows([
                ("quorum", (line["quorum_up"] == true ? "met, " : "LOST, ") + weights),
                ("down", down.isEmpty ? nil : down.joined(separator: ", ")),
                ("sorry", sorry.map { "\($0) takes the traffic" }),
                ("kernel", line["present"] == true ? nil : "its table does not have all of it"),
            ])
    }

    /// ` after 4.2 ms (connect 0.8 ms, TLS 2.1 ms)`.
    private static func timings(_ check: JSONValue) -> String {
        func milliseconds(_ member: String) -> String? {
            check[member]?.double.map { "\(StatusDocument.tenths(milliseconds: $0 * 1000)) ms" }
        }
        guard let whole = milliseconds("duration_seconds") else { return "" }
        let parts = [("connect", milliseconds("connect_seconds")), ("TLS", milliseconds("tls_seconds"))]
            .compactMap { name, part in part.map { "\(name) \($0)" } }
        // All that a mere connection does is to connect.
        guard !parts.isEmpty, check["duration_seconds"] != check["connect_seconds"] else {
            return " after \(whole)"
        }
        return " after \(whole) (\(parts.joined(separator: ", ")))"
    }

    private static func server(_ line: JSONValue, service: JSONValue?) -> String {
        let isUp = line["state"] == "up"
        var text =
            "\(line["address"]?.text ?? "") in \(line["service"]?.text ?? "") has been "
            + "\(isUp ? "UP" : "DOWN") for \(StatusDocument.age(line["since_seconds"]))\n"
        text += rows([("operator", StatusDocument.override(of: line))])
        for check in line["checks"]?.elements ?? [] {
            let last = check["result"]?.text.map { result in
                "\(check["at"]?.text ?? "")  \(result) \(check["text"]?.text ?? "")\(timings(check))"
            }
            let failures = check["failures"]?.integer ?? 0
            text += rows([
                ("check", "\(check["target"]?.text ?? ""): \(check["verdict"]?.text ?? "nothing known yet")"),
                ("held", check["held"] == true ? "it fails, as nearly all do: not in force yet" : nil),
                ("last", last), ("failures", failures > 0 ? "\(failures) in a row" : nil),
            ])
        }
        if (line["checks"]?.elements ?? []).isEmpty { text += rows([("check", "none: always up")]) }
        for change in line["history"]?.elements ?? [] {
            let why = [change["result"]?.text, change["text"]?.text].compactMap { $0 }.joined(separator: " ")
            let state = (change["state"]?.text ?? "").uppercased()
            text += rows([("history", "\(change["at"]?.text ?? "")  \(state)  \(why)")])
        }
        let weight = line["weight"]?.integer
        let traffic = weight.map {
            "weight \($0), \(line["active"]?.integer ?? 0) active, \(line["inactive"]?.integer ?? 0) inactive"
        }
        let quorum = service?["quorum_up"] == false ? "LOST: too few servers are up" : nil
        return text
            + rows([("traffic", traffic ?? "none: the kernel's table does not have it"), ("quorum", quorum)])
    }
}
