import SimulationKit
import Testing

@testable import Lab

@Suite struct SimulationRunnerTests {
    private func shown(_ sabotage: Sabotage = .none, tracing: Bool = false) -> (isGood: Bool, text: String) {
        let runner = SimulationRunner(
            kinds: [.segment(.twoV2), .segment(.roughV3), .groups], seeds: 3..<6, tracing: tracing,
            sabotage: sabotage)
        var text = ""
        let isGood = runner.run { text += $0 }
        return (isGood, text)
    }

    @Test func `a row for each kind and one for all`() {
        let (isGood, text) = shown()
        #expect(isGood)
        let rows = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(rows.map(\.first) == ["kind", "two-v2", "rough-v3", "groups", "all"])
        #expect(rows.dropFirst().map { $0[1] } == ["3", "3", "3", "9"])
    }

    @Test func `a broken promise ends it with the command that repeats the run`() {
        let (isGood, text) = shown(.neverTakesOver)
        #expect(!isGood)
        #expect(text.contains("election broken"))
        #expect(text.contains(" lab simulate --kind two-v2 --first 3 --seeds 1 --trace\n"))
        #expect(!text.contains("rough-v3"))
    }

    @Test func `a trace is shown when asked for`() {
        #expect(shown(tracing: true).text.contains("director 0 starts"))
        #expect(!shown().text.contains("director 0 starts"))
        #expect(shown(tracing: true).text.contains("VI_1 at director 0: MASTER"))
    }

    @Test func `kinds go by their words`() {
        #expect(SimulationKind.allCases.map(\.rawValue).suffix(2) == ["healing-v3", "groups"])
        for kind in SimulationKind.allCases { #expect(SimulationKind(rawValue: kind.rawValue) == kind) }
        #expect(SimulationKind(rawValue: "four-v2") == nil)
    }
}
