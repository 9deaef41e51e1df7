import LinuxIO
import Testing

@testable import Lab

@Suite struct GuestCommandTests {
    @Test(arguments: [
        (GuestRun.Outcome.exited(0), Int32(0)), (.exited(7), 7), (.timedOut, 124),
        (.neverStarted, 125),
        (.interrupted(.interrupt), 130),
        (.interrupted(.terminate), 143),
    ])
    func `the exit status tells how the run ended`(outcome: GuestRun.Outcome, status: Int32) {
        #expect(GuestCommand.exitStatus(of: outcome) == status)
    }

    @Test(
        arguments: [
            ([.neverStarted, .exited(3), .exited(4)], .exited(3), 2),
            ([.timedOut, .exited(0)], .timedOut, 1),
            ([.neverStarted, .neverStarted, .neverStarted, .exited(0)], .neverStarted, GuestCommand.boots),
        ] as [([GuestRun.Outcome], GuestRun.Outcome, Int)])
    func `a guest that never started is booted again, a few times`(
        ends: [GuestRun.Outcome], outcome: GuestRun.Outcome, boots: Int
    ) {
        var rest = ends[...]
        #expect(GuestCommand.firstStarted { rest.popFirst() ?? .interrupted(.terminate) } == outcome)
        #expect(ends.count - rest.count == boots)
    }
}
