import Testing
import Timekeeping

@testable import HealthChecks

struct ProbeReportTests {
    private func report(
        _ duration: Interval, failures: Int = 0, of allowed: Int? = nil, detail: String = "connection refused"
    ) -> ProbeReport {
        ProbeReport(
            result: ProbeResult(.connectionFailed, detail), duration: duration,
            finishedAt: Instant(nanoseconds: 0), failures: failures, failuresAllowed: allowed)
    }

    @Test(
        arguments: [
            (.microseconds(340), "0.3 ms"), (.microseconds(350), "0.4 ms"), (.microseconds(1), "0.0 ms"),
            (.microseconds(-5), "0.0 ms"), (.milliseconds(17), "17.0 ms"),
            (.microseconds(999_940), "999.9 ms"),
            (.microseconds(999_960), "1.000 s"), (.milliseconds(5003), "5.003 s"),
        ] as [(Interval, String)])
    func `durations are short and rounded`(duration: Interval, expected: String) {
        #expect(report(duration).description == "connection refused after \(expected)")
    }

    @Test func `timings are kept in microseconds, or not at all`() {
        let none = ProbeTimings()
        #expect(none.connect == nil && none.handshake == nil)
        let some = ProbeTimings(connect: .microseconds(340), handshake: .zero)
        #expect(some.connect == .microseconds(340) && some.handshake == .zero)
        let odd = ProbeTimings(connect: .seconds(-1), handshake: .seconds(1 << 30))
        #expect(odd.connect == .zero && odd.handshake == .microseconds(Int64(UInt32.max) - 1))
    }

    @Test func `what takes no time has no duration`() {
        #expect(report(.zero, failures: 1, of: 2).description == "connection refused")
    }

    @Test func `tries are told while they count`() {
        let duration = Interval.microseconds(300)
        #expect(
            report(duration, failures: 3, of: 3).description
                == "connection refused after 0.3 ms, 3 of 3 tries")
        #expect(
            report(duration, failures: 1, of: 1).description == "connection refused after 0.3 ms, 1 of 1 try")
        #expect(report(duration, failures: 64).description == "connection refused after 0.3 ms")
        #expect(report(duration, failures: 0, of: 3).description == "connection refused after 0.3 ms")
    }

    @Test func `a longest duration does not trap`() {
        #expect(report(Interval(nanoseconds: .max)).description.hasSuffix(" s"))
        #expect(report(Interval(nanoseconds: .min)).description.hasSuffix("0.0 ms"))
    }

    @Test func `a transition carries the report that decided it`() {
        let cause = report(.zero)
        let transition = Transition(to: .down, because: cause)
        #expect(transition.verdict == .down)
        #expect(transition.report == cause)
    }
}
