import LinuxIO
import Testing
import Timekeeping

@Suite struct ClockTests {
    @Test func `the clock goes on`() {
        let first = Clock.now()
        let second = Clock.now()
        #expect(first.nanoseconds > 0)
        #expect(second >= first)
        #expect(second - first < .seconds(60))
    }

    @Test func `the clock counts from the machine's start, and nobody sets it`() throws {
        func uptime() throws -> Interval {
            let text = String(decoding: try Files.read("/proc/uptime", limit: 64), as: UTF8.self)
            return .milliseconds(Int64(try #require(Double(text.prefix { $0 != " " })) * 1000))
        }
        let before = try uptime()
        let now = Clock.now() - Instant(nanoseconds: 0)
        let after = try uptime()
        // The kernel writes hundredths of a second.
        #expect(now >= before && now <= after + .milliseconds(10))
    }

    @Test func `waiting uses no processor, and work does`() {
        let first = Clock.processorTime()
        Scheduling.sleep(.milliseconds(200))
        let waited = Clock.processorTime() - first
        #expect(waited < .milliseconds(150))
        let begin = Clock.now()
        var sum = 0
        while Clock.processorTime() - first < waited + .milliseconds(5), Clock.now() - begin < .seconds(30) {
            sum &+= 1
        }
        #expect(Clock.processorTime() - first >= waited + .milliseconds(5), "\(sum)")
    }

    @Test func `the kernel tells whether something keeps the clock right`() {
        #expect(Clock.isSynchronized != nil && Clock.isSynchronized == Clock.isSynchronized)
    }

    @Test func `the service manager's clock counts microseconds, without the time of a suspended machine`() {
        let boot = Clock.now()
        let first = Clock.monotonicMicroseconds()
        #expect(first > 0 && first <= Clock.now().nanoseconds / 1000)
        Scheduling.sleep(.milliseconds(5))
        let waited = Interval.microseconds(Clock.monotonicMicroseconds() - first)
        #expect(waited >= .milliseconds(4) && waited <= Clock.now() - boot + .milliseconds(1))
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (951_782_399_999_000_000, "2000-02-28T23:59:59.999Z"),
        (951_782_400_000_000_000, "2000-02-29T00:00:00.000Z"),
        (1_709_210_096_789_000_000, "2024-02-29T12:34:56.789Z"),
        (4_107_542_400_000_000_000, "2100-03-01T00:00:00.000Z"),
    ])
    func `a wall time is written in UTC`(nanoseconds: Int64, text: String) {
        #expect("\(WallTime(nanoseconds: nanoseconds))" == text)
    }

    @Test(arguments: [
        (0, "1 Jan 1970 00:00:00 +0000"), (951_782_399_999_000_000, "28 Feb 2000 23:59:59 +0000"),
        (951_782_400_000_000_000, "29 Feb 2000 00:00:00 +0000"),
        (1_795_273_509_000_000_000, "21 Nov 2026 15:05:09 +0000"),
        (4_107_542_400_000_000_000, "1 Mar 2100 00:00:00 +0000"),
    ])
    func `a mail's date is in UTC`(nanoseconds: Int64, text: String) {
        #expect(WallTime(nanoseconds: nanoseconds).mailDate == text)
    }
}
