import Testing
import Timekeeping

@testable import Lab

struct TimelineTests {
    private func read(
        _ scenario: ScenarioRecord, _ run: RunRecord, isStandalone: Bool = false
    ) throws
        -> MarkupReader.Element
    {
        try MarkupReader.read(Timeline(scenario: scenario, run: run, isStandalone: isStandalone).svg())
    }

    @Test func `a crash shows its lanes, lines, outage, axis and legend`() throws {
        let root = try read(SampleRecords.crash(), SampleRecords.crashRun())
        let texts = root.all("text").map(\.text)
        for lane in SampleRecords.crashRun().lanes { #expect(texts.contains(lane.title)) }
        for text in [
            "fault", "bound 3.609 s", "budget 3.859 s", "3.013 s without a good reply", "0", "+1", "+4",
            "seconds since the fault", "MASTER", "BACKUP", "killed", "nobody", "priority 150",
            "protocol bound",
            "advert of director-b",
        ] {
            #expect(texts.contains(text), "\(text)")
        }
        #expect(root.all("line").filter { $0.has(class: "l-fault") }.count == 2)
        #expect(root.all("line").contains { $0.has(class: "l-bound") })
        #expect(root.all("desc").first?.text.contains("without a good reply for 3.0") == true)
    }

    @Test func `everything is inside the picture and above its lower edge`() throws {
        for scenario in SampleRecords.passing.scenarios + SampleRecords.failing.scenarios {
            for run in scenario.runs.prefix(2) {
                let root = try read(scenario, run, isStandalone: true)
                let size = try #require(root.attributes["viewBox"]).split(separator: " ").compactMap {
                    Double($0)
                }
                try #require(size.count == 4)
                for element in root.all where ["rect", "text"].contains(element.name) {
                    guard element.attributes["y"] != nil, element.attributes["x"] != nil else { continue }
                    let end = element.number("x") + (element.attributes["width"].flatMap(Double.init) ?? 0)
                    #expect(element.number("x") >= 0 && end <= size[2] + 1)
                    let low = element.number("y") + (element.attributes["height"].flatMap(Double.init) ?? 0)
                    #expect(element.number("y") >= 0 && low <= size[3] + 0.5)
                }
            }
        }
    }

    @Test func `text from outside stays text`() throws {
        var scenario = SampleRecords.crash()
        let evil = "</text></svg><script>alert(\"1\")</script>\u{1B}[2J"
        scenario.title = evil
        scenario.sentence = evil
        var run = scenario.runs[0]
        run.lanes.append(
            Lane(
                title: evil,
                content: .spans([LaneSpan(from: .seconds(-1), to: .seconds(4), tone: .off, label: evil)])))
        run.marks.append(EventMark(at: .seconds(2), label: evil))
        let root = try read(scenario, run, isStandalone: true)
        #expect(root.all("script").isEmpty)
        #expect(root.all("title").contains { $0.text.contains("<script>") })
    }

    @Test func `names inside are unique and what refers to them finds them`() throws {
        let root = try read(SampleRecords.loop, SampleRecords.loop.runs[0], isStandalone: true)
        let ids = root.all.compactMap { $0.attributes["id"] }
        #expect(Set(ids).count == ids.count)
        for element in root.all {
            guard let fill = element.attributes["fill"], fill.hasPrefix("url(#") else { continue }
            #expect(ids.contains(String(fill.dropFirst(5).dropLast())))
        }
    }

    @Test func `ten thousand failures and adverts make no big file`() {
        var run = SampleRecords.crashRun()
        let series = SampleRecords.series(
            from: .seconds(-10), to: .seconds(20), gap: nil, failingEvery: 3)
        run.lanes.append(series.lane())
        let states = (0..<20_000).map { (index: Int64) -> LaneSpan in
            let from = Interval.microseconds(index * 1444)
            return LaneSpan(
                from: from, to: from + .microseconds(1444), tone: index % 3 == 0 ? .master : .backup)
        }
        run.lanes.append(.state(of: "director-c", states))
        let ticks = (0..<20_000).map {
            LaneTick(at: .milliseconds(Int64($0)), tone: .directorA, label: "\($0)")
        }
        run.lanes.append(.adverts(of: "director-c", ticks))
        run.marks += (0..<5000).map { EventMark(at: .milliseconds(Int64($0)), label: "mark \($0)") }
        let svg = Timeline(scenario: SampleRecords.crash(), run: run).svg()
        #expect(svg.utf8.count < 150_000)
        #expect((try? MarkupReader.read(svg)) != nil)
    }

    @Test(arguments: [true, false])
    func `a run without anything is a picture too`(isStandalone: Bool) throws {
        let empty = RunRecord(
            number: 1, outage: nil, probes: ProbeCount(sent: 0, failed: 0, spacing: .zero), noise: nil)
        _ = try read(SampleRecords.skipped, empty, isStandalone: isStandalone)
        var odd = empty
        odd.outage = Outage(from: .zero, to: .zero, isOver: true)
        odd.lanes = [
            Lane(title: "", content: .spans([])), Lane(title: "", content: .ticks([])),
            Lane(title: "x", content: .spans([LaneSpan(from: .zero, to: .zero, tone: .both)])),
            Lane(title: "y", content: .spans([LaneSpan(from: .seconds(9), to: .seconds(-9), tone: .both)])),
            Lane(title: "z", content: .ticks([LaneTick(at: .zero, tone: .off, label: "")])),
        ]
        _ = try read(SampleRecords.crash(), odd, isStandalone: isStandalone)
        let (first, last) = (Interval(nanoseconds: .min), Interval(nanoseconds: .max))
        odd.outage = Outage(from: first, to: last, isOver: false)
        odd.lanes = [Lane(title: "", content: .spans([LaneSpan(from: first, to: last, tone: .fault)]))]
        odd.marks = [EventMark(at: first, label: "a"), EventMark(at: last, label: "b", isFault: true)]
        _ = try read(SampleRecords.crash(), odd, isStandalone: isStandalone)
    }

    @Test func `the window shows outage, budget and marks, not all that was recorded`() {
        let run = SampleRecords.crashRun()
        let window = TimeWindow(of: run, budget: .milliseconds(3859))
        #expect(window.from < .zero && window.from > .seconds(-2))
        #expect(window.to > .milliseconds(3859) && window.to < .seconds(7))
        var marked = run
        marked.marks.append(EventMark(at: .milliseconds(6500), label: "late"))
        #expect(TimeWindow(of: marked, budget: nil).to > .milliseconds(6500))
        var unmeasured = run
        unmeasured.outage = nil
        #expect(TimeWindow(of: unmeasured, budget: nil) == TimeWindow(from: .seconds(-2), to: .seconds(7)))
        #expect(TimeWindow(from: .zero, to: .zero).length > .zero)
    }

    @Test func `a budget beyond what was recorded is still shown`() {
        var run = SampleRecords.crashRun()
        run.lanes = []
        #expect(TimeWindow(of: run, budget: .seconds(60)).to > .seconds(60))
    }

    @Test func `an outage says whether it ended`() {
        #expect(
            Outage(from: .zero, to: .seconds(2), isOver: true).words == "without a good reply for 2.000 s")
        #expect(Outage(from: .zero, to: .seconds(2), isOver: false).words.contains("at least 2.000 s"))
    }

    @Test func `a short outage has its words beside it, inside the picture`() throws {
        for at in [Int64(-100), 0, 800, 1990] {
            var run = SampleRecords.stop.runs[0]
            run.outage = Outage(from: .milliseconds(at), to: .milliseconds(at + 2), isOver: true)
            let root = try read(SampleRecords.stop, run)
            let text = try #require(root.all("text").first { $0.text.contains("without a good reply") })
            let width = TextWidth.of(text.text, size: 12.5)
            let start = text.number("x") - (text.attributes["text-anchor"] == "end" ? width : 0)
            #expect(start >= 0 && start + width <= Timeline.width)
        }
    }
}
