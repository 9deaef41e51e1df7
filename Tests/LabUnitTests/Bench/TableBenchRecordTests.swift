import ControlProtocol
import Testing
import Timekeeping

@testable import Lab

@Suite struct TableBenchRecordTests {
    private func record() -> TableBenchRecord {
        var ours = TableFigures(
            starts: [.milliseconds(400), .milliseconds(420), .milliseconds(500)],
            changes: [.milliseconds(90)],
            startWork: [.milliseconds(300)], idleReloadWork: [.milliseconds(60)],
            changeWork: [.milliseconds(61)])
        ours.startRequests = RequestCount(writes: 11_000, datagrams: 46)
        ours.idleReloadRequests = RequestCount(writes: 0, datagrams: 0)
        ours.changeRequests = RequestCount(writes: 1, datagrams: 1)
        let theirs = TableFigures(starts: [.milliseconds(1300)], changes: [.milliseconds(4400)])
        var record = TableBenchRecord(programs: ["holdfastd 1", "Keepalived v2"])
        record.rows = [TableRow(setup: TableSetup(count: 10_000), figures: [ours, theirs])]
        return record
    }

    @Test func `figures stand side by side with their targets`() {
        let lines = record().text.split(separator: "\n")
        #expect(lines[0] == "holdfastd: holdfastd 1" && lines[1] == "keepalived: Keepalived v2")
        #expect(Set(lines[2...].map { $0.count { $0 == "|" } }) == [13])
        #expect(
            lines[4] == """
                | 10000 rr | holdfastd | 3 | 420.0 (400.0-500.0) | 300.0 (300.0-300.0) | 11000 in 46 | \
                60.0 (60.0-60.0) | 0 | 90.0 (90.0-90.0) | 61.0 (61.0-61.0) | 1 in 1 | \
                start 3.1x as fast: met; one weight 48.9x as fast: met; no write for nothing: met; \
                one write for one weight: met |
                """)
        #expect(
            lines[5] == """
                | 10000 rr | keepalived | 1 | 1300.0 (1300.0-1300.0) | - | - | - | - | \
                4400.0 (4400.0-4400.0) | - | - |  |
                """)
    }

    @Test func `a target that is missed is said so`() {
        var row = record().rows[0]
        row.figures[0].starts = [.seconds(1)]
        row.figures[0].changes = [.seconds(4)]
        row.figures[0].idleReloadRequests?.writes = 1
        row.figures[0].changeRequests?.writes = 2
        #expect(row.verdict.split(separator: ";").count == 4)
        #expect(row.verdict.split(separator: ";").allSatisfy { $0.hasSuffix("MISSED") })
        row.figures.removeLast()
        #expect(!row.verdict.contains("as fast"))
        row.figures = []
        #expect(row.verdict == "")
    }

    @Test func `programs get every reading`() throws {
        var record = record()
        record.failures = ["100 rr servers: no"]
        #expect(record.text.hasSuffix("\nnot measured: 100 rr servers: no\n"))
        let json = try JSONReader.read(Array(record.json.utf8)[...])
        #expect(json["kind"] == "holdfast-bench-ipvs")
        let figures = json["tables"]?[0]?["figures"]
        #expect(figures?[0]?["start"]?.elements.count == 3)
        #expect(figures?[0]?["start_requests"]?["writes"]?.integer == 11_000)
        #expect(figures?[1]?["change"]?[0]?.double == 4.4)
        #expect(json["failures"]?.elements.count == 1)
    }
}
