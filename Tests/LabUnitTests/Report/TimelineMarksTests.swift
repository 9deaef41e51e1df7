import Testing
import Timekeeping

@testable import Lab

struct TimelineMarksTests {
    private let scale = Scale(from: -1, through: 9, onto: 100, 1000)

    private func marks(
        _ marks: [EventMark], outage: Bool = false, milestones: [Milestone] = []
    ) -> TimelineMarks {
        var run = SampleRecords.crashRun()
        run.marks = marks
        run.milestones = milestones
        if !outage { run.outage = nil }
        return TimelineMarks(scenario: SampleRecords.crash(), run: run, scale: scale)
    }

    @Test func `bound and budget belong to an outage`() {
        #expect(marks([]).marks.isEmpty)
        let both = marks([], outage: true).marks
        #expect(both.map(\.label) == ["bound 3.609 s", "budget 3.859 s"])
        #expect(both.map(\.line) == ["l-bound", "l-budget"])
    }

    @Test func `the fault is drawn once, from a mark or from its milestone`() {
        let milestone = Milestone(kind: .fault, at: .zero)
        let mark = EventMark(at: .zero, label: "power off", isFault: true)
        #expect(marks([], milestones: [milestone]).marks.map(\.label) == ["fault"])
        #expect(marks([mark], milestones: [milestone]).marks.map(\.label) == ["power off"])
        #expect(marks([mark]).contains("l-fault"))
        #expect(!marks([mark]).contains("l-mark"))
    }

    @Test func `a name stands on the side where no line runs through it`() throws {
        let both = marks([], outage: true).marks
        #expect(both.map(\.isLeft) == [true, false])
        #expect(both.map(\.row) == [0, 0])
    }

    @Test func `names that would touch stand in rows`() {
        let close = (0..<4).map { EventMark(at: .milliseconds(2000 + $0 * 60), label: "event number \($0)") }
        let placed = marks(close)
        #expect(placed.rows > 1)
        #expect(placed.height == Double(placed.rows) * TimelineMarks.rowHeight)
        var taken: [Int: [ClosedRange<Double>]] = [:]
        for mark in placed.marks {
            guard let row = mark.row else { continue }
            let width = TextWidth.of(mark.label, size: 11.5)
            let range = mark.isLeft ? (mark.x - width)...mark.x : mark.x...(mark.x + width)
            #expect(taken[row, default: []].allSatisfy { !$0.overlaps(range) })
            taken[row, default: []].append(range)
        }
    }

    @Test func `a name at the right edge stands at the left of its line`() {
        let placed = marks([EventMark(at: .milliseconds(8990), label: "rs1 back in the pool")])
        #expect(placed.marks.first?.isLeft == true)
    }

    @Test func `too many marks are cut off, those outside left out`() {
        let many = (0..<5000).map { EventMark(at: .milliseconds($0), label: "e") }
        #expect(marks(many).marks.count == TimelineMarks.mostMarks)
        #expect(marks(many).rows <= TimelineMarks.mostRows)
        #expect(marks([EventMark(at: .seconds(60), label: "late")]).marks.isEmpty)
    }

    @Test func `two marks at one place keep their lines, and names only where there is room`() {
        let same = [EventMark(at: .seconds(1), label: "a"), EventMark(at: .seconds(1), label: "b")]
        let placed = marks(same)
        #expect(placed.marks.count == 2)
        #expect(Set(placed.marks.compactMap(\.row)).count == placed.marks.compactMap(\.row).count)
        #expect(marks([EventMark(at: .seconds(1), label: "")]).marks.first?.row == nil)
        #expect(marks([]).height == 0)
    }

    @Test func `lines reach from the names to the lanes' end`() throws {
        var writer = SVGWriter()
        writer.begin("g")
        marks([], outage: true).draw(&writer, top: 50, lanesEnd: 300)
        let root = try MarkupReader.read(writer.finish())
        #expect(root.all("line").allSatisfy { $0.number("y1") >= 50 && $0.number("y2") == 300 })
        #expect(root.all("text").map(\.text) == ["bound 3.609 s", "budget 3.859 s"])
    }
}
