import ConfigModel
import HealthChecks
import LoadBalancing
import Testing
import Timekeeping
import VRRP

@testable import Director

/// A supervisor whose events a chronicle watches.
struct Watched {
    var supervisor = Supervisor()
    var chronicle = Chronicle()

    init(_ configuration: Configuration = pair(), at now: Instant = at(0)) {
        feed(.configured(configuration), at: now)
        for role in RoleName.allCases { feed(.roleStarted(role, claims: []), at: now) }
    }

    mutating func feed(_ event: Supervisor.Event, at now: Instant) {
        _ = supervisor.handle(event, at: now)
        chronicle.observe(event, of: supervisor, at: now)
    }

    /// What the check at `index` says now.
    mutating func judge(_ index: Int, _ verdict: Verdict, _ report: ProbeReport? = nil, at now: Instant) {
        let news = IndexedVerdict(index: index, verdict: verdict, report: report)
        feed(.reported(.checker(.verdicts(generation: supervisor.generation, [news]))), at: now)
    }

    func server(_ address: String) -> Chronicle.Standing<Bool>? {
        chronicle.servers[ServerName(service: virtualServer().identity, server: endpoint(address, 80))]
    }
}

@Suite struct ChronicleTests {
    @Test func `an instance is in its state since it first said so`() {
        var watched = Watched()
        #expect(watched.chronicle.instances.isEmpty)
        watched.feed(.reported(.vrrp(.state(instance: "VI_1", .backup))), at: at(3))
        watched.feed(.reported(.vrrp(.state(instance: "VI_1", .backup))), at: at(4))
        #expect(watched.chronicle.instances["VI_1"] == Chronicle.Standing(value: .backup, since: at(3)))
        watched.feed(.reported(.vrrp(.state(instance: "VI_1", .master))), at: at(7))
        #expect(watched.chronicle.instances["VI_1"] == Chronicle.Standing(value: .master, since: at(7)))
    }

    @Test func `the state that the supervisor gives a dead master's instance counts, too`() {
        var watched = Watched()
        watched.feed(.reported(.vrrp(.ready)), at: at(1))
        watched.feed(.reported(.vrrp(.state(instance: "VI_1", .master))), at: at(1))
        watched.feed(.roleEnded(.vrrp, how: "killed"), at: at(60))
        #expect(watched.chronicle.instances["VI_1"] == Chronicle.Standing(value: .initialize, since: at(60)))
    }

    @Test func `a server is up since the start, and down since a check said so`() {
        var watched = Watched()
        #expect(watched.server("192.0.2.21") == Chronicle.Standing(value: true, since: at(0)))
        watched.judge(0, .up, at: at(2))
        #expect(watched.server("192.0.2.21")?.since == at(0))
        watched.judge(0, .down, at: at(5))
        watched.judge(0, .down, at: at(6))
        #expect(watched.server("192.0.2.21") == Chronicle.Standing(value: false, since: at(5)))
        #expect(watched.server("192.0.2.22")?.since == at(0))
    }

    @Test func `a number in a file is told as what took a server down`() {
        let file = CheckSpecification(kind: .file(FileCheck(name: "f", weight: 0)), schedule: CheckSchedule())
        var configuration = pair(servers: [virtualServer(servers: [realServer("192.0.2.21", checks: [file])])]
        )
        configuration.tracked.files = [TrackFile(name: "f", path: "/f")]
        var watched = Watched(configuration)
        watched.feed(.filesRead(["f": 1]), at: at(5))
        #expect(watched.server("192.0.2.21") == Chronicle.Standing(value: false, since: at(5)))
        #expect(
            watched.chronicle.events.after(0).last { $0.subject == .server }?.reason
                == "FILEERR 1 in track_file f")
        watched.feed(.filesRead(["f": 0]), at: at(6))
        #expect(watched.server("192.0.2.21")?.value == true)
    }

    @Test func `a quorum is lost with the last server, and regained with the first`() {
        var watched = Watched()
        let service = virtualServer().identity
        #expect(watched.chronicle.quorums[service] == Chronicle.Standing(value: true, since: at(0)))
        watched.judge(0, .down, at: at(2))
        #expect(watched.chronicle.quorums[service]?.value == true)
        watched.judge(1, .down, at: at(3))
        #expect(watched.chronicle.quorums[service] == Chronicle.Standing(value: false, since: at(3)))
        watched.judge(0, .up, at: at(4))
        #expect(watched.chronicle.quorums[service] == Chronicle.Standing(value: true, since: at(4)))
    }

    @Test func `a reload forgets what is gone, and nothing else`() {
        var watched = Watched()
        watched.feed(.reported(.vrrp(.state(instance: "VI_1", .master))), at: at(1))
        watched.judge(0, .down, at: at(2))
        let server = virtualServer(servers: [realServer("192.0.2.21"), realServer("192.0.2.23")])
        watched.feed(.configured(pair(instances: [router("VI_2")], servers: [server])), at: at(9))
        #expect(watched.chronicle.instances.isEmpty)
        #expect(watched.server("192.0.2.21") == Chronicle.Standing(value: false, since: at(2)))
        #expect(watched.server("192.0.2.22") == nil)
        #expect(watched.server("192.0.2.23") == Chronicle.Standing(value: true, since: at(9)))
        #expect(watched.chronicle.quorums.values.map(\.since) == [at(0)])
    }

    /// `SUBJECT NAME: FROM -> TO (REASON)` of every event after the first, which is the configuration's.
    private func told(_ watched: Watched) -> [String] {
        watched.chronicle.events.after(1).map {
            let name = $0.service.map { service in "\(service) " } ?? ""
            return "\($0.subject) \(name)\($0.name): \($0.from ?? "-") -> \($0.to) (\($0.reason ?? "-"))"
        }
    }

    @Test func `changes are events, with what decided them`() {
        var watched = Watched()
        #expect(watched.chronicle.events.after(0).map(\.to) == ["loaded"])
        watched.feed(.reported(.vrrp(.state(instance: "VI_1", .backup, because: "started"))), at: at(1))
        watched.feed(.reported(.vrrp(.state(instance: "VI_1", .backup))), at: at(2))
        watched.judge(0, .down, RoleFactsTests.probe, at: at(3))
        watched.judge(1, .down, at: at(4))
        watched.feed(.roleEnded(.checker, how: "signal 9"), at: at(5))
        watched.chronicle.noteRefusal(of: "a.conf", ["a.conf:1:1: error", "b"], at: at(6))
        #expect(
            told(watched) == [
                "vrrp VI_1: - -> backup (started)",
                "server 192.0.2.100:80/tcp 192.0.2.21:80: up -> down "
                    + "(L4CON connection refused after 0.3 ms, 3 of 3 tries)",
                "server 192.0.2.100:80/tcp 192.0.2.22:80: up -> down (-)",
                "quorum 192.0.2.100:80/tcp: met -> lost (weight 0 of 1)",
                "role checker: - -> ended (signal 9)",
                "config a.conf: - -> refused (a.conf:1:1: error)",
            ])
    }

    @Test func `what operators want is an event, with who and why`() throws {
        var watched = Watched()
        let name = ServerName(service: virtualServer().identity, server: endpoint("192.0.2.21", 80))
        let wish = ServerWish(.drain, by: "uid 7", reason: "kernel update", duration: .seconds(60))
        watched.feed(.ordered([name], wish), at: at(5))
        watched.feed(.ordered([name], ServerWish(.weight(3), by: "uid 0")), at: at(6))
        watched.feed(.ordered([name], ServerWish(nil, by: "uid 8", reason: "done")), at: at(7))
        watched.feed(.ordered([name], wish), at: at(8))
        watched.feed(.timer, at: at(67))
        watched.feed(.timer, at: at(68))
        let events = watched.chronicle.events.after(0).filter { $0.subject == .override }
        #expect(events.map(\.name) == Array(repeating: "192.0.2.21:80", count: 5))
        #expect(events.map(\.service) == Array(repeating: "192.0.2.100:80/tcp", count: 5))
        #expect(events.map(\.from) == ["ready", "drain", "weight 3", "ready", "drain"])
        #expect(events.map(\.to) == ["drain", "weight 3", "ready", "drain", "ready"])
        #expect(
            events.map(\.reason) == [
                "uid 7: kernel update", "uid 0", "uid 8: done", "uid 7: kernel update", nil,
            ])
        #expect(events.map(\.at) == [5, 6, 7, 8, 68].map { at($0) })
    }

    @Test func `a quorum that an operator's order costs is an event`() {
        var watched = Watched()
        let names = ["192.0.2.21", "192.0.2.22"].map {
            ServerName(service: virtualServer().identity, server: endpoint($0, 80))
        }
        watched.feed(.ordered(names, ServerWish(.drain, by: "uid 0")), at: at(5))
        #expect(
            watched.chronicle.quorums[virtualServer().identity]
                == Chronicle.Standing(value: false, since: at(5)))
        #expect(watched.server("192.0.2.21")?.value == true, "its checks say so")
    }

    @Test func `of each server the latest changes are kept`() {
        var watched = Watched()
        for second in 1...9 {
            watched.judge(0, second % 2 == 1 ? .down : .up, RoleFactsTests.probe, at: at(Int64(second)))
        }
        let name = ServerName(service: virtualServer().identity, server: endpoint("192.0.2.21", 80))
        let changes = watched.chronicle.histories[name] ?? []
        #expect(changes.map(\.at) == [at(6), at(7), at(8), at(9)])
        #expect(changes.map(\.isUp) == [true, false, true, false])
        #expect(changes.allSatisfy { $0.report == RoleFactsTests.probe })
        watched.feed(.configured(pair(servers: [])), at: at(10))
        #expect(watched.chronicle.histories.isEmpty)
    }

    @Test func `a verdict of another assignment, or of no check, changes nothing`() {
        var watched = Watched()
        let stale = IndexedVerdict(index: 0, verdict: .down, report: nil)
        watched.feed(.reported(.checker(.verdicts(generation: 0, [stale]))), at: at(2))
        watched.judge(77, .down, at: at(3))
        #expect(watched.chronicle.servers.values.map(\.value) == [true, true])
    }
}
