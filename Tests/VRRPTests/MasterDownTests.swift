import Testing
import Timekeeping
import VRRP

@Suite struct MasterDownTests {
    /// (256 - priority) / 256 of one second (v2) or of the interval (v3), and three intervals.
    @Test(
        arguments: [
            (ProtocolVersion.v2, 100, Interval.seconds(1), 609_375_000, 3_609_375_000),
            (.v2, 100, .seconds(10), 609_375_000, 30_609_375_000),
            (.v2, 255, .seconds(1), 3_906_250, 3_003_906_250),
            (.v3, 100, .centiseconds(10), 60_937_500, 360_937_500),
            (.v3, 254, .centiseconds(10), 781_250, 300_781_250),
            (.v3, 1, .centiseconds(4095), 40_790_039_062, 163_640_039_062),
        ] as [(ProtocolVersion, UInt8, Interval, Int64, Int64)])
    func `skew and interval follow the RFCs`(
        version: ProtocolVersion, priority: UInt8, interval: Interval, skew: Int64, down: Int64
    ) {
        #expect(
            MasterDown.skew(version: version, priority: priority, masterInterval: interval)
                == Interval(nanoseconds: skew))
        #expect(
            MasterDown.interval(version: version, priority: priority, masterInterval: interval)
                == Interval(nanoseconds: down))
    }

    @Test func `every priority has a wait of its own even at 10 ms`() {
        let waits = (UInt8(1)...255).map {
            MasterDown.interval(version: .v3, priority: $0, masterInterval: .centiseconds(1))
        }
        #expect(zip(waits, waits.dropFirst()).allSatisfy { $0 > $1 })
    }

    @Test func `the expected outage of a pair comes from the master's interval and the successor's priority`()
    {
        let master = RouterConfiguration.make(version: .v3, priority: 150, interval: .centiseconds(20))
        let backup = RouterConfiguration.make(version: .v3, priority: 100, interval: .centiseconds(100))
        #expect(MasterDown.interval(of: backup, after: master).description == "0.722 s")
        #expect(MasterDown.skew(of: backup, after: master).description == "0.122 s")
    }

    @Test func `a handover waits for the lowest priority, and five seconds at most`() {
        func wait(_ version: ProtocolVersion, _ interval: Interval) -> Interval {
            MasterDown.handover(of: .make(version: version, interval: interval))
        }
        #expect(wait(.v2, .seconds(1)).nanoseconds == 1_096_093_750)
        #expect(wait(.v2, .seconds(255)).nanoseconds == 1_096_093_750)
        #expect(wait(.v3, .centiseconds(1)).nanoseconds == 109_960_937)
        #expect(wait(.v3, .seconds(40)) == .seconds(5))
    }

    @Test(arguments: [ProtocolVersion.v2, .v3])
    func `nobody can take over before the lease ends`(version: ProtocolVersion) {
        let master = RouterConfiguration.make(version: version)
        for priority in UInt8(1)...254 {
            let peer = RouterConfiguration.make(version: version, priority: priority)
            #expect(MasterDown.lease(of: master) < MasterDown.interval(of: peer, after: master))
        }
    }
}
