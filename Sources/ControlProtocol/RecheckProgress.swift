/// Which checks `recheck` has begun, and which of them have ended since, by answers to `status`.
package struct RecheckProgress: Hashable, Sendable {
    private struct Name: Hashable, Sendable {
        var service: String
        var address: String
        var target: String
    }

    /// When each check's latest probe had ended, by a clock that nobody sets: the date of one probe differs
    /// by a millisecond from answer to answer. A server may have several checks of one target.
    private var before: [Name: [Int?]] = [:]
    private let order: [Name]
    /// False of a daemon that does not say when probes ended, older than this: nothing is worth waiting for.
    package let canTell: Bool

    /// `begun` are the lines that answered `recheck`, `status` those that answered `status` before it.
    package init(_ begun: [JSONValue], before status: [JSONValue]) {
        var seen: Set<Name> = []
        order = begun.filter { $0["kind"] == "recheck" }
            .compactMap { Self.name($0, of: $0) }.filter { seen.insert($0).inserted }
        for name in order { before[name] = [] }
        canTell = Self.checks(in: status).allSatisfy { $0.1["finished_microseconds"] != nil }
        for (name, check) in Self.checks(in: status) { before[name]?.append(Self.end(of: check)) }
    }

    private static func end(of check: JSONValue) -> Int? { check["finished_microseconds"]?.integer }

    private static func name(_ check: JSONValue, of server: JSONValue) -> Name? {
        guard let service = server["service"]?.text, let address = server["address"]?.text,
            let target = check["target"]?.text
        else { return nil }
        return Name(service: service, address: address, target: target)
    }

    private static func checks(in status: [JSONValue]) -> [(Name, JSONValue)] {
        status.filter { $0["kind"] == "server" }.flatMap { server in
            (server["checks"]?.elements ?? []).compactMap { check in
                name(check, of: server).map { ($0, check) }
            }
        }
    }

    /// How many checks have not ended since, by a later answer to `status`. One whose server is gone is not
    /// waited for.
    package func left(in status: [JSONValue]) -> Int {
        var now: [Name: [Int?]] = [:]
        for (name, check) in Self.checks(in: status) { now[name, default: []].append(Self.end(of: check)) }
        return order.reduce(0) { count, name in
            let old = before[name] ?? []
            return count
                + (now[name] ?? []).enumerated().filter { place, end in
                    end == nil || (old.indices.contains(place) && old[place] == end)
                }.count
        }
    }

    /// What those checks say now, a line each, and whether all of them are good.
    package func outcome(in status: [JSONValue]) -> (text: String, isGood: Bool) {
        let wanted = Set(order)
        let lines = Self.checks(in: status).filter { wanted.contains($0.0) }
        let text = lines.map { name, check in
            let took =
                check["duration_seconds"]?.double.map {
                    ", \(StatusDocument.tenths(milliseconds: $0 * 1000)) ms"
                } ?? ""
            let said = [check["result"]?.text, check["text"]?.text].compactMap { $0 }.joined(separator: " ")
            return "\(name.address) in \(name.service)  \(check["verdict"]?.text ?? "not known yet")"
                + "  \(name.target)  \(said)\(took)\n"
        }
        let isGood = lines.allSatisfy { $0.1["verdict"] == "up" && $0.1["failures"] == 0 }
        return (text.joined(), isGood)
    }
}
