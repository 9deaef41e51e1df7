import Testing

@testable import Lab

struct ScaleTests {
    @Test func `values are placed in proportion and never outside`() {
        let scale = Scale(from: -1, through: 3, onto: 100, 500)
        #expect(scale.place(-1) == 100)
        #expect(scale.place(0) == 200)
        #expect(scale.place(3) == 500)
        #expect(scale.place(99) == 500)
        #expect(scale.place(-99) == 100)
        #expect(scale.place(.nan) == 100)
        #expect(scale.contains(3) && !scale.contains(3.1))
    }

    @Test func `an axis may run upwards`() {
        let scale = Scale(from: 0, through: 10, onto: 200, 0)
        #expect(scale.place(10) == 0)
        #expect(scale.place(5) == 100)
    }

    @Test(
        arguments: [
            (0.0, 0.0), (5, 5), (3, 1), (.nan, 1), (0, .infinity), (-.infinity, .infinity), (1e300, 1e300),
            (-1e308, 1e308), (0, 1e-300),
        ])
    func `a range without length or with an impossible end still places values`(low: Double, high: Double) {
        let scale = Scale(from: low, through: high, onto: 0, 100)
        #expect(scale.high > scale.low)
        #expect(scale.place(low).isFinite && scale.place(high).isFinite)
        #expect(scale.pixelsPerUnit.isFinite)
        #expect(scale.ticks(atMost: 10).count <= 10)
    }

    @Test(
        arguments: [
            (0.0, 10.0, 11, [0.0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), (-1, 4.8, 11, [-1, 0, 1, 2, 3, 4]),
            (2.55, 3.05, 6, [2.6, 2.7, 2.8, 2.9, 3.0]), (0, 0.007, 5, [0, 0.002, 0.004, 0.006]),
            (0, 1, 2, [0, 1]), (0.1, 0.9, 2, []), (0, 700, 4, [0, 500]),
        ])
    func `ticks are round and inside`(low: Double, high: Double, count: Int, expected: [Double]) {
        let ticks = Scale(from: low, through: high, onto: 0, 1).ticks(atMost: count)
        #expect(ticks.count == expected.count)
        for (tick, wanted) in zip(ticks, expected) { #expect(abs(tick - wanted) < 1e-9) }
    }

    @Test func `there are never more ticks than asked for`() {
        for high in stride(from: 0.001, through: 60, by: 0.37) {
            for count in [0, 2, 3, 7, 11] {
                let scale = Scale(from: -high / 3, through: high, onto: 0, 1)
                #expect(scale.ticks(atMost: count).count <= max(count, 2), "\(high) \(count)")
            }
        }
    }

    @Test(arguments: [(1.0, 0), (5, 0), (0.5, 1), (0.2, 1), (0.05, 2), (0.001, 3), (1e-30, 9)])
    func `places tell neighbours apart`(step: Double, places: Int) {
        #expect(Scale.places(for: step) == places)
    }
}
