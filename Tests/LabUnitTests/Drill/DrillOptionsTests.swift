import Lab
import Testing
import Timekeeping

@Suite struct DrillOptionsTests {
    @Test func `by default one run, a request a millisecond and the computed budget`() {
        let options = DrillOptions(scenarios: [.crash], example: "x")
        #expect(options.runs == 1)
        #expect(options.interval == .milliseconds(1))
        #expect(options.budget == nil)
        #expect(options.daemon == nil)
    }
}
