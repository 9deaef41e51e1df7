import Testing
import Timekeeping

@testable import Lab

struct TimelineLegendTests {
    private func marks(_ run: RunRecord) -> TimelineMarks {
        TimelineMarks(
            scenario: SampleRecords.crash(), run: run, scale: Scale(from: -1, through: 5, onto: 100, 900))
    }

    private func draw(_ legend: TimelineLegend, right: Double = 900) throws -> MarkupReader.Element {
        var writer = SVGWriter()
        writer.begin("g")
        legend.draw(&writer, top: 10, left: 100, right: right)
        return try MarkupReader.read(writer.finish())
    }

    @Test func `it names what occurs and nothing else`() throws {
        let run = SampleRecords.crashRun()
        let root = try draw(TimelineLegend(lanes: run.lanes, marks: marks(run), prefix: "p"))
        #expect(
            root.all("text").map(\.text) == [
                "good replies", "no good reply", "director-a", "director-b", "nobody", "MASTER", "BACKUP",
                "off",
                "advert of director-a", "advert of director-b", "fault", "protocol bound", "budget",
            ])
    }

    @Test func `it breaks into rows that fit`() throws {
        let run = SampleRecords.crashRun()
        let legend = TimelineLegend(lanes: run.lanes, marks: marks(run), prefix: "p")
        #expect(legend.height(left: 100, right: 500) > legend.height(left: 100, right: 2000))
        let root = try draw(legend, right: 500)
        let low = root.all("text").map { $0.number("y") }.max() ?? 0
        #expect(low <= 10 + legend.height(left: 100, right: 500))
        #expect(root.all("text").allSatisfy { $0.number("x") < 500 })
    }

    @Test func `nothing needs no legend`() throws {
        var run = SampleRecords.crashRun()
        run.lanes = []
        run.marks = []
        run.milestones = []
        run.outage = nil
        let legend = TimelineLegend(lanes: [], marks: marks(run), prefix: "p")
        #expect(legend.height(left: 100, right: 500) == 0)
        #expect(try draw(legend).children.isEmpty)
        // Narrower than any entry: a row each, no endless loop.
        let full = TimelineLegend(lanes: SampleRecords.crashRun().lanes, marks: marks(run), prefix: "p")
        #expect(full.height(left: 100, right: 100) > 100)
    }
}
