/// A point on a clock that neither steps nor stops (CLOCK_BOOTTIME in the daemon, a counter in simulations).
/// Signed, so that "before the start" can be computed without trapping.
package struct Instant: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    /// Nanoseconds since the clock's own zero.
    package let nanoseconds: Int64

    /// The point `nanoseconds` after the clock's zero.
    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// Later by `interval`, saturating.
    package static func + (left: Instant, right: Interval) -> Instant {
        Instant(nanoseconds: (Interval(nanoseconds: left.nanoseconds) + right).nanoseconds)
    }

    /// Earlier by `interval`, saturating.
    package static func - (left: Instant, right: Interval) -> Instant {
        Instant(nanoseconds: (Interval(nanoseconds: left.nanoseconds) - right).nanoseconds)
    }

    /// The span from `right` to `left`, saturating.
    package static func - (left: Instant, right: Instant) -> Interval {
        Interval(nanoseconds: left.nanoseconds) - Interval(nanoseconds: right.nanoseconds)
    }

    /// Earlier first.
    package static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }

    /// Seconds since the clock's zero.
    package var description: String { "@\(Interval(nanoseconds: nanoseconds))" }
}

extension Optional<Instant> {
    /// The earlier of two deadlines, where nil means "never".
    package static func earlier(_ left: Instant?, _ right: Instant?) -> Instant? {
        guard let left, let right else { return left ?? right }
        return min(left, right)
    }
}
