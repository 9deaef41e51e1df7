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
            (.status(126), .programFailed, "exit status 126: cannot be executed"),
            (.status(127), .programFailed, "exit status 127: program missing"),
            (.status(255), .programFailed, "exit status 255"),
            (.signal(9), .programFailed, "ended by signal 9"),
            (.signal(0), .programFailed, "ended by signal 0"),
        ] as [(ScriptExit, ProbeOutcome, String)])
    func `only exit status 0 is good`(exit: ScriptExit, outcome: ProbeOutcome, detail: String) {
        #expect(ScriptRun(check).handle(.exited(exit)) == .finish(outcome, detail))
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
