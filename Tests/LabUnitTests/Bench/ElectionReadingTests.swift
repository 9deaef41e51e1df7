import NetTypes
import Testing
import Timekeeping

@testable import Lab

@Suite struct ElectionReadingTests {
    private func at(_ milliseconds: Int64) -> Instant {
        Instant(nanoseconds: 0) + .milliseconds(milliseconds)
    }

    /// Adverts of the first director until 900, of the second from 1300; requests unanswered between.
    private var trace: Trace {
        var trace = Trace()
        for moment in stride(from: Int64(500), through: 900, by: 100) {
            trace.adverts.append(.init(at: at(moment), director: LabPlan.directorA, value: 150))
        }
        trace.adverts.append(.init(at: at(1300), director: LabPlan.directorB, value: 100))
        trace.holdings = [
            .init(at: at(100), director: LabPlan.directorA, value: true),
            .init(at: at(1302), director: LabPlan.directorB, value: true),
        ]
        for moment in Int64(800)..<1500 {
            let isDown = (950..<1305).contains(moment)
            trace.probes.append(
                Trace.Probe(
                    start: at(moment), end: at(moment + 1), outcome: isDown ? .timedOut : .answered,
                    server: isDown ? "-" : "a"))
        }
        return trace
    }

    @Test func `a crash is an outage, and the address is on nobody from the fault on`() {
        let reading = ElectionReading(trace, from: at(800), fault: .crash, at: at(950), to: at(1499))
        #expect(reading.outage == .milliseconds(356))
        #expect(reading.lost == 355)
        #expect(reading.handover == .milliseconds(400))
        #expect(reading.heldByNobody == .milliseconds(352))
    }

    @Test func `the last advert counts however long before the fault it was`() {
        let reading = ElectionReading(trace, from: at(940), fault: .crash, at: at(950), to: at(1499))
        #expect(reading.handover == .milliseconds(400))
    }

    @Test func `a machine that lives goes on holding the address`() {
        let reading = ElectionReading(trace, from: at(800), fault: .kill, at: at(950), to: at(1499))
        #expect(reading.heldByNobody == .zero)
    }

    @Test func `without a takeover there is no handover`() {
        var trace = trace
        trace.adverts.removeLast()
        let reading = ElectionReading(trace, from: at(800), fault: .role, at: at(950), to: at(1499))
        #expect(reading.handover == nil)
    }

    @Test func `a spread has the middle of what was measured`() {
        #expect(Spread([3, 1, 2]) == Spread([2, 3, 1]))
        #expect(Spread([4, 1, 2, 3])?.middle == 2.5)
        #expect(Spread([]) == nil)
        #expect(
            Spread(milliseconds: [.milliseconds(2), .seconds(1)])?.text(places: 1) == "501.0 (2.0-1000.0)")
    }

    @Test func `gaps tell how punctual adverts are`() {
        let gaps = AdvertGaps([at(0), at(100), at(200), at(320)])
        #expect(gaps.count == 3 && gaps.greatest == 120 && gaps.percentile99 == 120)
        #expect(abs(gaps.mean - 106.667) < 0.001)
        #expect(abs(gaps.deviation - 11.547) < 0.001)
        #expect(AdvertGaps([]).percentile99 == 0 && AdvertGaps([at(1)]).deviation == 0)
    }
}
