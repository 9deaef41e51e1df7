import ControlProtocol
import Timekeeping

/// One load, with the figures of every contestant, ours first.
struct CheckRow: Hashable, Sendable {
    var setup: CheckSetup
    var figures: [CheckFigures]
}

/// Everything that one run of the bench of checks has measured.
package struct CheckBenchRecord: Hashable, Sendable {
    /// What the contestants say of their versions, ours first.
    let programs: [String]
    var rows: [CheckRow] = []
    /// What could not be measured, and why.
    package var failures: [String] = []

    init(programs: [String]) { self.programs = programs }

    /// How a contestant is called.
    static func name(_ index: Int) -> String { ElectionRecord.name(index) }

    /// For people: tables in Markdown, with the targets beside the figures.
    package var text: String {
        let head = programs.enumerated().map { "\(Self.name($0)): \($1)\n" }.joined()
        let removals = CheckTable.removals(rows)
        let missing = failures.isEmpty ? "" : "\n" + failures.map { "not measured: \($0)\n" }.joined()
        return head + "\n" + CheckTable.loads(rows) + (removals.isEmpty ? "" : "\n" + removals) + missing
    }

    /// The same for programs. Processor time is microseconds a probe, removals are seconds.
    package var json: String {
        JSONWriter.text(
            [
                "schema": 1, "kind": "holdfast-bench-checks",
                "programs": .array(programs.map { .string($0) }), "loads": .array(rows.map(\.json)),
                "failures": .array(failures.map { .string($0) }),
            ])
    }
}

extension CheckRow {
    fileprivate var json: JSONValue {
        [
            "checks": .string(setup.kind.rawValue), "count": .integer(setup.count),
            "figures": .array(figures.map(\.json)),
        ]
    }
}

extension CheckFigures {
    fileprivate var json: JSONValue {
        [
            "probes_per_second": .number(rate), "us_per_probe": .array(perProbe.map { .number($0) }),
            "us_per_probe_all": .array(perProbeInAll.map { .number($0) }),
            "user_share": JSONValue(userShare) { .number($0) },
            "system_calls_per_probe": JSONValue(calls) { .number($0) }, "rss_kib": .integer(resident),
            "rss_all_kib": .integer(residentInAll), "bytes_per_check": JSONValue(perCheck) { .number($0) },
            "busiest_tenth": JSONValue(spread) { .number($0.busiest) },
            "idlest_tenth": JSONValue(spread) { .number($0.idlest) }, "servers_out": .integer(out),
            "removals": .object(
                CheckSetup.Death.allCases.map { death in
                    .init(death.rawValue, .array((removals[death] ?? []).map { .seconds($0) }))
                }), "unnoticed": .integer(unnoticed),
        ]
    }
}
