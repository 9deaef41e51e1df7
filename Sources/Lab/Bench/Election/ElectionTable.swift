import Timekeeping

/// What was measured as tables in Markdown. Ours stands first; the last column compares with the target.
enum ElectionTable {
    /// Milliseconds that a target allows beside keepalived's own figure: noise of one run.
    private static let tolerance = 0.2

    static func failovers(_ rows: [FailoverRow]) -> String {
        var lines = heading([
            "adverts", "event", "program", "n", "outage, ms", "lost", "last to first advert, ms",
            "bound, ms", "nobody holds, ms", "target",
        ])
        for row in rows {
            for (index, readings) in row.readings.enumerated() {
                let verdict = index == 0 ? verdict(row) : ""
                let cells = [
                    row.setup.title, row.fault.title, ElectionRecord.name(index), "\(readings.count)",
                    Spread(milliseconds: readings.map(\.outage))?.text(places: 1) ?? "-",
                    Spread(readings.map { Double($0.lost) })?.text(places: 0) ?? "-",
                    Spread(milliseconds: readings.compactMap(\.handover))?.text(places: 2) ?? "no takeover",
                    row.fault.bound(row.setup).map { Decimals.fixed($0.seconds * 1e3, places: 2) } ?? "-",
                    Spread(milliseconds: readings.map(\.heldByNobody))?.text(places: 1) ?? "-", verdict,
                ]
                lines.append(line(cells))
            }
        }
        return lines.map { $0 + "\n" }.joined()
    }

    /// Which targets our readings met.
    static func verdict(_ row: FailoverRow) -> String {
        guard let ours = row.readings.first, !ours.isEmpty else { return "" }
        let lost = Spread(ours.map { Double($0.lost) })?.middle ?? 0
        guard let bound = row.fault.bound(row.setup)?.seconds else {
            let isKept = lost == 0 && ours.allSatisfy { $0.handover == nil }
            return judged("no outage, no takeover", isKept)
        }
        var parts: [String] = []
        func late(_ readings: [ElectionReading]) -> Double? {
            Spread(milliseconds: readings.compactMap(\.handover)).map { $0.middle - bound * 1e3 }
        }
        if let mine = late(ours) {
            let theirs = row.readings.dropFirst().first.flatMap(late) ?? 0
            let figures = [mine, theirs].map { Decimals.fixed($0, places: 2) }
            parts.append(
                judged(
                    "\(figures[0]) over the bound, keepalived \(figures[1])",
                    mine <= max(theirs, 0) + tolerance))
        }
        if row.fault.silences, let outage = Spread(milliseconds: ours.map(\.outage)) {
            let margin: Double = row.setup.interval <= .milliseconds(10) ? 5 : 20
            parts.append(
                judged("outage under bound + \(Int(margin)) ms", outage.middle <= bound * 1e3 + margin))
        }
        if row.fault == .stop { parts.append(judged("none lost", lost == 0)) }
        return parts.joined(separator: "; ")
    }

    static func jitter(_ rows: [JitterRow]) -> String {
        var lines = heading([
            "adverts", "machine", "program", "gaps", "mean, ms", "deviation, ms", "p99, ms", "max, ms",
            "target",
        ])
        for row in rows {
            for (index, gaps) in row.gaps.enumerated() {
                var cells = [
                    row.setup.title, row.isBusy ? "four busy loops" : "idle", ElectionRecord.name(index),
                    "\(gaps.count)",
                ]
                cells += [gaps.mean, gaps.deviation, gaps.percentile99, gaps.greatest].map {
                    Decimals.fixed($0, places: 3)
                }
                let theirs = row.gaps.dropFirst().first
                cells.append(
                    index == 0
                        ? theirs.map {
                            judged("deviation no greater", gaps.deviation <= $0.deviation + 0.02)
                        } ?? "" : "")
                lines.append(line(cells))
            }
        }
        return lines.map { $0 + "\n" }.joined()
    }

    static func loads(_ rows: [LoadRow]) -> String {
        var lines = heading([
            "adverts", "instances", "role", "program", "CPU an advert, µs", "RSS of vrrp, KiB",
            "RSS of all, KiB", "target",
        ])
        for row in rows {
            for (role, name) in ["master", "backup"].enumerated() {
                let middles = row.figures.map { Spread($0.perAdvert[role])?.middle }
                for (index, figure) in row.figures.enumerated() {
                    var target = ""
                    if index == 0, middles.count > 1, let mine = middles[0], let theirs = middles[1] {
                        let ratio = Decimals.fixed(mine / max(theirs, 1e-9), places: 2)
                        target = judged("\(ratio) of keepalived's", mine <= theirs)
                    }
                    let count = figure.strayAdverts
                    let stray = count > 0 ? " (\(count) adverts of the backup)" : ""
                    let cells = [
                        row.setup.title, "\(row.setup.instances)", name, ElectionRecord.name(index),
                        (Spread(figure.perAdvert[role])?.text(places: 1) ?? "-") + stray,
                        "\(figure.resident[role])", "\(figure.residentInAll[role])", target,
                    ]
                    lines.append(line(cells))
                }
            }
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private static func heading(_ titles: [String]) -> [String] {
        [line(titles), line(titles.map { _ in "---" })]
    }

    private static func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }

    private static func judged(_ text: String, _ isKept: Bool) -> String {
        "\(text): \(isKept ? "met" : "MISSED")"
    }
}
