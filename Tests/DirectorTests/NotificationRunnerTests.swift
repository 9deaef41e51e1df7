import ConfigModel
import LinuxIO
import Testing

@testable import Director

@Suite struct NotificationRunnerTests {
    private func notification(_ name: String) -> Notification {
        var scripts = TransitionScripts()
        scripts.any = NotifyScript(["/bin/true"], as: ScriptUser("ghost"))
        return Notification(instance: name, .master, priority: 1, telling: scripts)
    }

    @Test func `a script whose user is not known is passed over, and holds nothing up`() throws {
        let runner = NotificationRunner<UInt64>(in: try EventLoop(), log: quietLog()) { $0 }
        #expect(runner.isIdle)
        #expect(runner.nextDeadline == nil)
        for _ in 1...3 { runner.add(notification("VI_1")) }
        #expect(!runner.isIdle)
        // Long after any pause that follows a start.
        for _ in 1...3 { runner.advance(to: at(1 << 32), ScriptAccounts()) }
        #expect(runner.isIdle)
    }

    @Test func `the end of a run that nobody started is no matter`() throws {
        let runner = NotificationRunner<UInt64>(in: try EventLoop(), log: quietLog()) { $0 }
        runner.reap(7)
        #expect(runner.isIdle)
    }

    @Test func `at the end nothing new is taken`() throws {
        let runner = NotificationRunner<UInt64>(in: try EventLoop(), log: quietLog()) { $0 }
        runner.finish(at: at(0))
        runner.add(notification("VI_1"))
        #expect(runner.isIdle)
    }
}
