import ConfigModel
import HealthChecks
import LoadBalancing
import LoopGuard
import NetTypes
import Testing
import Timekeeping
import VRRP

@testable import Director

/// A supervisor whose processes live in the test: a start succeeds at once unless told otherwise.
struct Play {
    var supervisor: Supervisor
    var now = at(0)
    /// Everything the supervisor wanted since the last `take`.
    var wanted: [Supervisor.Action] = []
    /// What the ledgers hold.
    var claims: [RoleName: [Claim]] = [:]
    /// Roles that cannot be started.
    var broken: Set<RoleName> = []

    init(
        _ configuration: Configuration = pair(), vrrp: Bool = true, checks: Bool = true,
        leftovers: Set<RoleName> = []
    ) {
        supervisor = Supervisor(wantsVRRP: vrrp, wantsChecks: checks, leftovers: leftovers)
        feed(.configured(configuration))
    }

    mutating func feed(_ event: Supervisor.Event) {
        var pending = [event]
        while !pending.isEmpty {
            for action in supervisor.handle(pending.removeFirst(), at: now) {
                wanted.append(action)
                guard case .start(let role) = action else { continue }
                pending.append(
                    broken.contains(role)
                        ? .roleEnded(role, how: "cannot be started")
                        : .roleStarted(role, claims: claims[role] ?? []))
            }
        }
    }

    mutating func pass(_ interval: Interval) {
        now = now + interval
        if let deadline = supervisor.nextDeadline, deadline <= now { feed(.timer) }
    }

    mutating func take() -> [Supervisor.Action] {
        defer { wanted = [] }
        return wanted
    }

    /// Until everything runs.
    static func running(_ configuration: Configuration = pair()) -> Play {
        var play = Play(configuration)
        play.feed(.reported(.lvs(.ready)))
        play.feed(.reported(.vrrp(.ready)))
        _ = play.take()
        return play
    }

    func state(_ role: RoleName) -> RoleSlot.State? { supervisor.roles[role]?.state }
}

extension [Supervisor.Action] {
    var starts: [RoleName] { compactMap { if case .start(let role) = $0 { role } else { nil } } }
    var commands: [RoleCommand] { compactMap { if case .send(let command) = $0 { command } else { nil } } }
    var errors: [String] { compactMap { if case .log(let text, true, _) = $0 { text } else { nil } } }

    var vrrpAssignment: VRRPAssignment? {
        commands.compactMap { if case .vrrp(.configure(let assignment)) = $0 { assignment } else { nil } }
            .last
    }
    var lvsAssignment: LVSAssignment? {
        commands.compactMap { if case .lvs(.configure(let assignment)) = $0 { assignment } else { nil } }.last
    }
    var checkerAssignment: CheckerAssignment? {
        commands.compactMap { if case .checker(.configure(let assignment)) = $0 { assignment } else { nil } }
            .last
    }
}

@Suite struct SupervisorStartTests {
    @Test func `services stand before an address can come`() {
        var play = Play()
        #expect(play.take().starts == [.lvs, .checker])
        play.feed(.reported(.lvs(.ready)))
        #expect(play.take().starts == [.vrrp])
    }

    @Test func `vrrp does not wait for ever`() {
        var play = Play()
        _ = play.take()
        play.pass(Supervisor.patience - .milliseconds(1))
        #expect(play.take().starts == [])
        play.pass(.milliseconds(1))
        #expect(play.take().starts == [.vrrp])
    }

    @Test func `a reload while lvs is brought up starts what it adds`() {
        var plain = virtualServer()
        plain.realServers = plain.realServers.map {
            var server = $0
            server.checks = []
            return server
        }
        var play = Play(pair(servers: [plain]))
        #expect(play.take().starts == [.lvs])
        play.feed(.configured(pair()))
        #expect(play.take().starts == [.checker])
        play.feed(.reported(.lvs(.ready)))
        #expect(play.take().starts == [.vrrp])
    }

    @Test func `vrrp does not wait for an lvs that died`() {
        var play = Play()
        _ = play.take()
        play.feed(.roleEnded(.lvs, how: "killed by SIGKILL"))
        #expect(play.take().starts == [.vrrp, .lvs])
    }

    @Test func `readiness is told once, when every role is ready`() {
        var play = Play()
        play.feed(.reported(.lvs(.ready)))
        #expect(!play.take().contains(.announceReady))
        play.feed(.reported(.vrrp(.ready)))
        #expect(play.take() == [.announceReady])
        play.feed(.roleEnded(.vrrp, how: "x"))
        play.feed(.reported(.vrrp(.ready)))
        #expect(!play.take().contains(.announceReady))
    }

    static let needs: [(vrrp: Bool, checks: Bool, configuration: Configuration, roles: Set<RoleName>)] = [
        (true, true, pair(), [.vrrp, .lvs, .checker]), (true, false, pair(), [.vrrp]),
        (false, true, pair(), [.lvs, .checker]), (true, true, Configuration(), []),
        (true, true, Configuration(instances: [router()]), [.vrrp]),
        (true, true, Configuration(virtualServers: [virtualServer(servers: [])]), [.lvs]),
        (
            true, true, pair(servers: [virtualServer(servers: [realServer("192.0.2.1", checks: [])])]),
            [.vrrp, .lvs]
        ),
        (true, true, pair(servers: []), [.vrrp, .lvs]),
    ]

    @Test(arguments: needs) func `only the roles that have something to do are started`(
        vrrp: Bool, checks: Bool, configuration: Configuration, roles: Set<RoleName>
    ) {
        var play = Play(configuration, vrrp: vrrp, checks: checks)
        play.feed(.reported(.lvs(.ready)))
        #expect(Set(play.take().starts) == roles)
    }

    @Test func `each role is told only what is its own`() throws {
        var play = Play()
        play.claims[.vrrp] = [.address(interface: "eth0", prefix("192.0.2.100/24"))]
        play.feed(.reported(.lvs(.ready)))
        let actions = play.take()
        let vrrp = try #require(actions.vrrpAssignment)
        #expect(vrrp.routers == pair().instances)
        #expect(vrrp.claims == play.claims[.vrrp])
        #expect(vrrp.masters.isEmpty)
        let lvs = try #require(actions.lvsAssignment)
        #expect(lvs.virtualServers == pair().virtualServers)
        #expect(lvs.syncDaemon == pair().global.syncDaemon)
        #expect(lvs.mayUseBackupOnly && !lvs.flushes && lvs.states.isEmpty && lvs.verdicts.isEmpty)
        let checker = try #require(actions.checkerAssignment)
        #expect(checker.checks == [tcpCheck("192.0.2.21"), tcpCheck("192.0.2.22")])
        #expect(checker.generation == 1)
    }

    @Test func `a check that several servers name is one`() throws {
        let shared = tcpCheck("192.0.2.9")
        let servers = ["192.0.2.21", "192.0.2.22"].map { realServer($0, checks: [shared]) }
        let actions = Play(pair(servers: [virtualServer(servers: servers)])).wanted
        #expect(actions.checkerAssignment?.checks == [shared])
    }

    @Test func `no IPVS in the kernel ends the start with status 1 and the reason`() {
        var play = Play()
        _ = play.take()
        play.feed(.reported(.lvs(.failed("this kernel has no IPVS: load module ip_vs"))))
        let actions = play.take()
        #expect(actions.errors == ["this kernel has no IPVS: load module ip_vs"])
        #expect(!actions.starts.contains(.vrrp))
        play.feed(.roleEnded(.lvs, how: "exit status 1"))
        play.feed(.roleEnded(.checker, how: "exit status 0"))
        #expect(play.take().contains(.exit(1)))
    }

    @Test func `no IPVS at a later reload leaves VRRP running`() {
        var play = Play(Configuration(instances: [router()]))
        play.feed(.reported(.vrrp(.ready)))
        play.feed(.configured(pair()))
        play.feed(.reported(.lvs(.failed("no IPVS"))))
        play.feed(.roleEnded(.lvs, how: "exit status 1"))
        #expect(play.take().errors == ["no IPVS"])
        #expect(play.state(.vrrp) == .running)
        #expect(play.state(.lvs) == .absent)
        #expect(!play.supervisor.isStopping)
    }

    @Test func `after a reload that finds IPVS lvs is a role like the others`() {
        var play = Play(Configuration(instances: [router()]))
        play.feed(.reported(.vrrp(.ready)))
        play.feed(.configured(pair()))
        play.feed(.reported(.lvs(.failed("no IPVS"))))
        play.feed(.roleEnded(.lvs, how: "exit status 1"))
        _ = play.take()
        play.feed(.configured(pair()))
        #expect(play.take().starts == [.lvs])
        play.feed(.roleEnded(.lvs, how: "killed by SIGKILL"))
        play.pass(.seconds(10))
        #expect(play.take().starts == [.lvs])
        #expect(play.state(.lvs) == .running)
    }

    @Test func `foreign services are flushed at the first start only`() {
        var configuration = pair()
        configuration.global.flushesAtStart = true
        var play = Play(configuration)
        #expect(play.take().lvsAssignment?.flushes == true)
        play.feed(.reported(.lvs(.ready)))
        play.feed(.roleEnded(.lvs, how: "x"))
        #expect(play.take().lvsAssignment?.flushes == false)
    }
}

@Suite struct SupervisorRunTests {
    @Test func `a state is remembered and told to lvs`() {
        var play = Play.running()
        play.feed(.reported(.vrrp(.state(instance: "VI_1", .master))))
        #expect(play.take() == [.send(.lvs(.state(instance: "VI_1", .master)))])
        #expect(play.supervisor.states == ["VI_1": .master])
    }

    @Test func `an instance that is not configured is nobody's`() {
        var play = Play.running()
        play.feed(.reported(.vrrp(.state(instance: "VI_9", .master))))
        #expect(play.take().isEmpty)
        #expect(play.supervisor.states.isEmpty)
    }

    @Test func `a vrrp that died as master is told when it last advertised`() throws {
        var play = Play.running()
        play.feed(.reported(.vrrp(.state(instance: "VI_1", .master))))
        play.feed(.advertised(["VI_1": at(0)]))
        _ = play.take()
        play.feed(.roleEnded(.vrrp, how: "killed by SIGKILL"))
        let actions = play.take()
        #expect(actions.errors == ["vrrp ended unexpectedly: killed by SIGKILL; starting it again"])
        #expect(actions.starts == [.vrrp])
        #expect(actions.vrrpAssignment?.masters == ["VI_1": at(0)])
        #expect(!actions.commands.contains { $0.role == .lvs }, "nothing is torn down")
    }

    @Test func `and up to which number its adverts went`() {
        var play = Play.running()
        play.feed(.reported(.vrrp(.state(instance: "VI_1", .master))))
        play.feed(.advertised(["VI_1": at(0)], sequences: ["VI_1": 41]))
        play.feed(.advertised(["VI_1": at(0)], sequences: ["VI_1": 40]))
        play.feed(.roleEnded(.vrrp, how: "x"))
        #expect(play.take().vrrpAssignment?.sequences == ["VI_1": 41])
        play.feed(.configured(Configuration()))
        play.feed(.configured(pair()))
        #expect(play.take().vrrpAssignment?.sequences ?? [:] == [:], "of an instance that went")
    }

    @Test func `a vrrp that died as backup has nothing to go on with`() {
        var play = Play.running()
        play.feed(.reported(.vrrp(.state(instance: "VI_1", .master))))
        play.feed(.advertised(["VI_1": at(0)]))
        play.feed(.reported(.vrrp(.state(instance: "VI_1", .backup))))
        play.feed(.roleEnded(.vrrp, how: "x"))
        #expect(play.take().vrrpAssignment?.masters == [:])
    }

    @Test func `a late report of an advert does not go back in time`() {
        var play = Play.running()
        play.feed(.reported(.vrrp(.state(instance: "VI_1", .master))))
        play.feed(.advertised(["VI_1": at(0)]))
        play.feed(.advertised(["VI_1": at(-1)]))
        play.feed(.roleEnded(.vrrp, how: "x"))
        #expect(play.take().vrrpAssignment?.masters == ["VI_1": at(0)])
    }

    @Test func `an lvs that died starts from the last states and verdicts`() throws {
        var play = Play.running()
        play.feed(.reported(.vrrp(.state(instance: "VI_1", .master))))
        play.feed(.reported(.checker(.verdicts(generation: 1, [IndexedVerdict(index: 1, verdict: .down)]))))
        play.claims[.lvs] = [.syncThread(.master)]
        play.feed(.roleEnded(.lvs, how: "x"))
        let assignment = try #require(play.take().lvsAssignment)
        #expect(assignment.states == ["VI_1": .master])
        #expect(assignment.verdicts.map(\.check) == [tcpCheck("192.0.2.22")])
        #expect(assignment.verdicts.map(\.verdict) == [.down])
        #expect(assignment.claims == [.syncThread(.master)])
    }

    @Test func `an lvs that died knows the peers its predecessor knew`() throws {
        var play = Play.running()
        let peer = Peer.address(v4("192.0.2.3"), interface: nil)
        var peers = PeerTable(LoopGuardConfiguration(peers: [peer]))
        _ = peers.unanswered(by: peer)
        play.feed(.reported(.lvs(.peers(peers))))
        play.feed(.roleEnded(.lvs, how: "x"))
        #expect(try #require(play.take().lvsAssignment).peers == peers)
    }

    @Test func `a checker that died starts from the last verdicts`() {
        var play = Play.running()
        play.feed(.reported(.checker(.verdicts(generation: 1, [IndexedVerdict(index: 1, verdict: .down)]))))
        play.feed(.roleEnded(.checker, how: "x"))
        #expect(play.take().checkerAssignment?.known == [1: .down])
    }

    @Test func `a role that dies again and again is given pauses`() {
        var play = Play.running()
        play.feed(.roleEnded(.lvs, how: "x"))
        #expect(play.take().starts == [.lvs])
        play.feed(.roleEnded(.lvs, how: "x"))
        #expect(play.take().starts == [])
        #expect(play.supervisor.nextDeadline == at(0) + .milliseconds(100))
        play.pass(.milliseconds(100))
        #expect(play.take().starts == [.lvs])
    }

    @Test func `a role that cannot be started is tried with pauses too`() {
        var play = Play.running()
        play.broken = [.checker]
        play.feed(.roleEnded(.checker, how: "x"))
        #expect(play.take().starts == [.checker])
        #expect(play.state(.checker) == .pausing(until: at(0) + .milliseconds(100)))
        for _ in 0..<20 { play.pass(.seconds(5)) }
        #expect(play.take().starts.count == 20)
    }

    @Test func `what is said to a role that is not there is not lost`() {
        var play = Play.running()
        play.feed(.roleEnded(.lvs, how: "x"))
        play.feed(.roleEnded(.lvs, how: "x"))
        _ = play.take()
        play.feed(.reported(.vrrp(.state(instance: "VI_1", .master))))
        #expect(play.take().isEmpty)
        play.pass(.seconds(1))
        #expect(play.take().lvsAssignment?.states == ["VI_1": .master])
    }

    @Test func `verdicts go to lvs with the probe that decided`() {
        var play = Play.running()
        let report = ProbeReport(
            result: ProbeResult(.connectionFailed, "connection refused"), duration: .milliseconds(3),
            finishedAt: at(2),
            failures: 2, failuresAllowed: 2)
        let news = IndexedVerdict(index: 0, verdict: .down, report: report)
        play.feed(.reported(.checker(.verdicts(generation: 1, [news]))))
        let told = CheckVerdict(check: tcpCheck("192.0.2.21"), verdict: .down, report: report)
        #expect(play.take() == [.send(.lvs(.verdicts([told])))])
        play.feed(.reported(.checker(.verdicts(generation: 1, [news]))))
        #expect(play.take().isEmpty, "what is known is not told again")
    }

    @Test(arguments: [(2 as UInt64, 0), (0, 0), (1, 2), (1, -1)])
    func `verdicts of another assignment or place are ignored`(generation: UInt64, index: Int) {
        var play = Play.running()
        let news = IndexedVerdict(index: index, verdict: .down)
        play.feed(.reported(.checker(.verdicts(generation: generation, [news]))))
        #expect(play.take().isEmpty)
    }

    @Test func `only a configured program is run`() {
        let script = scriptCheck(["/bin/check", "a"])
        var play = Play.running(
            pair(servers: [
                virtualServer(servers: [realServer("192.0.2.21", checks: [tcpCheck("192.0.2.21"), script])])
            ]))
        play.feed(.reported(.checker(.run(9, generation: 1, index: 1))))
        guard case .script(let wanted) = script.kind else { return }
        #expect(play.take() == [.runScript(9, wanted)])
        for (generation, index) in [(1 as UInt64, 0), (1, 7), (2, 1)] {
            play.feed(.reported(.checker(.run(10, generation: generation, index: index))))
            let refusal = ScriptOutcome.unavailable("no such check any more")
            #expect(play.take() == [.send(.checker(.scriptEnded(run: 10, refusal)))])
        }
        play.feed(.scriptEnded(run: 9, .status(1)))
        #expect(play.take() == [.send(.checker(.scriptEnded(run: 9, .status(1))))])
        play.feed(.reported(.checker(.terminate(9))))
        #expect(play.take() == [.terminateScript(9)])
    }

    @Test func `a weight is believed of a program that may say one alone`() {
        var script = ScriptCheck(command: ["/bin/check"], timeout: .seconds(3))
        script.isDynamic = true
        let dynamic = CheckSpecification(kind: .script(script), schedule: CheckSchedule())
        let server = realServer("192.0.2.21", checks: [tcpCheck("192.0.2.21"), dynamic])
        var play = Play.running(pair(servers: [virtualServer(servers: [server])]))
        func say(_ index: Int, _ weight: UInt8?) -> [Supervisor.Action] {
            let news = IndexedVerdict(index: index, verdict: .up, weight: weight)
            play.feed(.reported(.checker(.verdicts(generation: 1, [news]))))
            return play.take()
        }
        func told(_ check: CheckSpecification, _ weight: Int32?) -> [Supervisor.Action] {
            [.send(.lvs(.verdicts([CheckVerdict(check: check, verdict: .up, weight: weight)])))]
        }
        #expect(say(0, 9) == told(tcpCheck("192.0.2.21"), nil))
        #expect(say(1, 9) == told(dynamic, 9))
        #expect(say(1, 9) == [])
        #expect(say(1, 4) == told(dynamic, 4))
        play.feed(.roleEnded(.lvs, how: "x"))
        play.pass(.seconds(9))
        #expect(play.take().lvsAssignment?.verdicts.first { $0.check == dynamic }?.weight == 4)
        play.feed(.roleEnded(.checker, how: "x"))
        play.pass(.seconds(9))
        let again = play.take().compactMap { action -> CheckerAssignment? in
            guard case .send(.checker(.configure(let assignment))) = action else { return nil }
            return assignment
        }
        #expect(again.last?.weights == [1: 4], "a checker that is started again goes on from it")
        #expect(say(1, nil).count == 1, "back to what is configured")
    }

    @Test func `only a socket that is configured is made`() throws {
        let source = ProbeSource(mark: mark(7))
        let marked = CheckSpecification(
            kind: .tcp(TCPCheck(target: endpoint("192.0.2.21", 80), source: source)),
            schedule: CheckSchedule())
        let server = realServer("192.0.2.21", checks: [tcpCheck("192.0.2.21"), marked])
        var play = Play.running(pair(servers: [virtualServer(servers: [server])]))
        play.feed(.reported(.checker(.socket(5, generation: 1, index: 1))))
        #expect(play.take() == [.makeSocket(5, try #require(SocketOrder(marked.kind)))])
        for (generation, index) in [(1 as UInt64, 0), (1, 2), (1, -1), (2, 1)] {
            play.feed(.reported(.checker(.socket(6, generation: generation, index: index))))
            #expect(
                play.take() == [
                    .send(.checker(.socketRefused(6, "no such check any more", isTargets: false)))
                ])
        }
    }

    @Test func `checks rest while their service's address is elsewhere, and go on from what they said`() {
        var web = virtualServer()
        web.suspendsChecks = true
        let other = virtualServer("192.0.2.101", servers: [realServer("192.0.2.23")])
        var play = Play.running(pair(servers: [web, other]))
        #expect(play.supervisor.checks == [tcpCheck("192.0.2.23")])
        play.feed(.reported(.lvs(.present([v4("192.0.2.100")]))))
        play.pass(Supervisor.suspensionPause)
        let active = play.take().checkerAssignment
        #expect(active?.checks.count == 3)
        #expect(active?.generation == 2)
        let down = IndexedVerdict(index: 0, verdict: .down)
        play.feed(.reported(.checker(.verdicts(generation: 2, [down]))))
        _ = play.take()
        play.feed(.reported(.lvs(.present([v4("192.0.2.100")]))))
        play.pass(Supervisor.suspensionPause)
        #expect(play.take() == [], "no news")
        play.feed(.reported(.lvs(.present([]))))
        play.pass(Supervisor.suspensionPause)
        #expect(play.take().checkerAssignment?.checks == [tcpCheck("192.0.2.23")])
        play.feed(.roleEnded(.lvs, how: "x"))
        play.pass(.seconds(9))
        #expect(
            play.take().lvsAssignment?.verdicts.map(\.verdict) == [.down], "what it said stands meanwhile")
        play.feed(.reported(.lvs(.present([v4("192.0.2.100")]))))
        play.pass(Supervisor.suspensionPause)
        #expect(play.take().checkerAssignment?.known == [0: .down])
    }

    @Test func `a checker with nothing to do at first is started when there is`() {
        var web = virtualServer()
        web.suspendsChecks = true
        var play = Play.running(pair(servers: [web]))
        #expect(play.supervisor.roles[.checker]?.isAlive != true)
        play.feed(.reported(.lvs(.present([v4("192.0.2.100")]))))
        play.pass(Supervisor.suspensionPause)
        #expect(play.take().starts == [.checker])
    }

    @Test func `addresses that come together have the checks assigned once`() {
        let services = (100...103).map { number in
            var service = virtualServer("192.0.2.\(number)", servers: [realServer("192.0.2.\(number - 79)")])
            service.suspendsChecks = true
            return service
        }
        var play = Play.running(pair(servers: services))
        for count in 1...4 {
            play.feed(.reported(.lvs(.present(Set((100..<100 + count).map { v4("192.0.2.\($0)") })))))
            play.pass(.milliseconds(10))
        }
        #expect(play.supervisor.generation == 1)
        play.pass(Supervisor.suspensionPause)
        #expect(play.supervisor.generation == 2 && play.supervisor.checks.count == 4)
        #expect(play.take().compactMap { [$0].checkerAssignment }.count <= 1)
        // They went and came back: nothing is to be done.
        play.feed(.reported(.lvs(.present([]))))
        play.feed(.reported(.lvs(.present(Set((100...103).map { v4("192.0.2.\($0)") })))))
        play.pass(Supervisor.suspensionPause)
        #expect(play.supervisor.generation == 2 && play.supervisor.suspensionDue == nil)
    }

    @Test func `a program that was asked for while another assignment went out is run all the same`() {
        let script = scriptCheck()
        func services(_ more: [RealServer]) -> Configuration {
            pair(servers: [virtualServer(servers: more + [realServer("192.0.2.21", checks: [script])])])
        }
        var play = Play.running(services([]))
        play.feed(.configured(services([realServer("192.0.2.22")])))
        _ = play.take()
        func runs(_ generation: UInt64, _ index: Int) -> Bool {
            play.feed(.reported(.checker(.run(7, generation: generation, index: index))))
            return play.take().contains { if case .runScript = $0 { true } else { false } }
        }
        #expect(runs(1, 0) && runs(2, 1))
        #expect(!runs(1, 1) && !runs(2, 0) && !runs(3, 0) && !runs(1, -1))
        play.feed(.configured(pair()))
        #expect(!runs(2, 1), "the check is gone")
    }

    @Test func `who has lost the quorum is told to lvs's successor`() {
        var play = Play.running()
        play.feed(.reported(.lvs(.lost([virtualServer().identity]))))
        play.feed(.roleEnded(.lvs, how: "x"))
        play.pass(.seconds(9))
        #expect(play.take().lvsAssignment?.lost == [virtualServer().identity])
    }

    @Test func `lvs's wishes are passed on and answered`() {
        var play = Play.running()
        play.feed(.reported(.lvs(.tables(.save(.inet)))))
        play.feed(.tablesAnswered(.done("*mangle")))
        #expect(play.take() == [.runTables(.save(.inet)), .send(.lvs(.tables(.done("*mangle"))))])
    }
}

@Suite struct SupervisorReloadTests {
    @Test func `running roles hear the new values`() throws {
        var play = Play.running()
        let new = pair(
            instances: [router(priority: 200)], servers: [virtualServer(servers: [realServer("192.0.2.23")])])
        play.feed(.configured(new))
        let actions = play.take()
        #expect(actions.starts.isEmpty)
        #expect(actions.vrrpAssignment?.routers.map(\.priority) == [200])
        #expect(actions.lvsAssignment?.virtualServers == new.virtualServers)
        #expect(actions.checkerAssignment?.checks == [tcpCheck("192.0.2.23")])
        #expect(actions.checkerAssignment?.generation == 2)
    }

    @Test func `what is known of checks that stay is kept, of others forgotten`() {
        var play = Play.running()
        let news = [IndexedVerdict(index: 0, verdict: .down), IndexedVerdict(index: 1, verdict: .down)]
        play.feed(.reported(.checker(.verdicts(generation: 1, news))))
        _ = play.take()
        play.feed(
            .configured(
                pair(servers: [virtualServer(servers: [realServer("192.0.2.22"), realServer("192.0.2.30")])]))
        )
        let actions = play.take()
        #expect(actions.checkerAssignment?.known == [0: .down])
        #expect(actions.lvsAssignment?.verdicts.map(\.check) == [tcpCheck("192.0.2.22")])
    }

    @Test func `a dead server whose check is changed stays out of service`() throws {
        func servers(_ timeout: Int64) -> [VirtualServer] {
            var check = TCPCheck(target: endpoint("192.0.2.21", 80))
            check.timeout = .seconds(timeout)
            let specification = CheckSpecification(kind: .tcp(check), schedule: CheckSchedule())
            return [virtualServer(servers: [realServer("192.0.2.21", checks: [specification])])]
        }
        var play = Play.running(pair(servers: servers(2)))
        play.feed(
            .reported(.checker(.verdicts(generation: 1, [IndexedVerdict(index: 0, verdict: .down)]))))
        _ = play.take()
        play.feed(.configured(pair(servers: servers(3))))
        let actions = play.take()
        #expect(actions.checkerAssignment?.known == [0: .down])
        let assignment = try #require(actions.lvsAssignment)
        let known = Dictionary(uniqueKeysWithValues: assignment.verdicts.map { ($0.check, $0.verdict) })
        #expect(!assignment.virtualServers[0].realServers[0].isUp(known))
    }

    @Test func `a role that becomes necessary is started`() {
        var play = Play(Configuration(instances: [router()]))
        play.feed(.reported(.vrrp(.ready)))
        _ = play.take()
        play.feed(.configured(pair()))
        #expect(Set(play.take().starts) == [.lvs, .checker])
    }

    @Test func `a role with nothing left to do is told so`() {
        var play = Play.running()
        play.feed(.configured(Configuration()))
        let actions = play.take()
        #expect(actions.vrrpAssignment?.routers == [])
        #expect(actions.lvsAssignment?.virtualServers == [])
        #expect(actions.lvsAssignment?.syncDaemon == nil)
        #expect(actions.checkerAssignment?.checks == [])
    }

    @Test func `states of instances that are gone are forgotten`() {
        var play = Play.running()
        play.feed(.reported(.vrrp(.state(instance: "VI_1", .master))))
        play.feed(.configured(pair(instances: [router("VI_2")])))
        #expect(play.supervisor.states.isEmpty)
    }

    @Test func `reports of the former assignment are ignored`() {
        var play = Play.running()
        play.feed(.configured(pair()))
        _ = play.take()
        play.feed(.reported(.checker(.verdicts(generation: 1, [IndexedVerdict(index: 0, verdict: .down)]))))
        #expect(play.take().isEmpty)
    }
}

@Suite struct SupervisorStopTests {
    @Test func `vrrp goes first, then the others, then all is over`() {
        var play = Play.running()
        play.feed(.stopRequested)
        #expect(play.take() == [.send(.vrrp(.stop))])
        play.feed(.reported(.vrrp(.state(instance: "VI_1", .initialize))))
        play.feed(.reported(.vrrp(.stopped)))
        #expect(play.take().isEmpty)
        play.feed(.roleEnded(.vrrp, how: "exit status 0"))
        #expect(play.take() == [.send(.checker(.stop)), .send(.lvs(.stop))])
        play.feed(.roleEnded(.checker, how: "exit status 0"))
        play.feed(.reported(.lvs(.tables(.save(.inet)))))
        play.feed(.tablesAnswered(.done("")))
        play.feed(.reported(.lvs(.stopped)))
        #expect(play.take() == [.runTables(.save(.inet)), .send(.lvs(.tables(.done(""))))])
        play.feed(.roleEnded(.lvs, how: "exit status 0"))
        #expect(play.take() == [.exit(0)])
        #expect(play.supervisor.nextDeadline == nil)
    }

    @Test func `a daemon with nothing to do ends at once`() {
        var play = Play(Configuration())
        _ = play.take()
        play.feed(.stopRequested)
        #expect(play.take() == [.exit(0)])
    }

    @Test func `a second signal and a reload change nothing`() {
        var play = Play.running()
        play.feed(.stopRequested)
        _ = play.take()
        play.feed(.stopRequested)
        play.feed(.configured(pair()))
        #expect(play.take().isEmpty)
    }

    @Test func `a vrrp that does not end is killed, and the supervisor takes its addresses away`() {
        var play = Play.running()
        play.feed(.stopRequested)
        _ = play.take()
        // Its masters may be handing over.
        play.pass(Supervisor.patience + MasterDown.handoverLimit - .milliseconds(1))
        #expect(play.take().isEmpty)
        play.pass(.milliseconds(1))
        #expect(play.take().contains(.kill(.vrrp)))
        play.feed(.roleEnded(.vrrp, how: "killed by SIGKILL"))
        let actions = play.take()
        #expect(actions.starts.isEmpty)
        #expect(actions.contains(.withdraw(keeping: [])))
        #expect(actions.commands == [.checker(.stop), .lvs(.stop)])
    }

    @Test func `addresses that stay are told by the exit status`() {
        var play = Play.running(Configuration(instances: [router()]))
        play.feed(.stopRequested)
        play.feed(.roleEnded(.vrrp, how: "x"))
        #expect(play.take().contains(.exit(0)))
        var other = Play.running()
        other.feed(.stopRequested)
        other.feed(.roleEnded(.vrrp, how: "x"))
        other.feed(.withdrawalFailed)
        other.feed(.reported(.lvs(.stopped)))
        other.feed(.roleEnded(.lvs, how: "exit status 0"))
        other.feed(.roleEnded(.checker, how: "exit status 0"))
        #expect(other.take().contains(.exit(1)))
    }

    @Test func `an lvs that does not end is killed and its successor cleans up, once`() {
        var play = Play.running(pair(instances: []))
        play.feed(.stopRequested)
        play.claims[.lvs] = [.chain(.inet)]
        _ = play.take()
        play.feed(.roleEnded(.lvs, how: "killed by SIGKILL"))
        let actions = play.take()
        #expect(actions.starts == [.lvs])
        #expect(actions.lvsAssignment?.virtualServers == [])
        #expect(actions.lvsAssignment?.claims == play.claims[.lvs])
        #expect(actions.commands.last == .lvs(.stop))
        play.feed(.roleEnded(.lvs, how: "exit status 1"))
        #expect(play.take().starts.isEmpty)
        play.feed(.roleEnded(.checker, how: "exit status 0"))
        #expect(play.take().contains(.exit(1)), "something is left, and it is told")
    }

    @Test func `a role that was waiting to be restarted is started to clean up`() {
        var play = Play.running()
        play.feed(.roleEnded(.lvs, how: "x"))
        play.feed(.roleEnded(.lvs, how: "x"))
        #expect(play.state(.lvs) == .pausing(until: at(0) + .milliseconds(100)))
        play.feed(.stopRequested)
        play.feed(.reported(.vrrp(.stopped)))
        _ = play.take()
        play.feed(.roleEnded(.vrrp, how: "exit status 0"))
        let actions = play.take()
        #expect(actions.starts == [.lvs])
        #expect(actions.lvsAssignment?.virtualServers == [])
        #expect(actions.commands.contains(.lvs(.stop)))
    }

    @Test func `a checker has nothing to clean up`() {
        var play = Play.running()
        play.feed(.stopRequested)
        play.feed(.reported(.vrrp(.stopped)))
        play.feed(.roleEnded(.vrrp, how: "exit status 0"))
        _ = play.take()
        play.feed(.roleEnded(.checker, how: "killed by SIGSEGV"))
        #expect(play.take().isEmpty)
    }

    @Test func `a role that cannot even be started does not keep the daemon from ending`() {
        var play = Play.running()
        play.broken = [.vrrp, .lvs]
        play.feed(.stopRequested)
        play.feed(.roleEnded(.vrrp, how: "x"))
        play.feed(.roleEnded(.lvs, how: "x"))
        play.feed(.roleEnded(.checker, how: "x"))
        let actions = play.take()
        #expect(actions.contains(.withdraw(keeping: [])))
        #expect(actions.contains(.exit(1)), "lvs has left something")
    }

    @Test func `states are not passed on any more`() {
        var play = Play.running()
        play.feed(.stopRequested)
        _ = play.take()
        play.feed(.reported(.vrrp(.state(instance: "VI_1", .initialize))))
        #expect(play.take().isEmpty)
    }

    @Test func `no script is begun any more`() {
        var play = Play.running(
            pair(servers: [virtualServer(servers: [realServer("192.0.2.21", checks: [scriptCheck()])])]))
        play.feed(.stopRequested)
        _ = play.take()
        play.feed(.reported(.checker(.run(1, generation: 1, index: 0))))
        #expect(play.take().commands.map(\.role) == [.checker])
    }
}

@Suite struct SupervisorEndsTests {
    /// Whatever happens in whatever order, a stop ends in one exit, and never are there two processes of a
    /// role.
    @Test(arguments: 0..<300) func `every story ends`(_ seed: Int) {
        var random = SmallRandom(seed: UInt64(seed))
        var play = Play()
        var alive: Set<RoleName> = []
        var exits = 0
        func follow(_ actions: [Supervisor.Action]) {
            for action in actions {
                switch action {
                case .start(let role): #expect(alive.insert(role).inserted, "two processes of \(role)")
                case .exit: exits += 1
                default: break
                }
            }
        }
        func die(_ role: RoleName) {
            guard alive.remove(role) != nil else { return }
            play.feed(.roleEnded(role, how: "x"))
        }
        follow(play.take())
        for step in 0..<120 {
            switch random.next() % 8 {
            case 0: die(.vrrp)
            case 1: die(.lvs)
            case 2: die(.checker)
            case 3: play.feed(.reported(.lvs(.ready)))
            case 4: play.feed(.reported(.vrrp(.stopped)))
            case 5: play.feed(.configured(random.next() % 2 == 0 ? pair() : Configuration()))
            case 6: if step > 60 { play.feed(.stopRequested) }
            default: play.pass(.milliseconds(Int64(random.next() % 6000)))
            }
            follow(play.take())
        }
        play.feed(.stopRequested)
        follow(play.take())
        for _ in 0..<30 where exits == 0 {
            play.pass(.seconds(6))
            follow(play.take())
            for role in alive.sorted(by: { $0.rawValue < $1.rawValue }) {
                die(role)
                follow(play.take())
            }
        }
        #expect(exits == 1)
        #expect(alive.isEmpty)
        #expect(play.supervisor.nextDeadline == nil)
    }

    @Test func `elections wait since the daemon's start, not since a reload or a role's`() {
        var configuration = pair()
        configuration.global.startupDelay = .seconds(10)
        configuration.global.neighbourGap = .milliseconds(5)
        var play = Play(configuration)
        play.feed(.reported(.lvs(.ready)))
        let first = play.take().vrrpAssignment
        #expect(first?.beginAt == at(10))
        #expect(first?.announcementGaps.neighbour == .milliseconds(5))
        play.pass(.seconds(3))
        configuration.global.startupDelay = .seconds(60)
        play.feed(.configured(configuration))
        #expect(play.take().vrrpAssignment?.beginAt == at(10))
        play.feed(.roleEnded(.vrrp, how: "killed"))
        play.pass(.seconds(1))
        #expect(play.take().vrrpAssignment?.beginAt == at(10))
    }
}
