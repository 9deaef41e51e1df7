import Timekeeping

/// How long parts of a probe took: where it asks for several urls, those of the latest connection. Small,
/// since every change that is remembered has it: whole microseconds, 71 minutes at most.
package struct ProbeTimings: Hashable, Sendable, Codable {
    private static let none = UInt32.max
    private var connectMicroseconds = none
    private var handshakeMicroseconds = none

    /// Of a probe that has come this far.
    package init(connect: Interval? = nil, handshake: Interval? = nil) {
        self.connect = connect
        self.handshake = handshake
    }

    /// From the start of the connection until it stood; nil when it did not, or there was none.
    package var connect: Interval? {
        get { Self.interval(connectMicroseconds) }
        set { connectMicroseconds = Self.microseconds(newValue) }
    }

    /// From there until TLS was established; nil when it was not, or there was none.
    package var handshake: Interval? {
        get { Self.interval(handshakeMicroseconds) }
        set { handshakeMicroseconds = Self.microseconds(newValue) }
    }

    private static func interval(_ count: UInt32) -> Interval? {
        count == none ? nil : .microseconds(Int64(count))
    }

    private static func microseconds(_ interval: Interval?) -> UInt32 {
        guard let interval else { return none }
        return UInt32(clamping: min(max(interval, .zero).nanoseconds / 1000, Int64(none - 1)))
    }
}

/// The result of a probe with its circumstances: what a log line or a status page shows.
package struct ProbeReport: Hashable, Sendable, Codable, CustomStringConvertible {
    /// What was found out.
    package let result: ProbeResult
    /// From the start of the probe to its end.
    package let duration: Interval
    /// What parts of it took.
    package let timings: ProbeTimings
    /// When the probe ended.
    package let finishedAt: Instant
    /// Failures in a row up to and including this one; 0 for a good result.
    package let failures: Int
    /// Failures in a row that take the target down; nil when it was down before the probe.
    package let failuresAllowed: Int?

    /// A report.
    package init(
        result: ProbeResult, duration: Interval, timings: ProbeTimings = ProbeTimings(), finishedAt: Instant,
        failures: Int, failuresAllowed: Int?
    ) {
        self.result = result
        self.duration = duration
        self.timings = timings
        self.finishedAt = finishedAt
        self.failures = failures
        self.failuresAllowed = failuresAllowed
    }

    /// `connection refused after 0.3 ms, 3 of 3 tries`.
    package var description: String {
        // A number in a file is not waited for.
        guard duration != .zero else { return result.detail }
        let tenths = (max(duration, .zero).nanoseconds / 50_000 + 1) / 2
        let took = tenths < 10_000 ? "\(tenths / 10).\(tenths % 10) ms" : duration.description
        let text = "\(result.detail) after \(took)"
        guard let failuresAllowed, failures > 0 else { return text }
        return "\(text), \(failures) of \(failuresAllowed) \(failuresAllowed == 1 ? "try" : "tries")"
    }
}

/// A change of a check's verdict.
package struct Transition: Hashable, Sendable, Codable {
    /// The new verdict.
    package let verdict: Verdict
    /// The probe that decided it; its `finishedAt` is the time of the change.
    package let report: ProbeReport

    /// A change to `verdict` because of `report`.
    package init(to verdict: Verdict, because report: ProbeReport) {
        self.verdict = verdict
        self.report = report
    }
}
