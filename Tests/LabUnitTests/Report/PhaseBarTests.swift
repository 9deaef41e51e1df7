import Testing
import Timekeeping

@testable import Lab

struct PhaseBarTests {
    @Test func `the phases of a crash add up to the outage since the fault`() throws {
        let run = SampleRecords.crashRun()
        let phases = Phase.phases(of: run)
        #expect(phases.map(\.end.kind) == [.firstAdvert, .addressAdded, .firstAnnouncement, .firstReply])
        #expect(
            phases.prefix(3).map(\.length) == [
                .milliseconds(2997), .microseconds(820), .microseconds(630),
            ])
        let outage = try #require(run.outage)
        #expect(phases.reduce(.zero) { $0 + $1.length } == outage.to)
    }

    @Test func `what came before the fault or after the reply is no phase`() {
        var run = SampleRecords.crashRun()
        run.milestones.append(Milestone(kind: .addressAdded, at: .seconds(90)))
        #expect(Phase.phases(of: run).count == 4)
        #expect(!Phase.phases(of: run).contains { $0.end.kind == .lastAdvert })
    }

    @Test func `without milestones the whole outage is one phase, without an end there is none`() {
        var run = SampleRecords.crashRun()
        run.milestones = []
        #expect(Phase.phases(of: run).map(\.end.kind) == [.firstReply])
        run.outage?.isOver = false
        #expect(Phase.phases(of: run).isEmpty)
        run.outage = nil
        #expect(Phase.phases(of: run).isEmpty)
        #expect(PhaseBar(run: run).svg() == nil)
    }

    @Test func `what was seen too late counts as of what follows from it`() {
        var run = SampleRecords.crashRun()
        run.milestones = [
            Milestone(kind: .firstAdvert, at: .milliseconds(2914)),
            Milestone(kind: .addressAdded, at: .milliseconds(3050)),
            Milestone(kind: .firstAnnouncement, at: .milliseconds(2935)),
        ]
        let phases = Phase.phases(of: run)
        #expect(phases.map(\.end.kind) == [.firstAdvert, .addressAdded, .firstAnnouncement, .firstReply])
        #expect(phases.map(\.length).prefix(3) == [.milliseconds(2914), .milliseconds(21), .zero])
    }

    @Test func `milestones of one moment keep the order in which they are expected`() {
        var run = SampleRecords.crashRun()
        run.milestones = [Milestone.Kind.firstAnnouncement, .addressAdded, .firstAdvert].map {
            Milestone(kind: $0, at: .seconds(3))
        }
        #expect(
            Phase.phases(of: run).map(\.end.kind) == [
                .firstAdvert, .addressAdded, .firstAnnouncement, .firstReply,
            ])
    }

    @Test func `each phase is seen and named, however short`() throws {
        let root = try MarkupReader.read(try #require(PhaseBar(run: SampleRecords.crashRun()).svg()))
        let bars = root.children.filter { $0.name == "rect" && $0.number("height") == 22 }
        #expect(bars.count == 4)
        #expect(bars.allSatisfy { $0.number("width") >= 2 })
        #expect(
            zip(bars, bars.dropFirst()).allSatisfy { $0.number("x") + $0.number("width") <= $1.number("x") })
        #expect(bars.allSatisfy { $0.number("x") + $0.number("width") <= PhaseBar.width })
        let texts = root.all("text").map(\.text)
        #expect(texts.contains("2.997 s"))
        #expect(texts.contains("820 µs"))
        #expect(texts.contains("the backup waits for the old master (director-b)"))
        #expect(texts.contains("< 0.1 %"))
    }

    @Test func `every milestone has words, with and without a name`() {
        for kind in Milestone.Kind.allCases {
            let plain = Phase(end: Milestone(kind: kind, at: .zero), length: .zero).words
            let named = Phase(end: Milestone(kind: kind, at: .zero, detail: "x"), length: .zero).words
            #expect(!plain.isEmpty && named == "\(plain) (x)")
        }
    }
}
