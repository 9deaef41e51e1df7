import LinuxIO
import Testing
import Timekeeping

/// What wakes a process when its clock jumps; sets the clock, so in a guest alone.
@Suite(.serialized, .enabled(if: hasIPVS, "needs a guest, whose clock is set")) struct ClockStepTests {
    @Test func `a clock that is set wakes the loop, once each time`() throws {
        let loop = try EventLoop<Int>()
        let watch = try ClockWatch()
        _ = try loop.register(watch.descriptor, .read, 1)
        for _ in 0..<2 {
            #expect(try loop.wait(until: Clock.now() + .milliseconds(20)).isEmpty)
            let seconds = Clock.wallTime().nanoseconds / 1_000_000_000
            let set = try Program("/bin/date", ["-s", "@\(seconds)"]).run(timeout: .seconds(60))
            #expect(set.status == .exited(0), "\(set.error.text)")
            #expect(try loop.wait(until: Clock.now() + .seconds(5)).count == 1)
            watch.acknowledge()
        }
    }
}
