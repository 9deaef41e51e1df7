import ConfigModel
import HealthChecks
import LoadBalancing
import Testing
import Timekeeping
import VRRP

@testable import Director

@Suite struct SupervisorTrackingTests {
    private static func script(_ name: String) -> TrackScript {
        var script = TrackScript(name: name, command: ["/bin/\(name)"])
        script.interval = .seconds(2)
        script.timeout = .seconds(1)
        return script
    }

    /// One instance that tracks `a`; `b` is tracked by nobody.
    private static let configuration: Configuration = {
        var instance = router()
        instance.tracking.items = [Tracked(.script, "a", weight: 10)]
        var configuration = pair(instances: [instance])
        configuration.tracked.scripts = [script("a"), script("b")]
        var scripts = TransitionScripts()
        scripts.any = NotifyScript(["/n"])
        configuration.notifications.instances = ["VI_1": scripts]
        return configuration
    }()

    private func runs(_ actions: [Supervisor.Action]) -> [UInt64] {
        actions.compactMap { if case .runTrackScript(let run, _) = $0 { run } else { nil } }
    }

    private func told(_ actions: [Supervisor.Action]) -> [[String: Bool]] {
        actions.compactMap { action in
            if case .send(.vrrp(.tracked(let values))) = action { values.scripts } else { nil }
        }
    }

    @Test func `only what is tracked is run, from the start on`() {
        var play = Play(Self.configuration)
        let actions = play.take()
        #expect(actions.contains(.runTrackScript(1, Self.script("a"))))
        #expect(runs(actions) == [1])
    }

    @Test func `what a group tracks is run too`() {
        var configuration = Self.configuration
        var group = SyncGroup(name: "G", members: ["VI_1"])
        group.tracked = [Tracked(.script, "b")]
        configuration.syncGroups = [group]
        var play = Play(configuration)
        #expect(runs(play.take()) == [1, 2])
    }

    @Test func `without a vrrp role nothing is run`() {
        var supervisor = Supervisor(wantsVRRP: false)
        #expect(runs(supervisor.handle(.configured(Self.configuration), at: at(0))) == [])
    }

    @Test func `the role hears what is new, and only that`() {
        var play = Play.running(Self.configuration)
        _ = play.take()
        play.feed(.trackScriptEnded(run: 1, .status(0)))
        #expect(told(play.take()) == [["a": true]])
        play.pass(.seconds(2))
        #expect(runs(play.take()) == [2])
        play.feed(.trackScriptEnded(run: 2, .status(0)))
        #expect(told(play.take()) == [])
    }

    @Test(
        arguments: [
            (.status(1), false), (.status(127), false), (.signal(9), false), (.status(0), true),
            (.unfit("program missing"), false), (.unavailable("no"), true),
        ] as [(ScriptOutcome, Bool)])
    func `how a program ends decides`(outcome: ScriptOutcome, isGood: Bool) {
        var play = Play.running(Self.configuration)
        _ = play.take()
        play.feed(.trackScriptEnded(run: 1, outcome))
        #expect(told(play.take()) == [["a": isGood]])
    }

    @Test func `what hangs is ended and has failed`() {
        var play = Play.running(Self.configuration)
        _ = play.take()
        play.pass(.seconds(1))
        let actions = play.take()
        #expect(actions.contains(.terminateTrackScript(1)))
        #expect(told(actions) == [["a": false]])
    }

    @Test func `a role that starts again is told in its assignment`() throws {
        var play = Play.running(Self.configuration)
        play.feed(.trackScriptEnded(run: 1, .status(0)))
        let command = play.supervisor.assignment(of: .vrrp, claims: [])
        guard case .vrrp(.configure(let assignment)) = command else {
            Issue.record("no assignment")
            return
        }
        #expect(assignment.tracked.scripts == ["a": true])
    }

    @Test func `the priority that the role claims is the one that scripts are told`() {
        var play = Play.running(Self.configuration)
        play.feed(.reported(.vrrp(.priority(instance: "VI_1", 110))))
        play.feed(.reported(.vrrp(.priority(instance: "VI_9", 7))))
        play.feed(.reported(.vrrp(.state(instance: "VI_1", .master))))
        let commands = play.take().flatMap { action -> [[String]] in
            if case .notify(let notification) = action { notification.scripts.map(\.command) } else { [] }
        }
        #expect(commands == [["/n", "INSTANCE", "VI_1", "MASTER", "110"]])
    }

    @Test func `a reload without it ends the script, a stop starts none`() {
        var play = Play.running(Self.configuration)
        _ = play.take()
        play.feed(.configured(pair()))
        #expect(play.take().contains(.terminateTrackScript(1)))
        #expect(play.supervisor.tracked == TrackedValues())

        play = Play.running(Self.configuration)
        _ = play.take()
        play.feed(.stopRequested)
        play.feed(.trackScriptEnded(run: 1, .status(0)))
        play.pass(.seconds(4))
        let actions = play.take()
        #expect(runs(actions) == [] && told(actions) == [])
    }

    @Test func `the role hears what files say, a reload forgets those that are gone`() {
        var configuration = Self.configuration
        configuration.instances[0].tracking.items.append(Tracked(.file, "f", weight: 1))
        configuration.tracked.files = [TrackFile(name: "f", path: "/f"), TrackFile(name: "g", path: "/g")]
        #expect(configuration.usedFiles(elections: true, checks: true).map(\.name) == ["f"])
        #expect(configuration.usedFiles(elections: false, checks: true).isEmpty)
        var play = Play.running(configuration)
        play.feed(.filesRead(["f": 3]))
        let files = play.take().compactMap { action -> [String: Int32]? in
            if case .send(.vrrp(.tracked(let values))) = action { values.files } else { nil }
        }
        #expect(files == [["f": 3]])
        play.feed(.configured(Self.configuration))
        #expect(play.supervisor.tracked.files == [:])
    }

    /// A service whose first server goes by the number in `f`, the second by nothing.
    private static func balanced(_ check: FileCheck) -> Configuration {
        let file = CheckSpecification(kind: .file(check), schedule: CheckSchedule())
        var configuration = pair(servers: [
            virtualServer(servers: [realServer("192.0.2.21", checks: [file]), realServer("192.0.2.22")])
        ])
        configuration.tracked.files = [TrackFile(name: "f", path: "/f"), TrackFile(name: "g", path: "/g")]
        return configuration
    }

    private func verdicts(_ actions: [Supervisor.Action]) -> [[CheckVerdict]] {
        actions.compactMap { if case .send(.lvs(.verdicts(let news))) = $0 { news } else { nil } }
    }

    @Test func `a number in a file says what becomes of a server, and nobody probes it`() throws {
        let configuration = Self.balanced(FileCheck(name: "f", weight: -2))
        #expect(configuration.usedFiles(elections: true, checks: true).map(\.name) == ["f"])
        #expect(configuration.usedFiles(elections: true, checks: false).isEmpty)
        var play = Play.running(configuration)
        #expect(play.supervisor.checks == [tcpCheck("192.0.2.22")])
        _ = play.take()
        play.feed(.filesRead(["f": 3]))
        let told = verdicts(play.take())
        #expect(told.map { $0.map(\.verdict) } == [[.up]] && told.map { $0.map(\.weight) } == [[-6]])
        play.feed(.filesRead(["f": 3, "g": 1]))
        #expect(verdicts(play.take()) == [])
        guard case .lvs(.configure(let assignment)) = play.supervisor.assignment(of: .lvs, claims: []) else {
            Issue.record("no assignment")
            return
        }
        #expect(
            assignment.verdicts.compactMap(\.weight) == [-6], "an lvs that is started again goes on from it")
        guard case .checker(.configure(let checker)) = play.supervisor.assignment(of: .checker, claims: [])
        else {
            Issue.record("no assignment")
            return
        }
        #expect(checker.checks == [tcpCheck("192.0.2.22")] && checker.weights == [:])
    }

    @Test func `a file that says down is known before anything is programmed`() {
        var supervisor = Supervisor()
        _ = supervisor.handle(.filesRead(["f": 1]), at: at(0))
        _ = supervisor.handle(.configured(Self.balanced(FileCheck(name: "f", weight: 0))), at: at(0))
        #expect(supervisor.verdicts.map(\.value) == [.down])
        _ = supervisor.handle(.filesRead(["f": 0]), at: at(1))
        #expect(supervisor.verdicts.map(\.value) == [.up])
    }

    @Test func `a reload that changes the weight judges the same number anew`() {
        var play = Play.running(Self.balanced(FileCheck(name: "f", weight: 1)))
        play.feed(.filesRead(["f": 3]))
        play.feed(.configured(Self.balanced(FileCheck(name: "f", weight: 5))))
        #expect(play.supervisor.weights.map(\.value) == [15])
        play.feed(.configured(Self.balanced(FileCheck(name: "f", weight: 0))))
        #expect(play.supervisor.weights.isEmpty && play.supervisor.verdicts.values.contains(.down))
    }

    @Test func `the role hears whether enough processes run, after their delay`() {
        var configuration = Self.configuration
        configuration.instances[0].tracking.items.append(Tracked(.process, "p"))
        var process = TrackProcess(name: "p", process: "nginx")
        process.terminateDelay = .seconds(3)
        configuration.tracked.processes = [process, TrackProcess(name: "q", process: "x")]
        #expect(configuration.usedProcesses == [process])
        func told(_ actions: [Supervisor.Action]) -> [[String: Bool]] {
            actions.compactMap { action in
                if case .send(.vrrp(.tracked(let values))) = action { values.processes } else { nil }
            }
        }
        var play = Play.running(configuration)
        play.feed(.trackScriptEnded(run: 1, .status(0)))
        _ = play.take()
        play.feed(.processesCounted(["p": 1]))
        #expect(told(play.take()) == [["p": true]])
        play.feed(.processesCounted(["p": 0]))
        #expect(told(play.take()) == [])
        play.pass(.seconds(3))
        #expect(told(play.take()).last == ["p": false])
    }
}
