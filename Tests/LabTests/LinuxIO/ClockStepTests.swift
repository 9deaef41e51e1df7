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

    @Test func `a calendar that is set by hours moves no master`() throws {
        let bench = try DirectorBench()
        _ = try bench.start("a", on: bench.a, DirectorBench.instance(150), flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
        _ = try bench.start("b", on: bench.b, DirectorBench.instance(100), flags: ["-P"])
        #expect(bench.waitForLog("b", "Entering BACKUP STATE"), "\(bench.log("b"))")
        func changes() -> Int {
            (bench.log("a") + bench.log("b")).split(separator: "\n").count { $0.contains("Entering") }
        }
        let before = changes()
        for hours in [1, -2, 1] as [Int64] {
            let seconds = Clock.wallTime().nanoseconds / 1_000_000_000 + hours * 3600
            let set = try Program("/bin/date", ["-s", "@\(seconds)"]).run(timeout: .seconds(60))
            #expect(set.status == .exited(0), "\(set.error.text)")
            // By then a backup that hears nothing has taken over.
            Scheduling.sleep(.seconds(5))
            #expect(changes() == before, "\(hours) h: \(bench.log("a"))\(bench.log("b"))")
        }
    }
}
