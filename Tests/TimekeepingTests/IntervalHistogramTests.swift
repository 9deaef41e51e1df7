import Testing
import Timekeeping

@Suite struct IntervalHistogramTests {
    @Test func `each is in the bucket of the least bound that it does not exceed`() {
        var histogram = IntervalHistogram()
        #expect(histogram.counts.isEmpty && histogram.sum == .zero)
        for interval in IntervalHistogram.bounds {
            histogram.add(interval)
            histogram.add(interval + Interval(nanoseconds: 1))
        }
        #expect(histogram.counts == [1] + Array(repeating: 2, count: 9) + [1])
        let bounds = IntervalHistogram.bounds.reduce(Interval.zero, +)
        #expect(histogram.sum == bounds * 2 + Interval(nanoseconds: 10))
    }

    @Test func `what is negative took no time, and what is endless has a place`() {
        var histogram = IntervalHistogram()
        histogram.add(Interval(nanoseconds: .min))
        #expect(histogram.counts.first == 1 && histogram.sum == .zero)
        histogram.add(Interval(nanoseconds: .max))
        histogram.add(Interval(nanoseconds: .max))
        #expect(histogram.counts.last == 2 && histogram.sum == Interval(nanoseconds: .max))
    }

    @Test func `bounds rise`() {
        #expect(IntervalHistogram.bounds == IntervalHistogram.bounds.sorted())
        #expect(Set(IntervalHistogram.bounds).count == IntervalHistogram.bounds.count)
    }
}
