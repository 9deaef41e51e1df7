import ControlProtocol
import Testing
import Timekeeping
import VRRP

@testable import Lab

/// A record with one row of each kind, as a calm run would give it.
func sampleElectionRecord() -> ElectionRecord {
    let setup = ElectionSetup(version: .v3, interval: .centiseconds(10))
    func reading(_ handover: Interval?, lost: Int, outage: Interval) -> ElectionReading {
        ElectionReading(outage: outage, lost: lost, handover: handover, heldByNobody: outage)
    }
    var record = ElectionRecord(programs: ["holdfastd 1", "Keepalived v2"])
    record.failovers = [
        FailoverRow(
            setup: setup, fault: .crash,
            readings: [
                [reading(.microseconds(361_050), lost: 330, outage: .milliseconds(331))],
                [reading(.microseconds(361_150), lost: 340, outage: .milliseconds(341))],
            ]),
        FailoverRow(
            setup: setup, fault: .role,
            readings: [
                [reading(nil, lost: 0, outage: .milliseconds(2))],
                [reading(.milliseconds(61), lost: 60, outage: .milliseconds(62))],
            ]),
    ]
    let even = AdvertGaps((0..<5).map { Instant(nanoseconds: $0 * 100_000_000) })
    let uneven = AdvertGaps([0, 100, 230].map { Instant(nanoseconds: $0 * 1_000_000) })
    record.jitter = [JitterRow(setup: setup, isBusy: true, gaps: [even, uneven])]
    var (ours, theirs) = (LoadFigure(), LoadFigure())
    (ours.perAdvert, theirs.perAdvert) = ([[20, 22], [8]], [[29], [7]])
    (ours.resident, theirs.resident, theirs.strayAdverts) = ([12_000, 12_000], [3300, 3300], 2)
    record.loads = [LoadRow(setup: setup, figures: [ours, theirs])]
    return record
}

extension ElectionReading {
    init(outage: Interval, lost: Int, handover: Interval?, heldByNobody: Interval) {
        self.init(
            Trace(), from: Instant(nanoseconds: 0), fault: .kill, at: Instant(nanoseconds: 0),
            to: Instant(nanoseconds: 1))
        (self.outage, self.lost, self.handover, self.heldByNobody) = (outage, lost, handover, heldByNobody)
    }
}

@Suite struct ElectionRecordTests {
    @Test func `the text names the programs and has a table for each kind`() {
        let text = sampleElectionRecord().text
        #expect(text.hasPrefix("holdfastd: holdfastd 1\nkeepalived: Keepalived v2\n\n| adverts | event |"))
        #expect(text.contains("| four busy loops | holdfastd | 4 |"))
        #expect(text.contains("CPU an advert"))
        #expect(ElectionRecord(programs: ["x"]).text == "holdfastd: x\n")
    }

    @Test func `the JSON has every reading`() throws {
        let record = try JSONReader.read(sampleElectionRecord().json)
        #expect(record["kind"]?.text == "holdfast-bench-vrrp")
        let crash = try #require(record["failovers"]?[0])
        #expect(crash["fault"]?.text == "crash" && crash["interval"]?.double == 0.1)
        #expect(crash["readings"]?[1]?[0]?["lost"]?.integer == 340)
        #expect(record["failovers"]?[1]?["bound"] == .null)
        #expect(record["jitter"]?[0]?["gaps_ms"]?[0]?["count"]?.integer == 4)
        #expect(record["loads"]?[0]?["figures"]?[0]?["us_per_advert"]?[0]?[1]?.double == 22)
    }
}
