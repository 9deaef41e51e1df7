import Testing
import Timekeeping

@testable import Lab

/// One load of two contestants.
func sampleCheckRow() -> CheckRow {
    var ours = CheckFigures(rate: 999.6, perProbe: [31, 30, 32], perProbeInAll: [35], userShare: 0.25)
    (ours.calls, ours.resident, ours.residentInAll, ours.perCheck) = (7.46, 12_000, 30_000, 900)
    ours.spread = StartSpread(
        (0...200).map { StartCount(at: Instant(nanoseconds: 0) + .milliseconds($0 * 10), begun: Int($0)) })
    ours.removals = [.refused: [.milliseconds(1500), .milliseconds(1900)], .silent: [.milliseconds(3900)]]
    var theirs = CheckFigures(rate: 990, perProbe: [40], perProbeInAll: [41])
    theirs.removals = [.refused: [.milliseconds(2500)]]
    (theirs.unnoticed, theirs.out) = (1, 4)
    return CheckRow(setup: CheckSetup(kind: .tcp, count: 1000, victims: 2), figures: [ours, theirs])
}

@Suite struct CheckTableTests {
    private func cells(_ table: String) -> [[String]] {
        table.split(separator: "\n").map { line in
            line.split(separator: "|").map { $0.split(separator: " ").joined(separator: " ") }
        }
    }

    @Test func `loads stand side by side with their targets`() {
        let rows = cells(CheckTable.loads([sampleCheckRow()]))
        #expect(rows.count == 4 && Set(rows.map(\.count)) == [13])
        #expect(
            rows[2] == [
                "1000 TCP", "holdfastd", "1000", "31.0 (30.0-32.0)", "25", "35.0 (35.0-35.0)", "7.5", "12000",
                "900", "30000", "1.00 - 1.00", "0",
                "0.78 of keepalived's CPU: met; under 1 KB a check: met; busiest under 1.5 of the mean: met",
            ])
        #expect(
            rows[3].prefix(7) == [
                "1000 TCP", "keepalived", "990", "40.0 (40.0-40.0)", "-", "41.0 (41.0-41.0)", "-",
            ])
    }

    @Test func `a target that is missed is said so`() {
        var row = sampleCheckRow()
        row.figures[0].perProbe = [50]
        row.figures[0].perCheck = 2000
        row.figures[0].spread?.busiest = 2
        #expect(CheckTable.verdict(row).split(separator: ";").allSatisfy { $0.hasSuffix("MISSED") })
        row.figures.removeLast()
        #expect(!CheckTable.verdict(row).contains("keepalived"))
        row.figures = []
        #expect(CheckTable.verdict(row) == "")
    }

    @Test func `every removal must be within its bound`() {
        var row = sampleCheckRow()
        let rows = cells(CheckTable.removals([row]))
        #expect(rows.count == 6)
        #expect(
            rows[2] == [
                "1000 TCP", "refused", "holdfastd", "2", "1700 (1500-1900)", "2050",
                "all within the bound: met",
            ])
        #expect(rows[4].suffix(2) == ["4050", "all within the bound: met"])
        #expect(rows[5][3...4] == ["0", "-"])
        row.figures[0].removals[.refused]?.append(.milliseconds(2051))
        #expect(CheckTable.removals([row]).contains("all within the bound: MISSED"))
        row.figures[0].removals = [:]
        #expect(!CheckTable.removals([row]).contains(": met"))
        row.setup.victims = 0
        #expect(CheckTable.removals([row]) == "")
    }
}
