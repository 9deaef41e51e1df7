import Testing
import Timekeeping

@testable import HealthChecks

struct ScriptRunTests {
    private let check = ScriptCheck(command: ["/usr/bin/true", "x"], timeout: .seconds(3), user: "nobody")

    @Test func `a probe runs its program`() {
        #expect(ScriptRun(check).start() == .perform(.run(check)))
    }

    @Test(
        arguments: [
            (.status(0), .programSucceeded, "exit status 0"),
            (.status(1), .programFailed, "exit status 1"),
            (.status(2), .programFailed, "exit status 2"),
            (.status(127), .programFailed, "exit status 127"),
            (.unfit("program missing"), .programFailed, "program missing"),
            (.status(255), .programFailed, "exit status 255"),
            (.signal(9), .programFailed, "ended by signal 9"),
            (.signal(0), .programFailed, "ended by signal 0"),
        ] as [(ScriptExit, ProbeOutcome, String)])
    func `only exit status 0 is good`(exit: ScriptExit, outcome: ProbeOutcome, detail: String) {
        #expect(ScriptRun(check).handle(.exited(exit)) == .finish(outcome, detail))
    }

    @Test(
        arguments: [
            (0, .programSucceeded, nil), (1, .programFailed, nil), (2, .programSucceeded, 0),
            (3, .programSucceeded, 1), (126, .programSucceeded, 124), (127, .programSucceeded, 125),
            (217, .programSucceeded, 215), (218, .programSucceeded, 216), (255, .programSucceeded, 253),
            (256, .programFailed, nil),
        ] as [(Int32, ProbeOutcome, UInt8?)])
    func `a dynamic check's exit status is a weight`(status: Int32, outcome: ProbeOutcome, weight: UInt8?) {
        var dynamic = check
        dynamic.isDynamic = true
        let result = ScriptRun(dynamic).handle(.exited(.status(status))).result
        #expect(result?.outcome == outcome)
        #expect(result?.weight == weight)
    }

    @Test func `a dynamic check's program that is missing is a failure`() {
        var dynamic = check
        dynamic.isDynamic = true
        #expect(ScriptRun(dynamic).handle(.exited(.unfit("x"))).result?.outcome == .programFailed)
        #expect(ScriptRun(dynamic).handle(.exited(.signal(9))).result?.outcome == .programFailed)
    }

    @Test func `a program that runs too long is ended and failed`() {
        let step = ScriptRun(check).handle(.timedOut)
        #expect(step == .finish(.programTimedOut, "still running", .terminate))
    }

    @Test func `a program that cannot be started says nothing about the target`() {
        let step = ScriptRun(check).handle(.unavailable("cannot start a process: resource unavailable"))
        #expect(step.result?.outcome == .notProbed)
        #expect(step.actions.isEmpty)
    }

    @Test(arguments: [.connected, .failed("x"), .received([1]), .closed] as [ProbeEvent])
    func `events of connections change nothing`(event: ProbeEvent) {
        #expect(ScriptRun(check).handle(event) == .none)
    }
}
