import Testing
import Timekeeping

@testable import VRRP

@Suite struct VRRPStatisticsTests {
    @Test func `drops are counted by reason`() {
        var statistics = VRRPStatistics()
        for (index, reason) in DropReason.allCases.enumerated() {
            for _ in 0...index { statistics.count(reason) }
        }
        for (index, reason) in DropReason.allCases.enumerated() {
            #expect(statistics[dropped: reason] == UInt64(index + 1))
        }
        let all = DropReason.allCases.count
        #expect(statistics.dropped == UInt64(all * (all + 1) / 2))
    }

    @Test func `every counter has a name of its own`() {
        var statistics = VRRPStatistics()
        for gap in [Interval.milliseconds(998), .milliseconds(1002)] {
            statistics.noteGap(gap, every: .seconds(1))
        }
        #expect(statistics.jitter.sum == .milliseconds(4))
        statistics.sent = 7
        statistics.count(.timeToLive)
        let counters = statistics.counters
        #expect(Set(counters.map(\.name)).count == counters.count)
        #expect(counters.first { $0.name == "sent" }?.value == 7)
        #expect(counters.first { $0.name == "dropped-ttl" }?.value == 1)
    }
}
