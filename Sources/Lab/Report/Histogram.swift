import Timekeeping

/// How the outages of repeated runs are distributed, against the protocol's bound and the budget.
struct Histogram {
    /// Whose runs.
    let scenario: ScenarioRecord
    /// A file of its own.
    var isStandalone = false
    /// Keeps names apart from those of other pictures of a page.
    var prefix = "histogram"

    static let width = 1000.0
    private static let plotHeight = 150.0

    /// Runs by length of the outage.
    struct Bins: Hashable, Sendable {
        /// The lower edge of the first bin, in seconds.
        var low: Double
        /// Of each bin, in seconds; positive.
        var width: Double
        /// How many runs are in each.
        var counts: [Int]

        /// Bins with round edges; at most 40 of them.
        init(_ seconds: [Double]) {
            let finite = seconds.filter(\.isFinite)
            let (low, high) = (finite.min() ?? 0, finite.max() ?? 0)
            let wanted = min(max(Int(Double(finite.count).squareRoot() * 2), 6), 24)
            // Outages alike to a tenth of a millisecond are one bar, not a picture of the clock's grain.
            width = Scale(from: low, through: max(high, low + 1e-3), onto: 0, 1).step(atMost: wanted)
            self.low = (low / width).rounded(.down) * width
            counts = []
            for value in finite {
                let index = min(max(Int((value - self.low) / width), 0), 39)
                while counts.count <= index { counts.append(0) }
                counts[index] += 1
            }
        }

        /// The upper edge of the last bin.
        var high: Double { low + Double(max(counts.count, 1)) * width }
    }

    /// The picture; nil with fewer than two runs, of which there is nothing to compare.
    func svg() -> String? {
        let outages = scenario.outages
        guard outages.count >= 2 else { return nil }
        let bins = Bins(outages.map(\.seconds))
        let lines = lines(outages)
        let all = lines.map(\.at.seconds) + [bins.low, bins.high]
        let (low, high) = (all.min() ?? 0, all.max() ?? 1)
        let space = max((high - low) / 20, bins.width / 2)
        let scale = Scale(
            from: max(low - space, 0), through: high + space, onto: 60, Self.width - 22)
        let rows = rows(lines, scale)
        let top = (isStandalone ? 56 : 6) + Double((rows.compactMap(\.self).max() ?? 0) + 1) * 17
        let bottom = top + Self.plotHeight
        var body = SVGWriter()
        if isStandalone {
            body.label(
                "\(scenario.title): outages of \(outages.count) runs", x: 24, y: 36, size: 18,
                style: "ink strong")
        }
        axes(&body, scale, bins, top: top, bottom: bottom)
        bars(&body, scale, bins, top: top, bottom: bottom)
        for (line, row) in zip(lines, rows) {
            let x = scale.place(line.at.seconds)
            let y = top - Double(row ?? 0) * 17 - 8
            body.line(x, y - 9, x, bottom, style: line.style)
            guard row != nil else { continue }
            let isLeft = x + TextWidth.of(line.label, size: 11.5) + 8 > scale.end
            body.label(
                line.label, x: isLeft ? x - 5 : x + 5, y: y, size: 11.5, style: line.text,
                anchor: isLeft ? .end : .start)
        }
        return Picture(
            title: "\(scenario.title): outages of \(outages.count) runs", description: description(outages),
            width: Self.width, height: bottom + (isStandalone ? 56 : 44), prefix: prefix,
            isStandalone: isStandalone
        ).svg(body.finish())
    }

    private struct Line {
        var at: Interval
        var label: String
        var style: String
        var text: String
    }

    private func lines(_ outages: [Interval]) -> [Line] {
        var lines: [Line] = []
        func add(_ at: Interval?, _ name: String, _ style: String, _ text: String) {
            guard let at else { return }
            lines.append(
                Line(at: at, label: "\(name) \(Decimals.people(at))", style: style, text: "\(text) halo"))
        }
        add(outages.percentile(50), "p50", "l-ink", "ink medium")
        add(outages.percentile(95), "p95", "l-ink", "ink medium")
        add(scenario.bound, "bound", "l-bound", "bound medium")
        add(scenario.budget, "budget", "l-budget", "budget medium")
        return lines.sorted { $0.at < $1.at }
    }

    /// The row in which each name touches no other.
    private func rows(_ lines: [Line], _ scale: Scale) -> [Int?] {
        var ends = [Double](repeating: -1e9, count: 4)
        return lines.map { line in
            let x = scale.place(line.at.seconds)
            let width = TextWidth.of(line.label, size: 11.5) + 8
            let isLeft = x + width > scale.end
            guard let row = ends.firstIndex(where: { $0 <= (isLeft ? x - width : x) }) else { return nil }
            ends[row] = isLeft ? x : x + width
            return row
        }
    }

    private func axes(
        _ body: inout SVGWriter, _ scale: Scale, _ bins: Bins, top: Double, bottom: Double
    ) {
        let most = Scale(from: 0, through: Double(max(bins.counts.max() ?? 1, 1)), onto: bottom, top + 8)
        for tick in most.ticks(atMost: 5) where tick == tick.rounded() {
            let y = most.place(tick)
            body.line(scale.start, y, scale.end, y, style: tick == 0 ? "rule" : "grid")
            body.label(
                Decimals.count(Int(tick)), x: scale.start - 10, y: y + 4, size: 11.5, style: "muted",
                anchor: .end)
        }
        body.label("runs", x: scale.start - 10, y: top - 6, size: 11.5, style: "muted", anchor: .end)
        let step = scale.step(atMost: 11)
        let unit = step < 0.01 ? 1e3 : 1
        for tick in scale.ticks(atMost: 11) {
            body.label(
                Decimals.fixed(tick * unit, places: Scale.places(for: step * unit)), x: scale.place(tick),
                y: bottom + 17, size: 11.5, style: "muted", anchor: .middle)
        }
        body.label(
            "\(unit == 1 ? "seconds" : "milliseconds") without a good reply",
            x: (scale.start + scale.end) / 2,
            y: bottom + 36, size: 11.5, style: "muted", anchor: .middle)
    }

    private func bars(
        _ body: inout SVGWriter, _ scale: Scale, _ bins: Bins, top: Double, bottom: Double
    ) {
        let most = Scale(from: 0, through: Double(max(bins.counts.max() ?? 1, 1)), onto: bottom, top + 8)
        for (index, count) in bins.counts.enumerated() where count > 0 {
            let low = bins.low + Double(index) * bins.width
            let (x1, x2) = (scale.place(low), scale.place(low + bins.width))
            let y = most.place(Double(count))
            body.rectangle(
                x: x1 + 1, y: y, width: x2 - x1 - 2, height: bottom - y, style: "p-2", radius: 2,
                title: "\(count) of \(scenario.outages.count) runs")
        }
    }

    private func description(_ outages: [Interval]) -> String {
        let values = [("shortest", 0.0), ("p50", 50), ("p95", 95), ("longest", 100)]
            .compactMap { name, percent in outages.percentile(percent).map { "\(name) \($0)" } }
        let limits = [
            scenario.bound.map { "protocol bound \($0)" }, scenario.budget.map { "budget \($0)" },
        ]
        return "\((values + limits.compactMap(\.self)).joined(separator: ", "))."
    }
}
