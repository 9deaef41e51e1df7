import HealthChecks
import LinuxIO
import Testing
import Timekeeping

@testable import Director

@Suite struct ScriptRunnerTests {
    private func runner() throws -> ScriptRunner<UInt64> { ScriptRunner(in: try EventLoop()) { $0 } }

    private let script = ScriptCheck(command: ["/bin/true"], timeout: .seconds(1))

    private let nobody = ScriptAccounts.Found.account(
        UserAccount(name: "nobody", user: 65_534, group: 65_534))

    @Test func `a script without a user it can run as is not accepted`() throws {
        let scripts = try runner()
        let outcome = scripts.run(
            7, script, as: .refused("there is no user ghost"), rootsOwn: false, at: at(0))
        #expect(outcome == .unavailable("there is no user ghost"))
        #expect(scripts.advance(to: at(3)).isEmpty)
    }

    @Test func `a script that could not be started in time is an answer that says so`() throws {
        let scripts = try runner()
        #expect(scripts.run(7, script, as: nobody, rootsOwn: false, at: at(0)) == nil)
        #expect(scripts.nextDeadline != nil)
        let answers = scripts.advance(to: at(3))
        #expect(answers.map(\.run) == [7])
        guard case .unavailable = try #require(answers.first).outcome else {
            Issue.record("\(answers)")
            return
        }
        #expect(scripts.nextDeadline == nil)
    }

    @Test func `a script that is not wanted any more is not started`() throws {
        let scripts = try runner()
        _ = scripts.run(7, script, as: nobody, rootsOwn: false, at: at(0))
        scripts.terminate(7, at: at(0))
        #expect(scripts.advance(to: at(3)).isEmpty)
        #expect(scripts.nextDeadline == nil)
    }

    @Test func `a second run beside the first is refused at once`() throws {
        let scripts = try runner()
        _ = scripts.run(7, script, as: nobody, rootsOwn: false, at: at(0))
        #expect(
            scripts.run(8, script, as: nobody, rootsOwn: false, at: at(0))
                == .unavailable("its former run has not ended"))
    }
}
