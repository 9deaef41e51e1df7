/// How often something took how long: what Prometheus calls a histogram, with the same bounds for all. It is
/// small, since there is one for every check.
package struct IntervalHistogram: Hashable, Sendable, Codable {
    /// What took no longer than this is in the bucket of the same place; what took longer than all of them is
    /// in one more.
    package static let bounds: [Interval] = [
        .microseconds(100), .microseconds(500), .milliseconds(1), .milliseconds(5), .milliseconds(10),
        .milliseconds(50), .milliseconds(100), .milliseconds(500), .seconds(1), .seconds(5),
    ]

    /// How many in each bucket; none at all before the first.
    package private(set) var counts: [UInt32] = []
    /// All of them together.
    package private(set) var sum = Interval.zero

    /// Nothing has happened.
    package init() {}

    /// Counts one; what is negative took no time. A bucket that is full stays so.
    package mutating func add(_ interval: Interval) {
        if counts.isEmpty { counts = [UInt32](repeating: 0, count: Self.bounds.count + 1) }
        let length = max(interval, .zero)
        let place = Self.bounds.firstIndex { length <= $0 } ?? Self.bounds.count
        guard counts.indices.contains(place), counts[place] < .max else { return }
        counts[place] += 1
        sum = sum + length
    }
}
