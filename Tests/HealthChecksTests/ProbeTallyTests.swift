import Testing
import Timekeeping

@testable import HealthChecks

@Suite struct ProbeTallyTests {
    private func words(_ tally: ProbeTally) -> [String] {
        tally.counts.map { "\($0.outcome.rawValue) \($0.count)" }
    }

    @Test func `each outcome is counted, and how long those took that told something`() {
        var tally = ProbeTally()
        #expect(tally.counts.isEmpty)
        tally.add(.notProbed, .seconds(3))
        #expect(words(tally) == ["SOCKERR 1"] && tally.durations == IntervalHistogram())
        for _ in 0..<3 { tally.add(.connected, .milliseconds(2)) }
        tally.add(.connectTimedOut, .seconds(5))
        #expect(words(tally) == ["SOCKERR 1", "L4OK 3", "L4TOUT 1"])
        #expect(tally.durations.counts == [0, 0, 0, 3, 0, 0, 0, 0, 0, 1, 0])
        #expect(tally.durations.sum == .milliseconds(5006))
    }

    /// What docs/performance.md says of it: there is one for every check.
    @Test func `it is as small as it is said to be`() {
        var tally = ProbeTally()
        #expect(MemoryLayout.size(ofValue: tally) == 24 && MemoryLayout<ProbeTally.Count>.stride == 8)
        tally.add(.connected, .milliseconds(2))
        // An array has what the allocator gives it: more where a larger piece was at hand.
        #expect(tally.counts.capacity < 8 && tally.durations.counts.count == 11)
        #expect(MemoryLayout<UInt32>.stride * tally.durations.counts.count == 44)
    }
}
