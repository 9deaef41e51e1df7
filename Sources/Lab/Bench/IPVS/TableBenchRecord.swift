import ControlProtocol
import Timekeeping

/// One table, with the figures of every contestant, ours first.
struct TableRow: Hashable, Sendable {
    var setup: TableSetup
    var figures: [TableFigures]
}

/// Everything that one run of the bench of IPVS has measured.
package struct TableBenchRecord: Hashable, Sendable {
    /// What the contestants say of their versions, ours first.
    let programs: [String]
    var rows: [TableRow] = []
    /// What could not be measured, and why.
    package var failures: [String] = []

    init(programs: [String]) { self.programs = programs }

    /// How a contestant is called.
    static func name(_ index: Int) -> String { ElectionRecord.name(index) }

    /// For people: a table in Markdown, with the targets beside the figures.
    package var text: String {
        let head = programs.enumerated().map { "\(Self.name($0)): \($1)\n" }.joined()
        let missing = failures.isEmpty ? "" : "\n" + failures.map { "not measured: \($0)\n" }.joined()
        let titles = [
            "servers", "program", "n", "start to whole table, ms", "CPU of the start, ms", "its writes",
            "reload, nothing changed: CPU, ms", "its writes", "reload, one weight: ms", "CPU, ms",
            "its writes",
            "target",
        ]
        var lines = [titles, titles.map { _ in "---" }]
        for row in rows {
            for (index, figures) in row.figures.enumerated() {
                let verdict = index == 0 ? row.verdict : ""
                lines.append([row.setup.title, Self.name(index)] + figures.cells + [verdict])
            }
        }
        let table = lines.map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
        return head + "\n" + table + missing
    }

    /// The same for programs. Times are seconds.
    package var json: String {
        JSONWriter.text([
            "schema": 1, "kind": "holdfast-bench-ipvs",
            "programs": .array(programs.map { .string($0) }), "tables": .array(rows.map(\.json)),
            "failures": .array(failures.map { .string($0) }),
        ])
    }
}

extension TableRow {
    /// Which targets our figures met (DESIGN.md section 6): twice as fast where a change of the table is
    /// cheap, and a reload with one change by one write, in half of the time.
    var verdict: String {
        guard let ours = figures.first else { return "" }
        var parts: [String] = []
        func compare(_ what: String, _ times: KeyPath<TableFigures, [Interval]>) {
            guard figures.count > 1, let mine = Spread(milliseconds: ours[keyPath: times])?.middle,
                let theirs = Spread(milliseconds: figures[1][keyPath: times])?.middle, mine > 0
            else { return }
            parts.append(
                Self.judged(
                    "\(what) \(Decimals.fixed(theirs / mine, places: 1))x as fast", theirs >= 2 * mine))
        }
        compare("start", \.starts)
        compare("one weight", \.changes)
        if let count = ours.idleReloadRequests {
            parts.append(Self.judged("no write for nothing", count.writes == 0))
        }
        if let count = ours.changeRequests {
            parts.append(Self.judged("one write for one weight", count.writes == 1))
        }
        return parts.joined(separator: "; ")
    }

    private static func judged(_ text: String, _ isKept: Bool) -> String {
        "\(text): \(isKept ? "met" : "MISSED")"
    }

    fileprivate var json: JSONValue {
        [
            "servers": .integer(setup.count), "scheduler": .string(setup.scheduler),
            "figures": .array(figures.map(\.json)),
        ]
    }
}

extension TableFigures {
    /// What stands in the table, from `n` on.
    var cells: [String] {
        func times(_ values: [Interval]) -> String { Spread(milliseconds: values)?.text(places: 1) ?? "-" }
        func writes(_ count: RequestCount?) -> String {
            count.map { $0.writes == 0 ? "0" : "\($0.writes) in \($0.datagrams)" } ?? "-"
        }
        return [
            "\(starts.count)", times(starts), times(startWork), writes(startRequests), times(idleReloadWork),
            writes(idleReloadRequests), times(changes), times(changeWork), writes(changeRequests),
        ]
    }

    fileprivate var json: JSONValue {
        func times(_ values: [Interval]) -> JSONValue { .array(values.map { .seconds($0) }) }
        func requests(_ count: RequestCount?) -> JSONValue {
            JSONValue(count) {
                ["writes": .integer($0.writes), "datagrams": .integer($0.datagrams)]
            }
        }
        return [
            "start": times(starts), "start_cpu": times(startWork), "start_requests": requests(startRequests),
            "idle_reload_cpu": times(idleReloadWork), "idle_reload_requests": requests(idleReloadRequests),
            "change": times(changes), "change_cpu": times(changeWork),
            "change_requests": requests(changeRequests),
        ]
    }
}
