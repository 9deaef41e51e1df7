import HealthChecks
import Testing

@testable import Director

@Suite struct ScriptRunsTests {
    @Test func `a run is its probe's until it ends or nobody waits for it`() throws {
        let probes = firstProbes(of: ["/bin/one", "/bin/two"].map { scriptCheck([$0]) })
        try #require(probes.count == 2)
        var runs = ScriptRuns()
        #expect(runs.begin(for: probes[0]) == 1)
        #expect(runs.begin(for: probes[1]) == 2)
        #expect(runs.ended(2) == probes[1])
        #expect(runs.ended(2) == nil && runs.abandon(probes[1]) == nil)
        #expect(runs.abandon(probes[0]) == 1)
        #expect(runs.ended(1) == nil && runs.abandon(probes[0]) == nil)
        #expect(runs.begin(for: probes[0]) == 3, "a number is never used again")
    }
}
