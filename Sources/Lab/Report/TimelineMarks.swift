import Timekeeping

/// The lines across all lanes: the fault, the protocol's bound, the budget, other events. Their names stand
/// above the lanes, in as many rows as it takes to keep them apart.
struct TimelineMarks {
    /// One line.
    struct Mark: Hashable {
        /// In pixels.
        var x: Double
        /// What stands at its upper end.
        var label: String
        /// Style class of the line.
        var line: String
        /// Style classes of the label.
        var text: String
        /// Its label stands at the left.
        var isLeft = false
        /// Where its label stands, 0 the lowest; nil when there is no room.
        var row: Int?
    }

    /// From left to right.
    let marks: [Mark]
    /// How many rows of names there are.
    let rows: Int

    static let rowHeight = 17.0
    /// Beyond so many rows names are left out, beyond so many lines lines are.
    static let mostRows = 5
    static let mostMarks = 120

    /// What applies to the run: bound and budget only where the client's outage counts.
    init(scenario: ScenarioRecord, run: RunRecord, scale: Scale) {
        var marks: [Mark] = []
        func add(_ at: Interval, _ label: String, _ line: String, _ text: String) {
            guard scale.contains(at.seconds), marks.count < Self.mostMarks else { return }
            marks.append(Mark(x: scale.place(at.seconds), label: label, line: line, text: text))
        }
        if !run.marks.contains(where: \.isFault), run.milestones.contains(where: { $0.kind == .fault }) {
            add(.zero, "fault", "l-fault", "fault strong halo")
        }
        if run.outage != nil {
            if let bound = scenario.bound {
                add(bound, "bound \(Decimals.people(bound))", "l-bound", "bound medium halo")
            }
            if let budget = scenario.budget {
                add(budget, "budget \(Decimals.people(budget))", "l-budget", "budget medium halo")
            }
        }
        for mark in run.marks {
            let style = mark.isFault ? ("l-fault", "fault strong halo") : ("l-mark", "muted halo")
            add(mark.at, mark.label, style.0, style.1)
        }
        (self.marks, rows) = Self.placed(marks.sorted { $0.x < $1.x }, scale)
    }

    /// Gives each name the side on which no line runs through it, if there is one, and the lowest row in
    /// which it touches no other.
    private static func placed(_ marks: [Mark], _ scale: Scale) -> ([Mark], Int) {
        var taken = [[ClosedRange<Double>]](repeating: [], count: mostRows)
        var placed: [Mark] = []
        for var mark in marks {
            mark.label = TextWidth.cut(mark.label, size: 11.5, to: (scale.end - scale.start) / 2)
            let width = TextWidth.of(mark.label, size: 11.5) + 8
            let left = (mark.x - width)...mark.x
            let right = mark.x...(mark.x + width)
            func isCrossed(_ range: ClosedRange<Double>) -> Bool {
                marks.contains { $0.x != mark.x && range.contains($0.x) }
            }
            let isRoomLeft = left.lowerBound >= scale.start
            let isRoomRight = right.upperBound <= scale.end + 18
            mark.isLeft = !isRoomRight || isRoomLeft && isCrossed(right) && !isCrossed(left)
            let range = mark.isLeft ? left : right
            let row = taken.firstIndex { row in !row.contains { $0.overlaps(range) && $0 != range } }
            if !mark.label.isEmpty, let row, !taken[row].contains(range) {
                mark.row = row
                taken[row].append(range)
            }
            placed.append(mark)
        }
        return (placed, (placed.compactMap(\.row).max() ?? -1) + 1)
    }

    /// The height of the names.
    var height: Double { Double(rows) * Self.rowHeight }

    /// Whether a line of this style is drawn.
    func contains(_ line: String) -> Bool { marks.contains { $0.line == line } }

    /// Draws lines down to `lanesEnd`, names from `top`.
    func draw(_ body: inout SVGWriter, top: Double, lanesEnd: Double) {
        for mark in marks {
            let row = mark.row ?? 0
            let from = top + Double(rows - 1 - row) * Self.rowHeight + 2
            body.line(mark.x, max(from, top), mark.x, lanesEnd, style: mark.line)
        }
        for mark in marks {
            guard let row = mark.row else { continue }
            let y = top + Double(rows - 1 - row) * Self.rowHeight + 12
            body.label(
                mark.label, x: mark.isLeft ? mark.x - 5 : mark.x + 5, y: y, size: 11.5, style: mark.text,
                anchor: mark.isLeft ? .end : .start)
        }
    }
}
