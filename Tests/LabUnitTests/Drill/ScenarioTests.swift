import Testing
import Timekeeping

@testable import Lab

@Suite struct ScenarioTests {
    @Test func `names are words of the command line`() {
        #expect(
            Scenario.allCases.map(\.rawValue) == [
                "crash", "stop", "server", "connection", "loop-guard-off", "loop-guard-on", "guard-repair",
            ])
    }

    @Test(arguments: Scenario.allCases)
    func `every scenario has a heading and a sentence, and is one kind of thing`(scenario: Scenario) {
        #expect(!scenario.title.isEmpty)
        #expect(scenario.sentence.hasSuffix("."))
        #expect((scenario.requestTimeout > .seconds(1)) == !scenario.isFailover)
        #expect(!(scenario.needsGuard && scenario.isFailover))
    }
}
