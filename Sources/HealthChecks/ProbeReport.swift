import Timekeeping

/// The result of a probe with its circumstances: what a log line or a status page shows.
package struct ProbeReport: Hashable, Sendable, Codable, CustomStringConvertible {
    /// What was found out.
    package let result: ProbeResult
    /// From the start of the probe to its end.
    package let duration: Interval
    /// When the probe ended.
    package let finishedAt: Instant
    /// Failures in a row up to and including this one; 0 for a good result.
    package let failures: Int
    /// Failures in a row that take the target down; nil when it was down before the probe.
    package let failuresAllowed: Int?

    /// A report.
    package init(
        result: ProbeResult, duration: Interval, finishedAt: Instant, failures: Int, failuresAllowed: Int?
    ) {
        self.result = result
        self.duration = duration
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
