import HealthChecks
import LinuxIO
import Testing
import Timekeeping

@testable import Director

@Suite struct RunningScriptsTests {
    private func script(_ number: Int) -> ScriptCheck {
        ScriptCheck(command: ["/bin/check", "\(number)"], timeout: .seconds(1))
    }

    @Test func `runs of one program do not pile up`() {
        var running = RunningScripts()
        #expect(running.begin(1, script(1)) == nil)
        #expect(running.begin(2, script(1)) == "its former run has not ended")
        #expect(running.begin(2, script(2)) == nil)
        #expect(running.end(1) == true)
        #expect(running.begin(3, script(1)) == nil)
        #expect(running.all == [2, 3])
    }

    @Test func `a number is not used twice`() {
        var running = RunningScripts()
        _ = running.begin(1, script(1))
        #expect(running.begin(1, script(2)) == "run 1 exists")
    }

    @Test func `there is a limit`() {
        var running = RunningScripts()
        for number in 0..<RunningScripts.limit {
            #expect(running.begin(UInt64(number), script(number)) == nil)
        }
        #expect(running.begin(9999, script(9999)) == "\(RunningScripts.limit) scripts are running")
        #expect(running.count == RunningScripts.limit)
    }

    @Test func `TERM is sent once, KILL two seconds later and again`() {
        var running = RunningScripts()
        _ = running.begin(1, script(1))
        #expect(running.nextDeadline == nil)
        #expect(running.terminate(1, at: at(10)) == true)
        #expect(running.terminate(1, at: at(11)) == false)
        #expect(running.nextDeadline == at(12))
        #expect(running.overdue(at: at(11)) == [])
        #expect(running.overdue(at: at(12)) == [1])
        #expect(running.overdue(at: at(13)) == [])
        #expect(running.overdue(at: at(14)) == [1])
    }

    @Test func `only an end that was not asked for is told`() {
        var running = RunningScripts()
        _ = running.begin(1, script(1))
        _ = running.begin(2, script(2))
        _ = running.terminate(1, at: at(0))
        #expect(running.end(1) == false)
        #expect(running.end(2) == true)
        #expect(running.end(2) == false)
        #expect(running.terminate(7, at: at(0)) == false)
    }
}
