/// What the forms of a timeline mean; only those that occur.
struct TimelineLegend {
    /// One sample and its name.
    private enum Entry {
        case tone(Tone)
        case tick(Tone)
        case line(String, String)

        var name: String {
            switch self {
            case .tone(let tone): tone.word
            case .tick(let tone): "advert of \(tone.word)"
            case .line(_, let name): name
            }
        }
    }

    private let entries: [Entry]
    private let prefix: String

    private static let rowHeight = 21.0
    private static let sample = 22.0

    /// The legend of these lanes and lines.
    init(lanes: [Lane], marks: TimelineMarks, prefix: String) {
        var spans: Set<Tone> = []
        var ticks: Set<Tone> = []
        for lane in lanes {
            switch lane.content {
            case .spans(let content): spans.formUnion(content.map(\.tone))
            case .ticks(let content): ticks.formUnion(content.map(\.tone))
            }
        }
        let lines = [
            ("l-fault", "fault"), ("l-bound", "protocol bound"), ("l-budget", "budget"), ("l-mark", "event"),
        ]
        entries =
            Tone.allCases.filter(spans.contains).map(Entry.tone)
            + [Tone.directorA, .directorB].filter(ticks.contains).map(Entry.tick)
            + lines.filter { marks.contains($0.0) }.map { Entry.line($0.0, $0.1) }
        self.prefix = prefix
    }

    /// How high it is between these edges.
    func height(left: Double, right: Double) -> Double {
        Double(places(left, right).last.map { $0.row + 1 } ?? 0) * Self.rowHeight
    }

    private func places(_ left: Double, _ right: Double) -> [(x: Double, row: Int)] {
        var (x, row) = (left, 0)
        return entries.map { entry in
            let width = Self.sample + 6 + TextWidth.of(entry.name, size: 11.5) + 18
            if x + width > right + 18, x > left { (x, row) = (left, row + 1) }
            defer { x += width }
            return (x, row)
        }
    }

    /// Draws samples and names.
    func draw(_ body: inout SVGWriter, top: Double, left: Double, right: Double) {
        for (entry, place) in zip(entries, places(left, right)) {
            let y = top + Double(place.row) * Self.rowHeight
            switch entry {
            case .tone(let tone): sample(&body, ToneForm(tone), place.x, y)
            case .tick(let tone):
                let data = TimelineLane.symbol(tone, place.x + Self.sample / 2, y + 7)
                body.path(data, style: TimelineLane.tickStyle(tone))
            case .line(let style, _): body.line(place.x, y + 7, place.x + Self.sample, y + 7, style: style)
            }
            body.label(entry.name, x: place.x + Self.sample + 6, y: y + 11, size: 11.5, style: "muted")
        }
    }

    private func sample(_ body: inout SVGWriter, _ form: ToneForm, _ x: Double, _ y: Double) {
        let high = max(13 * form.height, 3)
        let top = y + 6.5 - high / 2
        if !form.pattern.isEmpty {
            body.element(
                "rect",
                [
                    "x": SVGWriter.number(x), "y": SVGWriter.number(top),
                    "width": SVGWriter.number(Self.sample),
                    "height": SVGWriter.number(high), "rx": "2", "fill": "url(#\(prefix)-\(form.pattern))",
                ])
        }
        body.rectangle(
            x: x, y: top, width: Self.sample, height: high, style: "\(form.fill) \(form.outline)", radius: 2)
    }
}
