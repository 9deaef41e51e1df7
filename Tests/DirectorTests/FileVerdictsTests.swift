import HealthChecks
import LoadBalancing
import Testing
import Timekeeping

@testable import Director

@Suite struct FileVerdictsTests {
    private static func check(_ name: String, _ weight: Int) -> CheckSpecification {
        CheckSpecification(kind: .file(FileCheck(name: name, weight: weight)), schedule: CheckSchedule())
    }

    private static let services = [
        virtualServer(servers: [
            realServer("192.0.2.21", checks: [check("f", 2), tcpCheck("192.0.2.21")]),
            realServer("192.0.2.22", checks: [check("f", 2), check("g", 0)]),
        ])
    ]

    private func configured() -> FileVerdicts {
        var files = FileVerdicts()
        files.configure(Self.services)
        return files
    }

    @Test func `each check is judged once, by its own file`() {
        var files = configured()
        let news = files.judge(["f": 3, "g": 1, "h": 5], at: at(1))
        #expect(news.map(\.check) == [Self.check("f", 2), Self.check("g", 0)])
        #expect(news.map(\.verdict) == [.up, .down])
        #expect(news.map(\.weight) == [6, nil])
        #expect(news.map { $0.report?.description } == ["3 in track_file f, weight +6", "1 in track_file g"])
    }

    @Test func `what has not changed is no news`() {
        var files = configured()
        #expect(files.judge([:], at: at(0)).isEmpty)
        _ = files.judge(["f": 3], at: at(1))
        #expect(files.judge(["f": 3], at: at(2)).isEmpty)
        #expect(files.reports[Self.check("f", 2)]?.finishedAt == at(1))
        #expect(files.judge(["f": 4], at: at(3)).map(\.weight) == [8])
        #expect(files.reports[Self.check("f", 2)]?.finishedAt == at(3))
    }

    @Test func `a file that cannot be read for a moment leaves what it said`() {
        var files = configured()
        _ = files.judge(["g": 1], at: at(1))
        #expect(files.judge([:], at: at(2)).isEmpty)
        #expect(files.reports[Self.check("g", 0)]?.result.outcome == .fileSaysDown)
    }

    @Test func `a reload forgets what is gone, and keeps the rest`() {
        var files = configured()
        _ = files.judge(["f": 3, "g": 1], at: at(1))
        files.configure([virtualServer(servers: [realServer("192.0.2.21", checks: [Self.check("f", 2)])])])
        #expect(files.reports.map(\.key) == [Self.check("f", 2)])
        #expect(files.judge(["f": 3, "g": 0], at: at(2)).isEmpty)
        files.configure(Self.services)
        #expect(files.judge(["f": 3, "g": 1], at: at(3)).map(\.check) == [Self.check("g", 0)])
    }
}
