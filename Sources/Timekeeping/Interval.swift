/// A signed span of time in nanoseconds (about ±292 years); arithmetic saturates instead of trapping.
package struct Interval: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    /// The length; negative when it points into the past.
    package let nanoseconds: Int64

    /// No time at all.
    package static let zero = Interval(nanoseconds: 0)

    /// A span of `nanoseconds`.
    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// The number alone.
    package init(from decoder: any Decoder) throws {
        nanoseconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    /// The number alone.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(nanoseconds)
    }

    /// A span of whole microseconds.
    package static func microseconds(_ count: Int64) -> Interval { Interval(nanoseconds: 1000) * count }
    /// A span of whole milliseconds.
    package static func milliseconds(_ count: Int64) -> Interval { Interval(nanoseconds: 1_000_000) * count }
    /// A span of whole centiseconds, VRRPv3's unit (RFC 9568 section 5.2.7).
    package static func centiseconds(_ count: Int64) -> Interval { Interval(nanoseconds: 10_000_000) * count }
    /// A span of whole seconds.
    package static func seconds(_ count: Int64) -> Interval { Interval(nanoseconds: 1_000_000_000) * count }

    /// The length in seconds, for people and reports.
    package var seconds: Double { Double(nanoseconds) / 1e9 }
    /// The length in milliseconds, for people and reports.
    package var milliseconds: Double { Double(nanoseconds) / 1e6 }

    /// Sum, saturating.
    package static func + (left: Interval, right: Interval) -> Interval {
        let (value, overflow) = left.nanoseconds.addingReportingOverflow(right.nanoseconds)
        return Interval(nanoseconds: overflow ? (right.nanoseconds > 0 ? .max : .min) : value)
    }

    /// Difference, saturating.
    package static func - (left: Interval, right: Interval) -> Interval {
        let (value, overflow) = left.nanoseconds.subtractingReportingOverflow(right.nanoseconds)
        return Interval(nanoseconds: overflow ? (right.nanoseconds < 0 ? .max : .min) : value)
    }

    /// Multiple, saturating.
    package static func * (left: Interval, right: Int64) -> Interval {
        let (value, overflow) = left.nanoseconds.multipliedReportingOverflow(by: right)
        return Interval(nanoseconds: overflow ? ((left.nanoseconds < 0) == (right < 0) ? .max : .min) : value)
    }

    /// Integer division. `right` MUST NOT be 0.
    package static func / (left: Interval, right: Int64) -> Interval {
        Interval(nanoseconds: left.nanoseconds / right)
    }

    /// By length.
    package static func < (left: Interval, right: Interval) -> Bool { left.nanoseconds < right.nanoseconds }

    /// Seconds with three decimals: `3.609 s`.
    package var description: String {
        let rounded = (nanoseconds.magnitude + 500_000) / 1_000_000
        let fraction = String(rounded % 1000)
        let padding = String(repeating: "0", count: 3 - fraction.count)
        return "\(nanoseconds < 0 ? "-" : "")\(rounded / 1000).\(padding)\(fraction) s"
    }
}
