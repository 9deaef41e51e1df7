import LinuxIO
import Testing
import Timekeeping

@testable import Director

@Suite struct BreathTests {
    @Test func `a pause comes after every tenth of a second of turns, not more often`() {
        var breath = Breath()
        let pauses = (0..<1000).filter { breath.isDue(at: milliseconds(Int64($0))) }
        #expect(pauses == [100, 200, 300, 400, 500, 600, 700, 800, 900])
    }

    @Test func `a wait that was asleep counts as a pause, one that found work at once does not`() {
        var breath = Breath()
        _ = breath.isDue(at: milliseconds(0))
        breath.waited(from: milliseconds(1), to: milliseconds(60))
        let isDueTooSoon = breath.isDue(at: milliseconds(159))
        breath.waited(from: milliseconds(159), to: milliseconds(159) + .microseconds(499))
        let isDue = breath.isDue(at: milliseconds(160))
        #expect(!isDueTooSoon && isDue)
    }
}

private let mayBeRealTime = (try? Privileges.effective().contains(.nice)) ?? false

@Suite(.enabled(if: mayBeRealTime, "needs CAP_SYS_NICE")) struct BreathKernelTests {
    /// Has work all the time for `time`, in real time and under the limit that the vrrp role has, shortened.
    static func work(for time: Interval, pausing: Bool) throws {
        try Scheduling.limitRealTime(soft: .milliseconds(300), hard: .milliseconds(500))
        try Scheduling.becomeRealTime(priority: 1)
        var breath = Breath()
        let end = Clock.now() + time
        while Clock.now() < end {
            if breath.isDue(at: Clock.now()), pausing { Scheduling.sleep(Breath.length) }
        }
    }

    @Test func `a process that pauses is not ended for its work`() async {
        await #expect(processExitsWith: .exitCode(42)) {
            try BreathKernelTests.work(for: .milliseconds(1500), pausing: true)
            ProcessExit.now(42)
        }
    }

    @Test func `one that never pauses is`() async {
        await #expect(processExitsWith: .failure) {
            try BreathKernelTests.work(for: .seconds(20), pausing: false)
            ProcessExit.now(0)
        }
    }
}
