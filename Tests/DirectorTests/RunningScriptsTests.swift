import HealthChecks
import LinuxIO
import Testing
import Timekeeping

@testable import Director

@Suite struct RunningScriptsTests {
    private func script(_ number: Int) -> ScriptCheck {
        ScriptCheck(command: ["/bin/check", "\(number)"], timeout: .seconds(1))
    }

    /// `count` scripts that have been started.
    private func started(_ count: Int) -> RunningScripts {
        var running = RunningScripts()
        for number in 1...count { _ = running.begin(UInt64(number), script(number), at: at(0)) }
        while !running.startable(at: at(0)).isEmpty {}
        return running
    }

    @Test func `runs of one program do not pile up`() {
        var running = started(1)
        #expect(running.begin(2, script(1), at: at(0)) == "its former run has not ended")
        #expect(running.begin(2, script(2), at: at(0)) == nil)
        #expect(running.end(1) == true)
        #expect(running.begin(3, script(1), at: at(0)) == nil)
        #expect(running.all == [2, 3])
    }

    @Test func `two that run the same program under their own names do not keep each other waiting`() {
        var running = RunningScripts()
        #expect(running.begin(1, script(1), named: "a", at: at(0)) == nil)
        #expect(running.begin(2, script(1), named: "b", at: at(0)) == nil)
        #expect(running.begin(3, script(1), named: "a", at: at(0)) == "its former run has not ended")
    }

    @Test func `a number is not used twice`() {
        var running = started(1)
        #expect(running.begin(1, script(2), at: at(0)) == "run 1 exists")
    }

    @Test func `few are started in a turn, and a pause follows that is as long as their start took`() {
        var running = RunningScripts()
        for number in 1...5 { _ = running.begin(UInt64(number), script(number), at: at(0)) }
        #expect(running.nextDeadline.map { $0 <= at(0) } == true)
        #expect(running.startable(at: at(0)) == [1, 2])
        running.paused(for: .milliseconds(300), at: milliseconds(310))
        #expect(running.nextDeadline == milliseconds(500))
        #expect(running.startable(at: milliseconds(609)) == [])
        #expect(running.startable(at: milliseconds(610)) == [3, 4])
        #expect(running.count == 4)
    }

    @Test func `above the limit they wait until one has ended`() {
        var running = started(RunningScripts.limit + 1)
        #expect(running.count == RunningScripts.limit)
        #expect(running.nextDeadline == milliseconds(500))
        _ = running.end(1)
        #expect(running.startable(at: at(0)) == [UInt64(RunningScripts.limit + 1)])
    }

    @Test func `those that had to be ended leave half of the room to others, until they end by themselves`() {
        let half = RunningScripts.suspectLimit
        var running = started(RunningScripts.limit)
        for run in 1...UInt64(RunningScripts.limit) {
            _ = running.terminate(run, at: at(1))
            _ = running.end(run)
        }
        func starts(_ runs: ClosedRange<UInt64>) -> Int {
            for run in runs { _ = running.begin(run, script(Int(run % 1000)), at: at(5)) }
            var count = 0
            while case let next = running.startable(at: at(5)), !next.isEmpty { count += next.count }
            return count
        }
        #expect(starts(1001...UInt64(1000 + RunningScripts.limit)) == half)
        // They wait, for a place and not for a moment; one that is no suspect passes them by.
        #expect(running.nextDeadline == milliseconds(5500))
        #expect(starts(1501...1501) == 1)
        _ = running.end(1001)
        #expect(running.startable(at: at(5)) == [UInt64(1001 + half)])
        // The one that ended by itself is as good as any other again.
        #expect(starts(2001...2001) == 1)
        #expect(running.count == half + 2)
    }

    @Test(arguments: [(1, 500), (3, 1500), (60, 2000)] as [(Int64, Int64)])
    func `what waits too long is not started any more`(timeout: Int64, patience: Int64) {
        var running = RunningScripts()
        let script = ScriptCheck(command: ["/bin/check"], timeout: .seconds(timeout))
        _ = running.begin(1, script, at: at(0))
        #expect(running.expired(at: milliseconds(patience - 1)) == [])
        #expect(running.expired(at: milliseconds(patience)) == [1])
        #expect(running.all == [])
        #expect(running.startable(at: at(9)) == [])
        #expect(running.nextDeadline == nil)
    }

    @Test func `what was started does not expire`() {
        var running = started(1)
        #expect(running.expired(at: at(99)) == [])
    }

    @Test func `TERM is sent once, KILL two seconds later and again`() {
        var running = started(1)
        #expect(running.nextDeadline == nil)
        #expect(running.terminate(1, at: at(10)) == true)
        #expect(running.terminate(1, at: at(11)) == false)
        #expect(running.nextDeadline == at(12))
        #expect(running.overdue(at: at(11)) == [])
        #expect(running.overdue(at: at(12)) == [1])
        #expect(running.overdue(at: at(13)) == [])
        #expect(running.overdue(at: at(14)) == [1])
    }

    @Test func `what only waits needs no TERM`() {
        var running = RunningScripts()
        _ = running.begin(1, script(1), at: at(0))
        #expect(running.terminate(1, at: at(0)) == false)
        #expect(running.all == [])
        #expect(running.startable(at: at(0)) == [])
    }

    @Test func `only an end that was not asked for is told`() {
        var running = started(2)
        _ = running.terminate(1, at: at(0))
        #expect(running.end(1) == false)
        #expect(running.end(2) == true)
        #expect(running.end(2) == false)
        #expect(running.terminate(7, at: at(0)) == false)
    }
}
