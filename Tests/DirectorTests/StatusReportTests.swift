import ConfigModel
import ControlProtocol
import HealthChecks
import LinuxIO
import LoadBalancing
import Testing
import Timekeeping
import VRRP

@testable import Director

@Suite struct StatusReportTests {
    /// A pair's director at 100 s: backup since 3 s, the second server down since 9 s.
    static func report(_ configuration: Configuration = pair(), surveyed: Bool = true) -> StatusReport {
        var watched = Watched(configuration)
        watched.feed(.reported(.vrrp(.state(instance: "VI_1", .backup))), at: at(3))
        watched.judge(0, .up, at: at(4))
        watched.judge(1, .down, at: at(9))
        var survey = Survey()
        if surveyed {
            survey.begin(Set(RoleName.allCases), at: at(99))
            let told: [RoleReport] = [
                .vrrp(.described([RoleFactsTests.instance], health: RoleFactsTests.health)),
                .lvs(.described([RoleFactsTests.service], isLast: true)),
                .checker(
                    .described(
                        generation: watched.supervisor.generation, [RoleFactsTests.check], isLast: true)),
            ]
            for report in told {
                _ = survey.hear(
                    report, checks: watched.supervisor.checks, generation: watched.supervisor.generation,
                    at: at(99))
            }
        }
        return StatusReport(
            daemon: DaemonFactsTests.facts, times: DaemonFactsTests.times, supervisor: watched.supervisor,
            chronicle: watched.chronicle, findings: survey.findings)
    }

    private func lines(_ report: StatusReport = report()) -> [JSONValue] { Array(report.lines) }

    private func line(_ kind: JSONValue, _ report: StatusReport = report()) throws -> JSONValue {
        try #require(lines(report).first { $0["kind"] == kind })
    }

    @Test func `the daemon comes first, each service before its servers, the end last`() {
        let kinds = lines().compactMap { $0["kind"]?.text }
        #expect(kinds == ["daemon", "instance", "service", "server", "server", "end"])
        let two = pair(servers: [virtualServer(servers: []), virtualServer(port: 81)])
        #expect(
            lines(Self.report(two)).compactMap { $0["id"]?.text ?? $0["service"]?.text } == [
                "192.0.2.100:80/tcp", "192.0.2.100:81/tcp", "192.0.2.100:81/tcp", "192.0.2.100:81/tcp",
            ])
        #expect(lines().last.flatMap(ControlEnd.init) == ControlEnd(.done))
        let head = Array(Self.report().head)
        #expect(head.compactMap { $0["kind"]?.text } == ["daemon", "end"])
    }

    @Test func `an instance tells its state, since when, and whom it follows`() throws {
        let instance = try line("instance")
        #expect(instance["name"] == "VI_1" && instance["state"] == "backup")
        #expect(instance["since_seconds"]?.double == 97 && instance["reason"] == "started")
        #expect(instance["since"] == "2024-02-29T11:58:23.000Z")
        #expect(instance["master"]?["address"] == "192.0.2.3" && instance["master"]?["priority"] == 150)
        #expect(instance["master"]?["last_advert_seconds"]?.double == 91)
        #expect(
            instance["vips"] == [
                ["address": "192.0.2.100/24", "interface": "eth0", "present": false, "excluded": false]
            ])
        #expect(
            instance["transitions"] == [["from": "init", "to": "backup", "reason": "started", "count": 1]])
        #expect(instance["advert_jitter"]?["counts"] == [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0])
        #expect(instance["takeovers"] == ["counts": [], "sum_seconds": .seconds(.zero)])
        #expect(instance["garp_delay_seconds"]?.double == 5)
        #expect(instance["counters"] == ["sent": 3])
    }

    @Test func `a service tells its quorum, a server its connections and its last probe`() throws {
        let service = try line("service")
        #expect(service["state"] == "degraded" && service["servers_up"] == 1 && service["quorum_up"] == true)
        #expect(service["counters"]?["connections"] == 99 && service["programmed_as"] == [])
        let servers = lines().filter { $0["kind"] == "server" }
        #expect(servers.map { $0["state"] } == ["up", "down"])
        #expect(servers[0]["weight"] == 1 && servers[0]["active"] == 5 && servers[0]["inactive"] == 6)
        #expect(servers[1]["weight"] == .null && servers[1]["active"] == .null)
        #expect(servers[1]["since_seconds"]?.double == 91)
        let check = servers[1]["checks"]?[0]
        #expect(check?["verdict"] == "down" && check?["result"] == "L4CON")
        #expect(check?["text"] == "connection refused" && check?["failures"] == 3)
        #expect(check?["finished_microseconds"] == 9_000_000)
        #expect(check?["results"] == [:] && check?["durations"]?["counts"] == [])
        #expect(servers[1]["transitions"] == [["to": "down", "result": nil, "count": 1]])
        #expect(servers[0]["checks"]?[0]?["result"] == .null)
        #expect(servers[0]["checks"]?[0]?["finished_microseconds"] == .null)
        #expect(servers[0]["history"] == [])
        #expect(
            servers[1]["history"] == [
                ["at": "2024-02-29T11:58:29.000Z", "state": "down", "result": nil, "text": nil]
            ])
    }

    @Test func `each process tells what it uses, and how late it is`() throws {
        var report = Self.report()
        report.lag = RoleFactsTests.histogram
        report.usage = [nil: try #require(ProcessUsage(of: HostFacts.process))]
        report.usage[.lvs] = report.usage[nil]
        let daemon = try line("daemon", report)
        #expect(daemon["resident_bytes"]?.integer ?? 0 > 1 << 20 && daemon["cpu_seconds"]?.double ?? -1 >= 0)
        #expect(daemon["loop_lag"]?["sum_seconds"]?.double == 0.002)
        let roles = daemon["roles"]?.elements ?? []
        #expect(roles.map { $0["kernel_errors"] } == [4, 0, 0])
        #expect(roles.map { $0["resident_bytes"] == .null } == [true, false, true])
        #expect(roles[0]["loop_lag"]?["counts"]?.elements.count == 11)
    }

    @Test func `a script tells what is known of it, and whether it runs`() throws {
        var configuration = pair()
        var script = TrackScript(name: "chk", command: ["/bin/true"])
        script.interval = .seconds(1)
        configuration.tracked.scripts = [script]
        configuration.instances[0].tracking.items = [Tracked(.script, "chk")]
        let line = try line("script", Self.report(configuration))
        #expect(line == ["kind": "script", "name": "chk", "status": "init", "running": true])
    }

    @Test func `a lost quorum is down, and the sorry server's turn`() throws {
        let server = virtualServer(
            servers: [realServer("192.0.2.22")], sorry: realServer("192.0.2.9", checks: []))
        var report = Self.report(pair(servers: [server]))
        var watched = Watched(pair(servers: [server]))
        watched.judge(0, .down, at: at(5))
        (report.supervisor, report.chronicle) = (watched.supervisor, watched.chronicle)
        let service = try line("service", report)
        #expect(service["state"] == "down" && service["quorum_up"] == false)
        #expect(service["sorry_server"] == "192.0.2.9:80" && service["sorry_server_active"] == true)
    }

    @Test func `what an operator wants is told with who, why and until when`() throws {
        var report = Self.report()
        var watched = Watched(pair())
        let names = ["192.0.2.21", "192.0.2.22"].map {
            ServerName(service: virtualServer().identity, server: endpoint($0, 80))
        }
        let wish = ServerWish(.maintenance, by: "uid 7", reason: "disk", duration: .seconds(60))
        watched.feed(.ordered([names[0]], wish), at: at(90))
        watched.feed(.ordered([names[1]], ServerWish(.weight(5), by: "uid 0")), at: at(95))
        (report.supervisor, report.chronicle) = (watched.supervisor, watched.chronicle)
        let service = try line("service", report)
        #expect(service["state"] == "degraded" && service["servers_up"] == 1 && service["live_weight"] == 5)
        let servers = lines(report).filter { $0["kind"] == "server" }
        #expect(servers.map { $0["admin"] } == ["maint", "ready"])
        #expect(servers.map { $0["state"] } == ["up", "up"])
        #expect(
            servers[0]["override"] == [
                "weight": nil, "by": "uid 7", "reason": "disk", "since": "2024-02-29T11:59:50.000Z",
                "until": "2024-02-29T12:00:50.000Z",
            ])
        #expect(servers[1]["override"]?["weight"] == 5 && servers[1]["override"]?["until"] == .null)
        let document = try #require(StatusDocument(lines(report))).json
        #expect(try JSONSchema("status.schema.json").violations(in: document) == [])
    }

    @Test(arguments: ["VI_1", "192.0.2.100:80/tcp", "192.0.2.22:80", "192.0.2"])
    func `an answer to why is as its schema says`(target: String) throws {
        let why = try #require(WhyText(of: target, in: lines()))
        let read = try JSONReader.read(JSONWriter.text(why.json))
        #expect(try JSONSchema("why.schema.json").violations(in: read) == [])
        let servers = read["virtual_servers"]?[0]?["real_servers"]?.elements ?? []
        #expect(servers.count == (target == "VI_1" ? 0 : target == "192.0.2.22:80" ? 1 : 2))
        #expect(read["vrrp"]?.elements.count == (target == "VI_1" ? 1 : 0))
    }

    @Test func `an event is as its schema says`() throws {
        var watched = Watched(pair())
        watched.judge(0, .down, at: at(4))
        let events = watched.chronicle.events.after(0).map { $0.line(DaemonFactsTests.times) }
        #expect(events.count > 1)
        for event in events {
            let read = try JSONReader.read(JSONWriter.line(event))
            #expect(try JSONSchema("events.schema.json").violations(in: read) == [])
        }
        #expect(try JSONSchema("events.schema.json").violations(in: ["kind": "event"]) != [])
    }

    @Test func `a guarded service tells its mark`() throws {
        let service = try line("service", Self.report(pair(servers: [virtualServer(guardMark: mark(9))])))
        #expect(service["programmed_as"] == ["fwmark:9"] && service["present"] == false)
    }

    @Test(arguments: [true, false]) func `it is as the schema says, whether roles have answered or not`(
        surveyed: Bool
    ) throws {
        var report = Self.report(surveyed: surveyed)
        report.daemon.reload = surveyed ? DaemonFacts.Reload(at: at(95), findings: ["x"]) : nil
        let document = try #require(StatusDocument(Array(report.lines))).json
        let read = try JSONReader.read(JSONWriter.text(document))
        #expect(try JSONSchema("status.schema.json").violations(in: read) == [])
    }

    @Test func `the schema finds what is wrong`() throws {
        let document = try #require(StatusDocument(Array(Self.report().lines))).json
        let schema = try JSONSchema("status.schema.json")
        let less = JSONValue.object(document.members.filter { $0.name != "host" })
        #expect(schema.violations(in: less) == ["$: has no host"])
        let more = JSONValue.object(document.members + [.init("new", 1)])
        #expect(schema.violations(in: more) == ["$.new: is not in the schema"])
        let other = JSONValue.object(
            document.members.map { $0.name == "process" ? .init("process", "x") : $0 })
        #expect(schema.violations(in: other).count == 1)
    }
}
