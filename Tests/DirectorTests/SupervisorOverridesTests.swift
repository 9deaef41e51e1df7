import ConfigModel
import HealthChecks
import LoadBalancing
import NetTypes
import Testing
import Timekeeping

@testable import Director

@Suite struct SupervisorOverridesTests {
    private static let services = [virtualServer(), virtualServer(port: 81)]

    private static func name(_ address: String, port: UInt16 = 80) -> ServerName {
        ServerName(service: virtualServer(port: port).identity, server: endpoint(address, 80))
    }

    private static let drain = ServerWish(.drain, by: "uid 7", reason: "kernel update")

    private func play() -> Play { Play.running(pair(servers: Self.services)) }

    private func orders(_ actions: [Supervisor.Action]) -> [[ServerName: ServerOrder]] {
        actions.commands.compactMap { if case .lvs(.orders(let orders)) = $0 { orders } else { nil } }
    }

    private func remembered(_ actions: [Supervisor.Action]) -> [[ServerOverride]] {
        actions.compactMap { if case .remember(let list) = $0 { list } else { nil } }
    }

    @Test func `a server without its service is meant in every one`() throws {
        let supervisor = play().supervisor
        func meant(_ words: String) throws -> [ServerName] {
            supervisor.servers(meantBy: try #require(ServerTarget(words)))
        }
        #expect(try meant("192.0.2.21") == [Self.name("192.0.2.21"), Self.name("192.0.2.21", port: 81)])
        #expect(try meant("192.0.2.21:80@192.0.2.100:81/tcp") == [Self.name("192.0.2.21", port: 81)])
        #expect(try meant("192.0.2.2") == [])
        let alone = Play(pair(servers: Self.services), checks: false).supervisor
        #expect(alone.servers(meantBy: try #require(ServerTarget("192.0.2.21"))) == [], "-P")
    }

    @Test func `an order is written down, then carried out`() {
        var play = play()
        let name = Self.name("192.0.2.21")
        play.feed(.ordered([name], Self.drain))
        let actions = play.take()
        let entry = ServerOverride(
            name, .drain, by: "uid 7", reason: "kernel update", since: play.now)
        #expect(actions == [.remember([entry]), .send(.lvs(.orders([name: .drain])))])
        play.feed(.ordered([name], ServerWish(.weight(4), by: "uid 0")))
        #expect(orders(play.take()) == [[name: .weight(4)]])
        play.feed(.ordered([name], ServerWish(nil, by: "uid 0")))
        let end = play.take()
        #expect(remembered(end) == [[]] && orders(end) == [[:]])
        play.feed(.ordered([name], ServerWish(nil, by: "uid 0")))
        #expect(play.take() == [], "there is nothing to end")
    }

    @Test func `it ends by itself when that was said, and the log tells`() {
        var play = play()
        var wish = Self.drain
        wish.duration = .seconds(90)
        play.feed(.ordered([Self.name("192.0.2.21")], wish))
        play.feed(.ordered([Self.name("192.0.2.22")], Self.drain))
        _ = play.take()
        #expect(play.supervisor.nextDeadline.map { $0 <= play.now + .seconds(90) } == true)
        play.pass(.seconds(89))
        #expect(orders(play.take()) == [])
        play.pass(.seconds(1))
        let actions = play.take()
        #expect(orders(actions) == [[Self.name("192.0.2.22"): .drain]])
        #expect(remembered(actions).map { $0.map(\.name) } == [[Self.name("192.0.2.22")]])
        #expect(
            actions.contains(
                .log("192.0.2.21:80@192.0.2.100:80/tcp: the time of drain is up", isError: false)))
    }

    @Test func `it outlives a reload, unless its server does not`() throws {
        var play = play()
        let (kept, gone) = (Self.name("192.0.2.21"), Self.name("192.0.2.21", port: 81))
        play.feed(.ordered([kept, gone], Self.drain))
        _ = play.take()
        play.feed(.configured(pair(servers: Self.services)))
        let same = play.take()
        #expect(same.lvsAssignment?.orders == [kept: .drain, gone: .drain] && remembered(same) == [])
        play.feed(.configured(pair(servers: [virtualServer()])))
        let actions = play.take()
        #expect(actions.lvsAssignment?.orders == [kept: .drain])
        #expect(remembered(actions).map { $0.map(\.name) } == [[kept]])
        #expect(
            actions.contains(
                .log(
                    "192.0.2.21:80@192.0.2.100:81/tcp is not configured any more: drain is over",
                    isError: false)))
        play.feed(.configured(pair(servers: Self.services)))
        #expect(play.take().lvsAssignment?.orders == [kept: .drain], "it does not come back")
    }

    @Test func `it outlives a role and the daemon`() {
        var play = play()
        let name = Self.name("192.0.2.21")
        play.feed(.ordered([name], ServerWish(.maintenance, by: "uid 0", duration: .seconds(60))))
        let list = remembered(play.take())[0]
        play.feed(.roleEnded(.lvs, how: "killed"))
        #expect(play.take().lvsAssignment?.orders == [name: .maintenance])

        var supervisor = Supervisor()
        supervisor.recall(list)
        func start(at now: Instant) -> [Supervisor.Action] {
            var next = supervisor
            let actions = next.handle(.configured(pair(servers: Self.services)), at: now)
            return actions + next.handle(.roleStarted(.lvs, claims: []), at: now)
        }
        #expect(start(at: at(59)).lvsAssignment?.orders == [name: .maintenance])
        let late = start(at: at(60))
        #expect(late.lvsAssignment?.orders == [:], "its time was up while no daemon ran")
        #expect(remembered(late) == [[]])
    }

    @Test func `a quorum that it costs is told`() {
        var configuration = pair(servers: [virtualServer()])
        var scripts = ServiceNotifications()
        scripts.quorumDown = NotifyScript(["/quorum", "down"])
        configuration.notifications.services[virtualServer().identity] = scripts
        var play = Play.running(configuration)
        let names = ["192.0.2.21", "192.0.2.22"].map { Self.name($0) }
        play.feed(.ordered(names, Self.drain))
        let told = play.take().compactMap { if case .notify(let news) = $0 { news.scripts } else { nil } }
        #expect(told.joined().map(\.command) == [["/quorum", "down"]])
    }

    @Test func `there is an end to them, and while the daemon stops there is none`() {
        var play = play()
        let many = (0..<ServerOverrides.limit).map { number in
            ServerOverride(
                ServerName(
                    service: virtualServer().identity, server: endpoint("192.0.2.9", UInt16(number))),
                .drain, by: "uid 0", since: at(0))
        }
        play.supervisor.recall(many)
        play.feed(.ordered([Self.name("192.0.2.21")], Self.drain))
        #expect(play.take() == [])
        var stopping = self.play()
        stopping.feed(.stopRequested)
        _ = stopping.take()
        stopping.feed(.ordered([Self.name("192.0.2.21")], Self.drain))
        #expect(stopping.take() == [] && stopping.supervisor.overrides.count == 0)
    }

    /// Whatever checks say, and whatever their guard makes of it.
    @Test func `it stands above the guard of checks`() {
        var play = play()
        let name = Self.name("192.0.2.21")
        play.feed(.ordered([name], Self.drain))
        let news = [IndexedVerdict(index: 0, verdict: .down), IndexedVerdict(index: 0, verdict: .up)]
        play.feed(.reported(.checker(.verdicts(generation: play.supervisor.generation, news))))
        #expect(play.supervisor.overrides.orders == [name: .drain])
    }
}
