import Timekeeping

/// What the probes of one check came to since it began: how many with each outcome, and how long those took
/// that told something.
package struct ProbeTally: Hashable, Sendable, Codable {
    /// By the place of the outcome in `ProbeOutcome.allCases`; none at all before the first probe.
    private var numbers: [UInt32] = []
    /// How long probes took, those aside that this host could not make.
    package private(set) var durations = IntervalHistogram()

    /// No probe has ended.
    package init() {}

    /// Counts a probe. A count that is full stays so.
    mutating func add(_ outcome: ProbeOutcome, _ duration: Interval) {
        if numbers.isEmpty { numbers = [UInt32](repeating: 0, count: ProbeOutcome.allCases.count) }
        if let place = ProbeOutcome.allCases.firstIndex(of: outcome), numbers[place] < .max {
            numbers[place] += 1
        }
        if outcome.meaning != .unknown { durations.add(duration) }
    }

    /// Those outcomes that there have been, with their numbers.
    package var counts: [(outcome: ProbeOutcome, count: UInt32)] {
        zip(ProbeOutcome.allCases, numbers).filter { $0.1 > 0 }.map { (outcome: $0.0, count: $0.1) }
    }
}
