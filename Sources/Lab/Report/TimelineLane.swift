import Timekeeping

/// One lane of a timeline.
struct TimelineLane {
    /// What is drawn.
    let lane: Lane
    /// Its upper edge.
    let y: Double
    /// Seconds to pixels.
    let scale: Scale
    /// What is shown.
    let window: TimeWindow
    /// Of the picture's names.
    let prefix: String
    /// Places of lines that run through the lanes, from left to right: text keeps away from them.
    var lines: [Double] = []

    private var height: Double { Timeline.laneHeight }
    /// The time of one pixel.
    private var pixel: Interval {
        let nanoseconds = 1e9 / scale.pixelsPerUnit
        return Interval(nanoseconds: nanoseconds.isFinite ? Int64(min(max(nanoseconds, 1), 9e17)) : 1)
    }

    /// Draws the spans or ticks.
    func draw(_ body: inout SVGWriter) {
        switch visible.content {
        case .spans(let spans): draw(&body, merged: spans)
        case .ticks(let ticks): draw(&body, shown: ticks)
        }
    }

    /// The lane with what is too narrow merged: what is drawn.
    var visible: Lane {
        switch lane.content {
        case .spans(let spans):
            let shortest = pixel * Int64(Timeline.shortest * 4) / 4
            let merged = spans.merged(from: window.from, to: window.to, shortest: shortest)
            return Lane(title: lane.title, content: .spans(merged))
        case .ticks(let ticks):
            let thinned = ticks.thinned(from: window.from, to: window.to, shortest: pixel * 2)
            return Lane(title: lane.title, content: .ticks(thinned))
        }
    }

    private func draw(_ body: inout SVGWriter, merged: [LaneSpan]) {
        // What has no text goes into one path a tone: hundreds of narrow spans stay a few kilobytes.
        var plain: [Tone: String] = [:]
        var named: [LaneSpan] = []
        for span in merged {
            let width = place(span.to) - place(span.from)
            if width < 14 && merged.count > 40 {
                plain[span.tone, default: ""] += outline(ToneForm(span.tone), place(span.from), width)
            } else {
                named.append(span)
            }
        }
        for tone in Tone.allCases {
            guard let data = plain[tone] else { continue }
            let form = ToneForm(tone)
            if form.pattern.isEmpty {
                body.path(data, style: form.fill)
            } else {
                body.element("path", ["d": data, "fill": "url(#\(prefix)-\(form.pattern))"])
            }
        }
        for span in named { draw(&body, span) }
    }

    private func draw(_ body: inout SVGWriter, _ span: LaneSpan) {
        let form = ToneForm(span.tone)
        let x = place(span.from)
        let width = max(place(span.to) - x, 1)
        let high = height * form.height
        let top = y + (height - high) / 2
        let title = "\(span.words): \(span.from) to \(span.to), \(Decimals.people(span.to - span.from))"
        let radius = min(2.5, width / 2, high / 2)
        let style = [form.fill, width > 3 ? form.outline : ""].filter { !$0.isEmpty }.joined(separator: " ")
        if !form.pattern.isEmpty {
            let box: KeyValuePairs = [
                "x": SVGWriter.number(x), "y": SVGWriter.number(top), "width": SVGWriter.number(width),
                "height": SVGWriter.number(high), "rx": SVGWriter.number(radius),
                "fill": "url(#\(prefix)-\(form.pattern))",
            ]
            body.element("rect", box)
        }
        body.rectangle(
            x: x, y: top, width: width, height: high, style: style, radius: radius, title: title)
        let (middle, room) = room(from: x, to: x + width)
        let text = TextWidth.cut(span.words, size: 11.5, to: room - 12)
        guard text == span.words || text.count > 6 else { return }
        let textWidth = TextWidth.of(text, size: 11.5)
        if !form.pattern.isEmpty || form.height < 1 {
            // On a pattern or a thin line, text stands on a plate.
            body.rectangle(
                x: middle - textWidth / 2 - 6, y: y + 4, width: textWidth + 12, height: height - 8,
                style: "paper", radius: 3)
        }
        body.label(
            text, x: middle, y: y + 16, size: 11.5, style: "\(form.text) medium", anchor: .middle)
    }

    /// Middle and width of the widest stretch between lines.
    private func room(from: Double, to: Double) -> (middle: Double, width: Double) {
        let edges = [from] + lines.filter { $0 > from && $0 < to } + [to]
        let stretches = zip(edges, edges.dropFirst()).map { (middle: ($0 + $1) / 2, width: $1 - $0) }
        return stretches.max { $0.width < $1.width } ?? ((from + to) / 2, to - from)
    }

    private func outline(_ form: ToneForm, _ x: Double, _ width: Double) -> String {
        let high = height * form.height
        let wide = SVGWriter.number(max(width, 1))
        return "M\(SVGWriter.number(x)) \(SVGWriter.number(y + (height - high) / 2))h\(wide)"
            + "v\(SVGWriter.number(high))h-\(wide)z"
    }

    /// Far apart: circles for director A, diamonds for B. Close together: thin bars.
    private func draw(_ body: inout SVGWriter, shown: [LaneTick]) {
        let middle = y + height / 2
        body.line(scale.start, middle, scale.end, middle, style: "grid")
        guard Double(shown.count) * 14 <= scale.end - scale.start else {
            var bars: [Tone: String] = [:]
            for tick in shown {
                let start = "M\(SVGWriter.number(place(tick.at))) \(SVGWriter.number(y + 5))"
                bars[tick.tone, default: ""] += "\(start)v\(SVGWriter.number(height - 10))"
            }
            for tone in Tone.allCases {
                guard let data = bars[tone] else { continue }
                body.path(
                    data, style: "outline \(strokeStyle(tone))", title: lane.title)
            }
            return
        }
        var free = scale.start
        for tick in shown {
            let x = place(tick.at)
            let title = "\(tick.label) at \(tick.at)"
            body.path(Self.symbol(tick.tone, x, middle), style: Self.tickStyle(tick.tone), title: title)
        }
        // Only what differs from the tick before says its name.
        var last = ""
        for (index, tick) in shown.enumerated() {
            let x = place(tick.at) + 9
            let end = x + TextWidth.of(tick.label, size: 11)
            let next = index + 1 < shown.count ? place(shown[index + 1].at) - 7 : scale.end + 20
            guard tick.label != last, x >= free, end <= next, !lines.contains(where: { $0 > x && $0 < end })
            else { continue }
            body.label(tick.label, x: x, y: middle + 4, size: 11, style: "muted halo")
            last = tick.label
            free = end + 6
        }
    }

    private func strokeStyle(_ tone: Tone) -> String {
        switch tone {
        case .directorA: "s-a"
        case .directorB: "s-b"
        case .fault: "s-unserved"
        default: "l-ink"
        }
    }

    /// The style classes of a tick's symbol.
    static func tickStyle(_ tone: Tone) -> String {
        switch tone {
        case .directorA: "t-a"
        case .directorB: "t-b"
        case .fault: "t-unserved"
        default: "ink"
        }
    }

    /// A circle, for director B a diamond, for what is neither a square: they differ without colour.
    static func symbol(_ tone: Tone, _ x: Double, _ y: Double) -> String {
        let (x, y) = (SVGWriter.number(x), SVGWriter.number(y))
        return switch tone {
        case .directorA: "M\(x) \(y)m-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z"
        case .directorB: "M\(x) \(y)m-6 0l6 -6l6 6l-6 6z"
        default: "M\(x) \(y)m-4 -4h8v8h-8z"
        }
    }

    private func place(_ time: Interval) -> Double { scale.place(time.seconds) }
}
