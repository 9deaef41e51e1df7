import LinuxIO
import Testing
import Timekeeping

@Suite struct SchedulingTests {
    @Test func `a priority outside the kernel's range is refused`() {
        for priority in [0, 100, -1] as [Int32] {
            #expect(throws: SystemError("set real-time priority \(priority)", .invalid)) {
                try Scheduling.becomeRealTime(priority: priority)
            }
        }
        #expect(!Scheduling.isRealTime)
    }

    @Test func `a sleep lasts at least as long as told`() {
        let start = Clock.now()
        Scheduling.sleep(.milliseconds(5))
        #expect(Clock.now() - start >= .milliseconds(5))
        Scheduling.sleep(.zero - .seconds(1))
    }

    @Test func `the descriptor limit is raised as far as it goes`() async {
        await #expect(processExitsWith: .exitCode(42)) {
            let lowered = try Scheduling.allowDescriptors(100)
            guard lowered == 100, try Scheduling.allowDescriptors(200) == 200 else { exitProcess(1) }
            // The hard limit bounds what is reached.
            exitProcess(try Scheduling.allowDescriptors(.max) >= 200 ? 42 : 2)
        }
    }

    @Test func `a child dies with its parent when told to`() async {
        await #expect(processExitsWith: .exitCode(42)) {
            try Scheduling.dieWithParent(.terminate)
            try Scheduling.dieWithParent(nil)
            Scheduling.setProcessName("a-name-longer-than-the-kernel-keeps")
            let name = try Files.read("/proc/thread-self/comm", limit: 100)
            exitProcess(String(decoding: name, as: UTF8.self) == "a-name-longer-t\n" ? 42 : 1)
        }
    }

    @Test func `real-time execution can be bounded without privilege`() async {
        await #expect(processExitsWith: .exitCode(42)) {
            try Scheduling.limitRealTime(soft: .seconds(1), hard: .seconds(2))
            let limits = String(decoding: try Files.read("/proc/self/limits", limit: 10_000), as: UTF8.self)
            let line = limits.split(separator: "\n").first { $0.hasPrefix("Max realtime timeout") }
            exitProcess(
                line?.split(separator: " ").dropFirst(3).prefix(2) == ["1000000", "2000000"] ? 42 : 1)
        }
    }

    @Test func `free memory between what is in use goes back to the kernel`() async {
        await #expect(processExitsWith: .exitCode(42)) {
            func resident() throws -> Int {
                let text = String(decoding: try Files.read("/proc/self/statm", limit: 200), as: UTF8.self)
                return text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
            }
            // Blocks that are too small to be mapped one by one, every hundredth of which stays.
            var blocks = (0..<20_000).map { [UInt8](repeating: UInt8(truncatingIfNeeded: $0), count: 2_000) }
            let full = try resident()
            blocks = blocks.enumerated().filter { $0.offset % 100 == 99 }.map(\.element)
            let before = try resident()
            Scheduling.releaseFreeMemory()
            let after = try resident()
            // 40 MB were taken; the heap holds on to most of them until it is told otherwise.
            exitProcess(full - after > 5_000 && before - after > 2_000 && blocks.count == 200 ? 42 : 1)
        }
    }
}
