import Testing
import Timekeeping

@testable import Lab

struct PercentilesTests {
    @Test(
        arguments: [
            (0.0, 1), (1, 1), (5, 1), (5.1, 2), (50, 10), (95, 19), (95.1, 20), (100, 20), (140, 20), (-3, 1),
        ])
    func `the nearest rank is a measured value`(percent: Double, expected: Int64) {
        let values = (1...20).reversed().map { Interval.seconds(Int64($0)) }
        #expect(values.percentile(percent) == .seconds(expected))
    }

    @Test func `one value is every percentile, none has none`() {
        #expect([Interval.seconds(3)].percentile(0) == .seconds(3))
        #expect([Interval.seconds(3)].percentile(99) == .seconds(3))
        #expect([Interval]().percentile(50) == nil)
        #expect([Interval.zero].percentile(.nan) == nil)
    }

    @Test func `a scenario's outages are those that were measured, in the order of runs`() {
        var scenario = SampleRecords.crash(runs: 3)
        scenario.runs[1].outage = nil
        #expect(scenario.outages == [scenario.runs[0], scenario.runs[2]].compactMap { $0.outage?.length })
        #expect(SampleRecords.skipped.outages.isEmpty)
    }
}
