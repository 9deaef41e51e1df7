import LinuxIO
import Testing
import Timekeeping

@Suite struct ClockWatchTests {
    @Test func `nothing is told while the clock goes on, and to look again never waits`() throws {
        let loop = try EventLoop<Int>()
        let watch = try ClockWatch()
        _ = try loop.register(watch.descriptor, .read, 1)
        watch.acknowledge()
        #expect(try loop.wait(until: Clock.now() + .milliseconds(20)).isEmpty)
    }

    @Test func `each has a descriptor of its own, which ends with it`() throws {
        let first = try ClockWatch()
        let number = first.descriptor.rawValue
        do {
            let second = try ClockWatch()
            #expect(second.descriptor.rawValue != number)
        }
        #expect(first.descriptor.rawValue == number)
    }
}
