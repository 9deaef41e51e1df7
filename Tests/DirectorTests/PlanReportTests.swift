import ConfigModel
import ControlProtocol
import HealthChecks
import LoadBalancing
import NetTypes
import Testing
import Timekeeping
import VRRP

@testable import Director

@Suite struct PlanReportTests {
    /// A director that runs `old`, is master, and has 5 connections to the first server.
    private func report(
        _ new: Configuration, after old: Configuration = pair(), isReady: Bool = true,
        _ change: (inout Play) -> Void = { _ in }
    ) -> PlanReport {
        var play = Play(old)
        if isReady { play.feed(.reported(.lvs(.ready))) }
        play.feed(.reported(.vrrp(.ready)))
        play.feed(.reported(.vrrp(.state(instance: "VI_1", .master))))
        change(&play)
        var survey = Survey()
        survey.begin([.lvs, .vrrp], at: at(9))
        for told in [
            RoleReport.vrrp(.described([RoleFactsTests.instance])),
            .lvs(.described([RoleFactsTests.service], isLast: true)),
        ] {
            _ = survey.hear(told, checks: [], generation: 0, at: at(9))
        }
        let wanted = PlanReport.Wanted(
            file: "/a.conf", digest: "abc", configuration: new, findings: ["a: warning"])
        return PlanReport(wanted: wanted, supervisor: play.supervisor, findings: survey.findings)
    }

    private func lines(_ report: PlanReport, _ kind: JSONValue) -> [JSONValue] {
        report.lines.filter { $0["kind"] == kind }
    }

    @Test func `without a difference there is nothing but the file`() {
        let lines = Array(report(pair()).lines)
        #expect(lines.compactMap { $0["kind"]?.text } == ["plan", "end"])
        #expect(lines.first?["file"] == "/a.conf" && lines.first?["digest"] == "abc")
        #expect(lines.last.flatMap(ControlEnd.init) == ControlEnd(.done, findings: ["a: warning"]))
    }

    @Test func `what is open in the kernel's table is counted`() {
        let facts = report(pair()).facts
        let service = virtualServer().identity
        #expect(facts.masters == ["VI_1"] && facts.followed == ["VI_1": 150])
        #expect(
            facts.connections == [
                ServerName(service: service, server: endpoint("192.0.2.21", 80)): 5,
                ServerName(service: service, server: endpoint("192.0.2.22", 80)): 0,
            ])
        #expect(report(pair(), isReady: false).facts.connections == nil, "nobody has told")
    }

    @Test func `what is up, and who has handed over, is known`() {
        let service = virtualServer().identity
        let name = ServerName(service: service, server: endpoint("192.0.2.22", 80))
        var report = report(pair()) { play in
            play.feed(.ordered([name], ServerWish(.drain, by: "uid 7")))
            play.feed(.switchOver(["VI_1"], back: false))
        }
        report.lost = [service]
        #expect(report.facts.yielding == ["VI_1"])
        #expect(report.facts.priorities == ["VI_1": RoleFactsTests.instance.priority])
        #expect(report.facts.faults.isEmpty && report.facts.tracked == TrackedValues())
        #expect(report.facts.orders == [name: .drain] && report.facts.lost == [service])
    }

    @Test func `a check that a reload changes keeps what is known of its server`() {
        var slower = tcpCheck("192.0.2.21")
        slower.schedule.delayLoop = .seconds(9)
        let new = pair(servers: [virtualServer(servers: [realServer("192.0.2.21", checks: [slower])])])
        let report = report(new) { play in
            let news = IndexedVerdict(index: 0, verdict: .down, report: nil)
            play.feed(.reported(.checker(.verdicts(generation: play.supervisor.generation, [news]))))
        }
        let known = report.facts.verdicts
        #expect(known[tcpCheck("192.0.2.21")] == .down && known[slower] == .down)
    }

    @Test func `a server with connections that goes is told with them`() throws {
        let new = pair(servers: [virtualServer(servers: [realServer("192.0.2.22")])])
        let change = try #require(lines(report(new), "change").first)
        #expect(change["object"] == "virtual_server 192.0.2.100:80/tcp" && change["change"] == "remove")
        #expect(change["item"] == "real_server 192.0.2.21:80" && change["interrupts"] == true)
        #expect(change["effect"]?.text?.hasPrefix("5 connections are cut") == true)
    }

    @Test func `what operators set is kept with its server, and over without it`() {
        let (kept, gone) = (endpoint("192.0.2.22", 80), endpoint("192.0.2.21", 80))
        let service = virtualServer().identity
        let new = pair(servers: [virtualServer(servers: [realServer("192.0.2.22")])])
        let report = report(new) { play in
            let names = [kept, gone].map { ServerName(service: service, server: $0) }
            play.feed(.ordered(names, ServerWish(.drain, by: "uid 7")))
        }
        let found = lines(report, "override")
        #expect(
            Set(found.map { "\($0["server"]?.text ?? "") \($0["ends"] == true)" }) == [
                "192.0.2.22:80 false", "192.0.2.21:80 true",
            ])
        #expect(found.allSatisfy { $0["order"] == "drain" && $0["by"] == "uid 7" })
    }

    @Test func `the document is what its schema says`() throws {
        let new = pair(
            instances: [router(priority: 200)], servers: [virtualServer(servers: [realServer("192.0.2.22")])])
        let report = report(new) { play in
            let name = ServerName(service: virtualServer().identity, server: endpoint("192.0.2.22", 80))
            play.feed(.ordered([name], ServerWish(.weight(3), by: "uid 7")))
        }
        let document = try #require(PlanDocument(Array(report.lines)))
        #expect(document.exitStatus == 3)
        let read = try JSONReader.read(JSONWriter.text(document.json))
        #expect(try JSONSchema("plan.schema.json").violations(in: read) == [])
        #expect(read["changes"]?.elements.count == 2 && read["overrides"]?.elements.count == 1)
    }
}
