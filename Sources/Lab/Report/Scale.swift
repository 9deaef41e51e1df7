/// Maps a range of values onto a range of pixels, and picks round values for an axis.
struct Scale: Hashable, Sendable {
    /// The smallest value.
    let low: Double
    /// The largest value; always greater than `low`.
    let high: Double
    /// Where `low` is drawn.
    let start: Double
    /// Where `high` is drawn.
    let end: Double

    /// Values beyond this are cut off: doubles there are too coarse for an axis.
    static let most = 1e15

    /// A scale from `values` to `pixels`. A range without length, or with an end that is not finite, is
    /// widened, so that every value has a place.
    init(from low: Double, through high: Double, onto start: Double, _ end: Double) {
        let low = low.isFinite ? min(max(low, -Self.most), Self.most) : 0
        let high = high.isFinite ? min(max(high, -Self.most), Self.most) : low
        self.low = min(low, high)
        // A billionth of the size still differs from the size itself.
        self.high = max(low, high, min(low, high) + max(1e-6, abs(min(low, high)) * 1e-9))
        self.start = start
        self.end = end
    }

    /// Pixels for one unit of the value.
    var pixelsPerUnit: Double { (end - start) / (high - low) }

    /// The place of a value; outside of the range it is the nearer end.
    func place(_ value: Double) -> Double {
        guard value.isFinite else { return start }
        let bounded = min(max(value, low), high)
        return start + (bounded - low) * pixelsPerUnit
    }

    /// Whether the range contains the value.
    func contains(_ value: Double) -> Bool { value >= low && value <= high }

    /// The distance of round values, 1, 2 or 5 times a power of ten, of which at most `count` (2 or more)
    /// fit.
    func step(atMost count: Int) -> Double {
        let rough = (high - low) / Double(max(count, 2) - 1)
        var power = 1.0
        while power > rough { power /= 10 }
        while power * 10 <= rough { power *= 10 }
        return [1, 2, 5].map { $0 * power }.first { $0 >= rough } ?? power * 10
    }

    /// Round values inside the range, at most `count` of them.
    func ticks(atMost count: Int) -> [Double] {
        let step = step(atMost: count)
        let first = (low / step - 1e-9).rounded(.up)
        let last = (high / step + 1e-9).rounded(.down)
        guard first <= last, last - first < Double(max(count, 2)) + 1 else { return [] }
        return stride(from: first, through: last, by: 1).map { $0 * step }
    }

    /// Digits after the point that tell multiples of `step` apart.
    static func places(for step: Double) -> Int {
        var places = 0
        var unit = 1.0
        while places < 9, step < unit * 0.999 {
            unit /= 10
            places += 1
        }
        return places
    }
}
