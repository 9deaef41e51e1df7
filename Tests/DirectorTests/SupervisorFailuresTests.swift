import ConfigModel
import ControlProtocol
import HealthChecks
import LinuxIO
import LoadBalancing
import Testing
import Timekeeping

@testable import Director

@Suite struct SupervisorFailuresTests {
    private static let addresses = (21...30).map { "192.0.2.\($0)" }

    private static func configuration(
        _ setting: FailureGuard.Setting? = .init(hold: .seconds(30))
    )
        -> Configuration
    {
        var configuration = pair(servers: [virtualServer(servers: addresses.map { realServer($0) })])
        configuration.global.failureGuard = setting
        return configuration
    }

    /// A director whose checks have all said up.
    private func play(_ configuration: Configuration = configuration()) -> Play {
        var play = Play.running(configuration)
        say(.up, Self.addresses.indices, &play)
        _ = play.take()
        return play
    }

    private func say(_ verdict: Verdict, _ indices: some Sequence<Int>, _ play: inout Play) {
        let news = indices.map { IndexedVerdict(index: $0, verdict: verdict) }
        play.feed(.reported(.checker(.verdicts(generation: play.supervisor.generation, news))))
    }

    private func told(_ actions: [Supervisor.Action]) -> [Verdict] {
        actions.flatMap { action -> [CheckVerdict] in
            if case .send(.lvs(.verdicts(let news))) = action { news } else { [] }
        }.map(\.verdict)
    }

    private func errors(_ actions: [Supervisor.Action]) -> [String] {
        actions.compactMap { if case .log(let line, true, _) = $0 { line } else { nil } }
    }

    @Test func `when nearly all fail lvs hears nothing, and the log is loud`() {
        var play = play()
        say(.down, Self.addresses.indices, &play)
        let actions = play.take()
        #expect(told(actions) == [])
        #expect(errors(actions).count == 1)
        #expect(errors(actions).first?.hasPrefix("10 of 10 checks have failed within ") == true)
        #expect(errors(actions).first?.hasSuffix("(checker_failure_guard)") == true)
        #expect(play.supervisor.verdicts.values.allSatisfy { $0 == .up })
    }

    @Test func `what was out already is put back, and all of it goes when the time is up`() {
        var play = play()
        say(.down, 0..<8, &play)
        #expect(told(play.take()) == Array(repeating: .down, count: 8))
        say(.down, 8..<9, &play)
        #expect(told(play.take()) == Array(repeating: .up, count: 8))
        play.pass(.seconds(29))
        #expect(told(play.take()) == [])
        play.pass(.seconds(1))
        let actions = play.take()
        #expect(told(actions) == Array(repeating: .down, count: 9))
        #expect(
            errors(actions) == [
                "9 verdicts were held and come into force: the time of checker_failure_guard is up"
            ])
    }

    @Test func `without the keyword everything is told`() {
        var play = play(Self.configuration(nil))
        say(.down, Self.addresses.indices, &play)
        #expect(told(play.take()).count == 10)
    }

    @Test func `lvs starts again with what is in force, the checker with what it said`() {
        var play = play()
        say(.down, Self.addresses.indices, &play)
        guard case .lvs(.configure(let lvs)) = play.supervisor.assignment(of: .lvs, claims: []),
            case .checker(.configure(let checker)) = play.supervisor.assignment(of: .checker, claims: [])
        else { return }
        #expect(lvs.verdicts.map(\.verdict) == Array(repeating: .up, count: 10))
        #expect(checker.known.count == 10 && checker.known.values.allSatisfy { $0 == .down })
    }

    @Test func `a checker that starts again neither ends the hold nor begins another`() {
        var play = play()
        say(.down, Self.addresses.indices, &play)
        #expect(errors(play.take()).count == 1)
        for seconds in [10, 10, 20, 30] as [Int64] {
            play.feed(.roleEnded(.checker, how: "killed"))
            play.pass(.seconds(1))
            // It says at once what it was told, and a round later what it found out.
            guard let known = play.take().checkerAssignment?.known else {
                Issue.record("it was not started")
                return
            }
            let news = known.sorted { $0.key < $1.key }
                .map { IndexedVerdict(index: $0.key, verdict: $0.value) }
            play.feed(.reported(.checker(.verdicts(generation: play.supervisor.generation, news))))
            say(.down, Self.addresses.indices, &play)
            play.pass(.seconds(seconds - 1))
            let told = errors(play.take()).filter { $0.contains("verdicts") || $0.contains("checks have") }
            let isOver = play.supervisor.failures.heldUntil == nil
            #expect(told.count == (seconds == 20 ? 1 : 0), "\(told)")
            #expect(isOver == (seconds >= 20))
            #expect(play.supervisor.verdicts.values.allSatisfy { $0 == (isOver ? .down : .up) })
        }
    }

    @Test func `a reload without the keyword tells it all`() {
        var play = play()
        say(.down, Self.addresses.indices, &play)
        _ = play.take()
        play.feed(.configured(Self.configuration(nil)))
        let actions = play.take()
        #expect(actions.lvsAssignment?.verdicts.map(\.verdict) == Array(repeating: .down, count: 10))
        #expect(errors(actions).first?.contains("no checker_failure_guard any more") == true)
    }

    @Test func `two verdicts of one check in one report count in their order`() {
        var play = play(Self.configuration(nil))
        let news = [Verdict.down, .up].map { IndexedVerdict(index: 0, verdict: $0) }
        play.feed(.reported(.checker(.verdicts(generation: play.supervisor.generation, news))))
        #expect(told(play.take()) == [.down, .up])
        #expect(play.supervisor.verdicts[tcpCheck("192.0.2.21")] == .up)
    }

    @Test func `status and events show it`() throws {
        var watched = Watched(Self.configuration())
        for index in Self.addresses.indices { watched.judge(index, .up, at: at(1)) }
        for index in Self.addresses.indices { watched.judge(index, .down, at: at(2)) }
        #expect(watched.server("192.0.2.21")?.value == true)
        #expect(watched.chronicle.histories.values.allSatisfy { $0.last?.isUp != false })
        let held = try #require(watched.chronicle.events.after(0).last { $0.subject == .checks })
        #expect(held.to == "held" && held.from == nil)
        let times = ReportTimes(now: at(3), wall: WallTime(nanoseconds: 1_000_000_000_000))
        let report = StatusReport(
            daemon: DaemonFactsTests.facts, times: times,
            supervisor: watched.supervisor, chronicle: watched.chronicle, findings: Survey.Findings())
        let lines = Array(report.lines)
        #expect(lines.first?["verdicts_held_until"]?.text == "1970-01-01T00:17:09.000Z")
        #expect(lines.last { $0["kind"] == "server" }?["checks"]?.elements.first?["held"] == true)
        watched.feed(.timer, at: at(40))
        let ended = try #require(watched.chronicle.events.after(0).last { $0.subject == .checks })
        #expect(ended.from == "held" && ended.to == "released")
        #expect(watched.server("192.0.2.21")?.value == false)
    }
}
