import Lab
import LinuxIO
import Testing

@Suite struct GuestCommandTests {
    @Test(arguments: [
        (GuestRun.Outcome.exited(0), Int32(0)), (.exited(7), 7), (.timedOut, 124),
        (.interrupted(.interrupt), 130),
        (.interrupted(.terminate), 143),
    ])
    func `the exit status tells how the run ended`(outcome: GuestRun.Outcome, status: Int32) {
        #expect(GuestCommand.exitStatus(of: outcome) == status)
    }
}
