import Timekeeping

/// What the probes of one check came to since it began: how many with each outcome, and how long those took
/// that told something.
package struct ProbeTally: Hashable, Sendable, Codable {
    /// Probes of one outcome.
    package struct Count: Hashable, Sendable, Codable {
        /// What they came to.
        package let outcome: ProbeOutcome
        /// How many they were, 4,294,967,295 at most.
        package fileprivate(set) var count: UInt32
    }

    /// Those outcomes that there have been, the first one first: few, and the same again and again.
    package private(set) var counts: [Count] = []
    /// How long probes took, those aside that this host could not make.
    package private(set) var durations = IntervalHistogram()

    /// No probe has ended.
    package init() {}

    /// Counts a probe. A count that is full stays so.
    mutating func add(_ outcome: ProbeOutcome, _ duration: Interval) {
        if let place = counts.firstIndex(where: { $0.outcome == outcome }) {
            counts[place].count += counts[place].count < .max ? 1 : 0
        } else {
            counts.append(Count(outcome: outcome, count: 1))
        }
        if outcome.meaning != .unknown { durations.add(duration) }
    }
}
