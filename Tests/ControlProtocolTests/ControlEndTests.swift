import ControlProtocol
import Testing

@Suite struct ControlEndTests {
    @Test(arguments: ControlEnd.Outcome.allCases) func `an end arrives as it was written`(
        outcome: ControlEnd.Outcome
    ) {
        for end in [
            ControlEnd(outcome), ControlEnd(outcome, "why", findings: ["a.conf:1:2: error: x [E101]", ""]),
        ] {
            #expect(ControlEnd(json: end.json) == end)
        }
    }

    @Test(arguments: [
        JSONValue.null, [:], ["kind": "end"], ["kind": "end", "outcome": "great"],
        ["kind": "server", "outcome": "done"], ["kind": "end", "outcome": 1],
    ])
    func `another line is no end`(line: JSONValue) {
        #expect(ControlEnd(json: line) == nil)
    }

    @Test func `what a newer daemon adds is no obstacle`() {
        let line: JSONValue = ["kind": "end", "outcome": "done", "more": 1]
        #expect(ControlEnd(json: line) == ControlEnd(.done))
    }

    @Test func `each outcome has its exit status`() {
        let statuses = ControlEnd.Outcome.allCases.map { "\($0.rawValue) \($0.exitStatus)" }
        #expect(
            statuses == ["done 0", "refused 1", "denied 77", "malformed 70", "busy 75", "unfinished 75"])
    }
}
