import Timekeeping

/// The verdicts as plain text for a terminal.
enum VerdictTable {
    /// One line a scenario and a last one for the whole drill; failed checks and left-out parts below their
    /// scenario.
    static func text(_ record: DrillRecord) -> String {
        var rows: [Row] = [Row(["scenario", "verdict", "outage", "bound", "budget", "checks", "runs"])]
        for scenario in record.scenarios {
            let checks = scenario.allChecks
            let passed = checks.count { $0.passed }
            // Without a budget only checks decide, and gaps are nobody's outage.
            let outage =
                scenario.budget == nil
                ? nil : scenario.worstOutage.map { "\($0.isOver ? "" : ">")\($0.length)" }
            var row = Row([
                plain(scenario.name), scenario.verdict.outcome.word, outage ?? "-", duration(scenario.bound),
                duration(scenario.budget), checks.isEmpty ? "-" : "\(passed)/\(checks.count)",
                "\(scenario.runs.count)",
            ])
            // A failed check is the reason, unless the outage is: it is told once, with what was wanted.
            let failed = checks.filter { !$0.passed }
            let isToldBelow = failed.first.map { scenario.verdict.reason.hasPrefix("\($0.name): ") } ?? false
            if scenario.verdict.outcome != .passed, !isToldBelow {
                row.notes.append(plain(scenario.verdict.reason))
            }
            row.notes += failed.prefix(20).map {
                plain("\($0.name): wanted \($0.wanted), saw \($0.seen)")
            }
            row.notes += scenario.skipped.prefix(20).map { plain("left out: \($0.what): \($0.why)") }
            rows.append(row)
        }
        let widths = (0..<rows[0].cells.count).map { column in rows.map { $0.cells[column].count }.max() ?? 0
        }
        let lines = rows.flatMap { row in [row.line(widths)] + row.notes.map { "    \($0)" } }
        let verdict = record.verdict
        return (lines + ["", "\(verdict.outcome.word): \(plain(verdict.reason))", ""]).joined(separator: "\n")
    }

    private struct Row {
        var cells: [String]
        var notes: [String] = []

        init(_ cells: [String]) { self.cells = cells }

        /// Words at the left, numbers at the right of their columns.
        func line(_ widths: [Int]) -> String {
            var line = ""
            for (index, cell) in cells.enumerated() {
                let space = String(repeating: " ", count: widths[index] - cell.count)
                line += (index == 0 ? "" : "  ") + (index < 2 ? cell + space : space + cell)
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    private static func duration(_ interval: Interval?) -> String { interval.map { "\($0)" } ?? "-" }

    /// One line without control characters: what a server or a configuration says must not move the cursor.
    private static func plain(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) ? " " : scalar
                }))
    }
}
