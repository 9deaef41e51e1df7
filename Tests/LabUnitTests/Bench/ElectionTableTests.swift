import Testing
import Timekeeping
import VRRP

@testable import Lab

@Suite struct ElectionTableTests {
    private let record = sampleElectionRecord()

    private func cells(_ table: String) -> [[String]] {
        table.split(separator: "\n").map { line in
            line.split(separator: "|").map { $0.split(separator: " ").joined(separator: " ") }
        }
    }

    @Test func `failovers stand side by side with their targets`() {
        let rows = cells(ElectionTable.failovers(record.failovers))
        #expect(rows.count == 6)
        #expect(
            rows[2].prefix(8) == [
                "v3 100 ms", "crash: killed, link cut", "holdfastd", "1", "331.0 (331.0-331.0)",
                "330 (330-330)", "361.05 (361.05-361.05)", "360.94",
            ])
        #expect(
            rows[2].last == "0.11 over the bound, keepalived 0.21: met; outage under bound + 20 ms: met")
        #expect(rows[3][2] == "keepalived")
        #expect(rows[4][6] == "no takeover")
        #expect(rows[4].last == "no outage, no takeover: met")
    }

    @Test func `a target that is missed is said so`() {
        var row = record.failovers[0]
        row.readings[0][0].handover = .milliseconds(365)
        row.readings[0][0].outage = .milliseconds(400)
        #expect(ElectionTable.verdict(row).split(separator: ";").allSatisfy { $0.contains("MISSED") })
        row.fault = .stop
        #expect(ElectionTable.verdict(row).contains("none lost: MISSED"))
        row.fault = .role
        #expect(ElectionTable.verdict(row) == "no outage, no takeover: MISSED")
        row.readings[0] = []
        #expect(ElectionTable.verdict(row) == "")
    }

    @Test func `the least even adverts are those with the greatest deviation`() {
        let rows = cells(ElectionTable.jitter(record.jitter))
        #expect(rows[2].last == "deviation no greater: met")
        #expect(rows[3].prefix(5) == ["v3 100 ms", "four busy loops", "keepalived", "2", "115.000"])
        var worse = record.jitter[0]
        worse.gaps.reverse()
        #expect(ElectionTable.jitter([worse]).contains("deviation no greater: MISSED"))
    }

    @Test func `processor time is compared by role`() {
        let rows = cells(ElectionTable.loads(record.loads))
        #expect(rows[2].last == "0.72 of keepalived's: met")
        #expect(rows[4].last == "1.14 of keepalived's: MISSED")
        #expect(rows[3][4] == "29.0 (29.0-29.0) (2 adverts of the backup)")
        #expect(rows[2][5] == "12000")
    }
}
