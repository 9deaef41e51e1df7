import Timekeeping

/// The picture of one run: what the client, the virtual address, the directors and the wire did around the
/// fault.
struct Timeline {
    /// What the run belongs to.
    let scenario: ScenarioRecord
    /// What is drawn.
    let run: RunRecord
    /// With title, verdict and style sheet, as a file of its own; without them inside a report.
    var isStandalone = false
    /// Keeps names inside the picture apart from those of other pictures of a page. Letters and digits.
    var prefix = "timeline"

    static let width = 1000.0
    static let laneHeight = 24.0
    static let laneGap = 9.0
    /// Spans narrower than this many pixels are merged.
    static let shortest = 1.5

    /// The picture as one `svg` element.
    func svg() -> String {
        let window = TimeWindow(of: run, budget: scenario.budget)
        let names = run.lanes.map { TextWidth.of($0.title, size: 12) }.max() ?? 0
        let left = min(max(names, 70) + 26, 240)
        let scale = Scale(
            from: window.from.seconds, through: window.to.seconds, onto: left, Self.width - 22)
        let marks = TimelineMarks(scenario: scenario, run: run, scale: scale)
        var body = SVGWriter()
        let top = isStandalone ? header(&body) : 6
        let lanesTop = top + marks.height + bracketHeight
        let lanesEnd = lanesTop + Double(run.lanes.count) * (Self.laneHeight + Self.laneGap)
        axis(&body, scale, from: lanesTop - 4, to: lanesEnd)
        var visible: [Lane] = []
        for (index, lane) in run.lanes.enumerated() {
            let y = lanesTop + Double(index) * (Self.laneHeight + Self.laneGap)
            body.label(
                TextWidth.cut(lane.title, size: 12, to: left - 20), x: left - 14, y: y + 16.5, size: 12,
                style: "muted",
                anchor: .end)
            let drawn = TimelineLane(
                lane: lane, y: y, scale: scale, window: window, prefix: prefix, lines: marks.marks.map(\.x))
            drawn.draw(&body)
            visible.append(drawn.visible)
        }
        bracket(&body, scale, y: top + marks.height + 4)
        marks.draw(&body, top: top, lanesEnd: lanesEnd)
        let legend = TimelineLegend(lanes: visible, marks: marks, prefix: prefix)
        let legendTop = lanesEnd + 50
        legend.draw(&body, top: legendTop, left: left, right: Self.width - 22)
        let height = legendTop + legend.height(left: left, right: Self.width - 22) + (isStandalone ? 18 : 2)
        return Picture(
            title: "\(scenario.title): timeline of run \(run.number)", description: description,
            width: Self.width, height: height, prefix: prefix, isStandalone: isStandalone
        ).svg(body.finish())
    }

    /// What the picture shows, for those who do not see it.
    private var description: String {
        var parts = [scenario.sentence, scenario.expectation]
        if let outage { parts.append("The client was \(outage.words).") }
        for lane in run.lanes {
            guard case .spans(let spans) = lane.content, !spans.isEmpty, spans.count <= 12 else { continue }
            let words = spans.map { "\($0.words) from \($0.from) to \($0.to)" }
            parts.append("\(lane.title): \(words.joined(separator: ", ")).")
        }
        parts.append("Verdict: \(scenario.verdict.outcome.word), \(scenario.verdict.reason).")
        return parts.filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// Title, sentence and badge. The height they need.
    private func header(_ body: inout SVGWriter) -> Double {
        let verdict = scenario.verdict
        let badge = "\(verdict.outcome.word)  \(verdict.reason)"
        let badgeText = TextWidth.cut(badge, size: 13, to: 420)
        let badgeWidth = TextWidth.of(badgeText, size: 13) + 28
        let room = Self.width - badgeWidth - 68
        body.label(
            TextWidth.cut(scenario.title, size: 20, to: room), x: 24, y: 40, size: 20, style: "ink strong")
        body.rectangle(
            x: Self.width - 22 - badgeWidth, y: 20, width: badgeWidth, height: 30,
            style: "\(verdict.outcome.style)Tint", radius: 15)
        body.label(
            badgeText, x: Self.width - 22 - badgeWidth / 2, y: 39.5, size: 13,
            style: "\(verdict.outcome.style) strong", anchor: .middle)
        let text = [scenario.sentence, scenario.expectation].filter { !$0.isEmpty }.joined(separator: " ")
        let lines = TextWidth.lines(text, size: 13, width: Self.width - 48, limit: 3)
        for (index, line) in lines.enumerated() {
            body.label(line, x: 24, y: 68 + Double(index) * 19, size: 13, style: "muted")
        }
        return 68 + Double(lines.count) * 19 + 6
    }

    private func axis(_ body: inout SVGWriter, _ scale: Scale, from top: Double, to bottom: Double) {
        let step = scale.step(atMost: 11)
        let unit = step < 0.01 ? 1e3 : 1
        let places = Scale.places(for: step * unit)
        for tick in scale.ticks(atMost: 11) {
            let x = scale.place(tick)
            body.line(x, top, x, bottom, style: "grid")
            let number = Decimals.fixed(abs(tick * unit), places: places)
            let isZero = abs(tick) < step / 2
            let text = isZero ? "0" : "\(tick < 0 ? "\u{2212}" : "+")\(number)"
            body.label(text, x: x, y: bottom + 17, size: 11.5, style: "muted", anchor: .middle)
        }
        body.line(scale.start, bottom, scale.end, bottom, style: "rule")
        let name = unit == 1 ? "seconds" : "milliseconds"
        let zero = run.marks.contains { $0.isFault } || run.milestones.contains { $0.kind == .fault }
        body.label(
            "\(name) since the \(zero ? "fault" : "start")", x: (scale.start + scale.end) / 2, y: bottom + 34,
            size: 11.5, style: "muted", anchor: .middle)
    }

    /// The outage, where the scenario is about one.
    private var outage: Outage? { scenario.budget == nil ? nil : run.outage }

    private var bracketHeight: Double { outage == nil ? 4 : 24 }

    /// The measured outage as a dimension line above the lanes.
    private func bracket(_ body: inout SVGWriter, _ scale: Scale, y: Double) {
        guard let outage else { return }
        let (x1, x2) = (scale.place(outage.from.seconds), scale.place(outage.to.seconds))
        let text = "\(outage.isOver ? "" : "> ")\(Decimals.people(outage.length)) without a good reply"
        let width = TextWidth.of(text, size: 12.5)
        let line = y + 8
        if x2 - x1 > width + 40 {
            let middle = (x1 + x2) / 2
            let ends = "M\(SVGWriter.number(x1)) \(SVGWriter.number(line - 5))v10"
            let left = "m0 -5H\(SVGWriter.number(middle - width / 2 - 8))"
            let right = "M\(SVGWriter.number(middle + width / 2 + 8)) \(SVGWriter.number(line))"
            let close = "H\(SVGWriter.number(x2))m0 -5v10"
            body.path(ends + left + right + close, style: "l-ink")
            body.label(text, x: middle, y: line + 4.5, size: 12.5, style: "ink strong", anchor: .middle)
        } else {
            // Too short for its text: a small bracket, the text at the side with more room.
            let low = SVGWriter.number(line + 5)
            body.path(
                "M\(SVGWriter.number(x1)) \(low)v-8H\(SVGWriter.number(max(x2, x1 + 1)))v8", style: "l-ink")
            let isLeft = x2 + width + 16 > scale.end
            body.label(
                text, x: isLeft ? x1 - 8 : x2 + 8, y: line + 4.5, size: 12.5, style: "ink strong halo",
                anchor: isLeft ? .end : .start)
        }
    }
}

/// The stretch of time that a timeline shows.
struct TimeWindow: Hashable, Sendable {
    /// Where it begins, since the fault.
    let from: Interval
    /// Where it ends; always after `from`.
    let to: Interval

    /// With a budget and an outage: both and all marks, with some space at both sides. Without: everything
    /// that was recorded.
    init(of run: RunRecord, budget: Interval?) {
        var points = run.marks.map(\.at)
        for lane in run.lanes {
            switch lane.content {
            case .spans(let spans): points += spans.flatMap { [$0.from, $0.to] }
            case .ticks(let ticks): points += ticks.map(\.at)
            }
        }
        let extent = (points.min() ?? .zero, points.max() ?? .zero)
        guard let budget, let outage = run.outage else {
            self.init(from: extent.0, to: extent.1)
            return
        }
        let marks = run.marks.map(\.at)
        let start = ([outage.from, .zero] + marks).min() ?? .zero
        let end = ([outage.to, budget] + marks).max() ?? .zero
        let space = max((end - start) / 4, .milliseconds(1))
        self.init(
            from: min(max(start - space, extent.0), start - space / 16),
            to: max(min(end + space, extent.1), end + space / 4))
    }

    /// A window; one without length is widened.
    init(from: Interval, to: Interval) {
        self.from = from
        self.to = max(to, from + .milliseconds(1))
    }

    /// Its length; positive.
    var length: Interval { to - from }
}

extension Outage {
    /// `without a good reply for 3.412 s`.
    var words: String {
        isOver
            ? "without a good reply for \(length)"
            : "without a good reply for at least \(length), to the end of the measurement"
    }
}

extension LaneSpan {
    /// Its label, or its tone's word.
    var words: String { label.isEmpty ? tone.word : label }
}
