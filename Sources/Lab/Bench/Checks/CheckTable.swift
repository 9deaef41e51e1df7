import Timekeeping

/// What was measured as tables in Markdown. Ours stands first; the last column compares with the target.
enum CheckTable {
    /// Octets of memory that a check may take.
    private static let memory = 1024.0
    /// The busiest tenth of a second, as a part of the mean, up to which starts count as even.
    private static let evenness = 1.5
    /// What a removal may take beside what the configuration says.
    private static let margin = Interval.milliseconds(50)

    static func loads(_ rows: [CheckRow]) -> String {
        var lines = heading([
            "checks", "program", "probes a s", "CPU a probe, µs", "in user, %", "of all processes, µs",
            "calls a probe", "RSS, KiB", "octets a check", "RSS of all, KiB", "busiest - idlest 0.1 s",
            "servers out", "target",
        ])
        for row in rows {
            for (index, figures) in row.figures.enumerated() {
                let verdict = index == 0 ? verdict(row) : ""
                lines.append(
                    line([row.setup.title, CheckBenchRecord.name(index)] + cells(figures) + [verdict]))
            }
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private static func cells(_ figures: CheckFigures) -> [String] {
        func text(_ value: Double?, places: Int) -> String {
            value.map { Decimals.fixed($0, places: places) } ?? "-"
        }
        let busiest = text(figures.spread?.busiest, places: 2)
        let idlest = text(figures.spread?.idlest, places: 2)
        return [
            text(figures.rate, places: 0), Spread(figures.perProbe)?.text(places: 1) ?? "-",
            text(figures.userShare.map { $0 * 100 }, places: 0),
            Spread(figures.perProbeInAll)?.text(places: 1) ?? "-", text(figures.calls, places: 1),
            "\(figures.resident)", text(figures.perCheck, places: 0), "\(figures.residentInAll)",
            "\(busiest) - \(idlest)", "\(figures.out)",
        ]
    }

    /// Which targets our figures met.
    static func verdict(_ row: CheckRow) -> String {
        guard let ours = row.figures.first else { return "" }
        var parts: [String] = []
        let times = row.figures.map { Spread($0.perProbe)?.middle }
        if times.count > 1, let mine = times[0], let theirs = times[1] {
            let ratio = Decimals.fixed(mine / max(theirs, 1e-9), places: 2)
            parts.append(judged("\(ratio) of keepalived's CPU", mine <= theirs))
        }
        if let grown = ours.perCheck { parts.append(judged("under 1 KB a check", grown < memory)) }
        if let spread = ours.spread {
            parts.append(judged("busiest under 1.5 of the mean", spread.busiest < evenness))
        }
        return parts.joined(separator: "; ")
    }

    /// Empty when nothing died.
    static func removals(_ rows: [CheckRow]) -> String {
        var lines: [String] = []
        for row in rows where row.setup.victims > 0 {
            for death in CheckSetup.Death.allCases {
                for (index, figures) in row.figures.enumerated() {
                    let took = figures.removals[death] ?? []
                    let bound = death.bound + margin
                    let isKept = !took.isEmpty && figures.unnoticed == 0 && took.allSatisfy { $0 <= bound }
                    lines.append(
                        line([
                            row.setup.title, death.rawValue, CheckBenchRecord.name(index), "\(took.count)",
                            Spread(milliseconds: took)?.text(places: 0) ?? "-",
                            Decimals.fixed(bound.milliseconds, places: 0),
                            index == 0 ? judged("all within the bound", isKept) : "",
                        ]))
                }
            }
        }
        guard !lines.isEmpty else { return "" }
        let head = heading([
            "checks", "death", "program", "n", "death to removal, ms", "bound, ms", "target",
        ])
        return (head + lines).map { $0 + "\n" }.joined()
    }

    private static func heading(_ titles: [String]) -> [String] {
        [line(titles), line(titles.map { _ in "---" })]
    }

    private static func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }

    private static func judged(_ text: String, _ isKept: Bool) -> String {
        "\(text): \(isKept ? "met" : "MISSED")"
    }
}
