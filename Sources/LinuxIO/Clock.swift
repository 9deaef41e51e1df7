// The only file that reads a clock. A turn of an event loop reads it once and passes the value down.

import CLinux
import Timekeeping

/// The host's clocks.
package enum Clock {
    /// CLOCK_BOOTTIME: never steps, and goes on while the machine is suspended, so that "how old is my right
    /// to be master" is told truly after a resume.
    package static func now() -> Instant { Instant(nanoseconds: hf_clock_boottime()) }

    /// Something keeps the wall clock right (adjtimex(2)); nil when the kernel does not tell.
    package static var isSynchronized: Bool? {
        let answer = hf_clock_follows()
        return answer < 0 ? nil : answer == 1
    }

    /// CLOCK_MONOTONIC in microseconds: the service manager's clock (sd_notify(3)), for nothing else.
    package static func monotonicMicroseconds() -> Int64 { hf_clock_monotonic() / 1000 }

    /// CLOCK_THREAD_CPUTIME_ID: what this thread has used of a processor, whoever else was busy meanwhile.
    package static func processorTime() -> Interval { Interval(nanoseconds: hf_clock_thread()) }

    /// CLOCK_REALTIME, for logs, reports and where numbering begins: it steps.
    package static func wallTime() -> WallTime { WallTime(nanoseconds: hf_clock_realtime()) }
}

/// A calendar time, for people. Never compared to decide anything.
package struct WallTime: Hashable, Sendable, Codable, CustomStringConvertible {
    /// Nanoseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    package let nanoseconds: Int64

    /// The time `nanoseconds` after the start of 1970 in UTC.
    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// RFC 3339 in UTC with milliseconds: `2024-02-29T12:34:56.789Z`.
    package var description: String {
        let (seconds, rest) = Self.floorDivide(nanoseconds, by: 1_000_000_000)
        let (days, secondOfDay) = Self.floorDivide(seconds, by: 86_400)
        let date = Self.date(daysSince1970: days)
        let clock = [secondOfDay / 3600, secondOfDay / 60 % 60, secondOfDay % 60]
            .map { Self.padded($0, 2) }.joined(separator: ":")
        let day = "\(Self.padded(date.year, 4))-\(Self.padded(date.month, 2))-\(Self.padded(date.day, 2))"
        return "\(day)T\(clock).\(Self.padded(rest / 1_000_000, 3))Z"
    }

    /// The date of a mail, in UTC: `29 Feb 2024 12:34:56 +0000` (RFC 5322 section 3.3).
    package var mailDate: String {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let (days, secondOfDay) = Self.floorDivide(
            Self.floorDivide(nanoseconds, by: 1_000_000_000).quotient, by: 86_400)
        let date = Self.date(daysSince1970: days)
        let clock = [secondOfDay / 3600, secondOfDay / 60 % 60, secondOfDay % 60]
            .map { Self.padded($0, 2) }.joined(separator: ":")
        return "\(date.day) \(months[Int(date.month) - 1]) \(Self.padded(date.year, 4)) \(clock) +0000"
    }

    private static func floorDivide(_ value: Int64, by divisor: Int64) -> (quotient: Int64, remainder: Int64)
    {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    // Counts years from 1 March, so that the leap day is the last day of its year.
    private static func date(daysSince1970: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = floorDivide(daysSince1970 + 719_468, by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
