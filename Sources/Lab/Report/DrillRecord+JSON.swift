import ControlProtocol
import Timekeeping

extension DrillRecord {
    /// The number of the schema; a change that readers must know about raises it. docs/drill-json.md
    /// describes it.
    static let schema = 1

    /// The record as a JSON document. Times are seconds since the fault of their run.
    var json: JSONValue {
        .object([
            .init("schema", .integer(Self.schema)), .init("kind", .string("holdfast-drill")),
            .init("verdict", verdict.json), .init("exit_status", .integer(Int(exitStatus))),
            .init("problem", JSONValue(problem) { .string($0) }), .init("header", header.json),
            .init("scenarios", .array(scenarios.map(\.json))),
        ])
    }
}

extension Verdict {
    /// Outcome and reason.
    var json: JSONValue {
        .object([.init("outcome", .string(outcome.rawValue)), .init("reason", .string(reason))])
    }
}

extension DrillHeader {
    /// All members.
    var json: JSONValue {
        .object([
            .init("date", .string(date)), .init("tool_version", .string(toolVersion)),
            .init("kernel", .string(kernel)), .init("place", .string(place)),
            .init("example", .string(example)),
            .init("daemon_path", .string(daemonPath)), .init("daemon_version", .string(daemonVersion)),
            .init(
                "facts",
                .array(
                    facts.map {
                        .object([.init("name", .string($0.name)), .init("value", .string($0.value))])
                    })),
            .init(
                "configurations",
                .array(
                    configurations.map {
                        .object([
                            .init("director", .string($0.director)), .init("sha256", .string($0.sha256)),
                            .init("text", .string($0.text)),
                        ])
                    })),
        ])
    }
}

extension ScenarioRecord {
    /// All members, and what follows from the runs.
    var json: JSONValue {
        .object([
            .init("name", .string(name)), .init("title", .string(title)), .init("verdict", verdict.json),
            .init("sentence", .string(sentence)), .init("expectation", .string(expectation)),
            .init("bound", JSONValue(bound) { .seconds($0) }),
            .init("budget", JSONValue(budget) { .seconds($0) }), .init("outages", statistics),
            .init("checks", .array(checks.map(\.json))),
            .init(
                "skipped",
                .array(
                    skipped.map {
                        .object([.init("what", .string($0.what)), .init("why", .string($0.why))])
                    })),
            .init("runs", .array(runs.map(\.json))),
        ])
    }

    private var statistics: JSONValue {
        let outages = outages
        func percentile(_ percent: Double) -> JSONValue {
            JSONValue(outages.percentile(percent)) { .seconds($0) }
        }
        return .object([
            .init("count", .integer(outages.count)), .init("min", percentile(0)),
            .init("p50", percentile(50)),
            .init("p95", percentile(95)), .init("max", percentile(100)),
        ])
    }
}

extension CheckRecord {
    /// All members.
    var json: JSONValue {
        .object([
            .init("name", .string(name)), .init("wanted", .string(wanted)), .init("seen", .string(seen)),
            .init("passed", .bool(passed)),
        ])
    }
}

extension RunRecord {
    /// All members, and the phases of the outage.
    var json: JSONValue {
        .object([
            .init("number", .integer(number)), .init("outage", JSONValue(outage) { $0.json }),
            .init(
                "probes",
                .object([
                    .init("sent", .integer(probes.sent)), .init("failed", .integer(probes.failed)),
                    .init("spacing", .seconds(probes.spacing)),
                ])), .init("noise", JSONValue(noise) { .seconds($0) }),
            .init(
                "servers",
                .array(
                    servers.map {
                        .object([.init("name", .string($0.name)), .init("replies", .integer($0.replies))])
                    })), .init("milestones", .array(milestones.map(\.json))),
            .init(
                "phases",
                .array(
                    Phase.phases(of: self).map {
                        .object([
                            .init("until", .string($0.end.kind.rawValue)),
                            .init("length", .seconds($0.length)),
                        ])
                    })),
            .init(
                "marks",
                .array(
                    marks.map {
                        .object([
                            .init("at", .seconds($0.at)), .init("label", .string($0.label)),
                            .init("is_fault", .bool($0.isFault)),
                        ])
                    })), .init("lanes", .array(lanes.map(\.json))),
            .init("checks", .array(checks.map(\.json))),
        ])
    }
}

extension Outage {
    /// All members.
    var json: JSONValue {
        .object([
            .init("length", .seconds(length)), .init("from", .seconds(from)), .init("to", .seconds(to)),
            .init("is_over", .bool(isOver)),
        ])
    }
}

extension Milestone {
    /// All members.
    var json: JSONValue {
        .object([
            .init("what", .string(kind.rawValue)), .init("at", .seconds(at)),
            .init("detail", .string(detail)),
        ])
    }
}

extension Lane {
    /// Title and either spans or ticks.
    var json: JSONValue {
        switch content {
        case .spans(let spans):
            .object([
                .init("title", .string(title)),
                .init(
                    "spans",
                    .array(
                        spans.map {
                            .object([
                                .init("from", .seconds($0.from)), .init("to", .seconds($0.to)),
                                .init("tone", .string($0.tone.rawValue)), .init("label", .string($0.label)),
                            ])
                        })),
            ])
        case .ticks(let ticks):
            .object([
                .init("title", .string(title)),
                .init(
                    "ticks",
                    .array(
                        ticks.map {
                            .object([
                                .init("at", .seconds($0.at)), .init("tone", .string($0.tone.rawValue)),
                                .init("label", .string($0.label)),
                            ])
                        })),
            ])
        }
    }
}
