import Testing
import Timekeeping

@testable import Lab

struct VerdictTableTests {
    private func lines(_ record: DrillRecord) -> [String] {
        VerdictTable.text(record).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    @Test func `a drill that passed is a table and a verdict`() {
        #expect(
            lines(SampleRecords.passing) == [
                "scenario        verdict   outage    bound   budget  checks  runs",
                "crash           PASS     3.013 s  3.609 s  3.859 s     2/2     1",
                "stop            PASS     0.001 s  0.609 s  0.859 s       -     1",
                "server          PASS           -        -        -     2/2     1",
                "loop-guard-off  PASS           -        -        -     1/1     1",
                "guard-repair    SKIP           -        -        -       -     0",
                "    iptables is not installed", "", "PASS: 4 scenarios passed; skipped: guard-repair", "",
            ])
    }

    @Test func `failed checks and left-out parts stand below their scenario`() {
        let lines = lines(SampleRecords.failing)
        #expect(
            lines.contains { $0.hasPrefix("connection") && $0.contains("FAIL") && $0.contains(">6.000 s") })
        #expect(lines.contains("    service had not come back when the measurement ended"))
        #expect(lines.contains("    connection: wanted open, saw reset by <peer> & \"gone\""))
        #expect(lines.contains("    left out: UDP: the example has no UDP service"))
        #expect(lines.contains("FAIL: failed: connection"))
    }

    @Test func `columns are aligned whatever their contents`() {
        let rows = lines(SampleRecords.failing).filter { !$0.hasPrefix(" ") }.prefix { !$0.isEmpty }
        #expect(rows.count == 4)
        #expect(Set(rows.map(\.count)).count == 1)
    }

    @Test func `an empty record has a verdict too`() {
        #expect(lines(SampleRecords.empty).last { !$0.isEmpty } == "COULD NOT RUN: no scenario ran")
    }

    @Test func `a failed check is told once`() {
        var record = SampleRecords.failing
        record.scenarios[1].runs[0].outage?.isOver = true
        record.scenarios[1].budget = .seconds(60)
        #expect(lines(record).filter { $0.contains("reset by") }.count == 1)
    }

    @Test func `no text moves the cursor`() {
        var record = SampleRecords.failing
        record.scenarios[1].name = "\u{1B}[2Jx\n"
        record.scenarios[1].runs[0].checks[0].seen = "a\rb\u{9B}c"
        let text = VerdictTable.text(record)
        #expect(
            text.unicodeScalars.allSatisfy {
                $0 == "\n" || $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value)
            })
        #expect(text.contains("a b c"))
    }

    @Test func `hundreds of failed checks do not flood the terminal`() {
        var record = SampleRecords.failing
        record.scenarios[0].checks = (0..<500).map {
            CheckRecord(name: "c\($0)", wanted: "a", seen: "b", passed: false)
        }
        #expect(lines(record).count < 60)
    }
}
