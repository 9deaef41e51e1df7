import Testing
import Timekeeping

@testable import Lab

struct DecimalsTests {
    @Test(
        arguments: [
            (1.005, 1, "1.0"), (2.5, 0, "3"), (-0.04, 1, "0.0"), (-0.06, 1, "-0.1"), (12, 3, "12.000"),
            (0.0625, 4, "0.0625"), (.nan, 1, "0.0"), (.infinity, 1, "0.0"), (1e300, 0, "900000000"),
            (-1e300, 2, "-900000000.00"), (1.5, -3, "2"), (1, 40, "1.000000000"),
        ])
    func `a number has exactly the wanted places`(value: Double, places: Int, text: String) {
        #expect(Decimals.fixed(value, places: places) == text)
    }

    @Test(arguments: [(12.5, "12.5"), (3, "3"), (100, "100"), (0.004, "0"), (-1.25, "-1.25"), (-0.001, "0")])
    func `zeros at the end go, zeros before the point stay`(value: Double, text: String) {
        #expect(Decimals.short(value, places: 2) == text)
    }

    @Test(
        arguments: [
            (0, "0 s"), (412_000, "412 µs"), (999_400, "999 µs"), (999_600, "1 ms"), (1_200_000, "1.2 ms"),
            (99_940_000, "99.9 ms"), (99_960_000, "100 ms"), (859_000_000, "859 ms"),
            (999_600_000, "1.000 s"), (3_412_400_000, "3.412 s"), (-1_200_000, "\u{2212}1.2 ms"),
        ])
    func `people read three digits`(nanoseconds: Int64, text: String) {
        #expect(Decimals.people(Interval(nanoseconds: nanoseconds)) == text)
    }

    @Test(
        arguments: [
            (0, "0"), (999, "999"), (1000, "1\u{202F}000"), (1_234_567, "1\u{202F}234\u{202F}567"),
            (-1000, "\u{2212}1\u{202F}000"),
        ])
    func `thousands are set apart`(value: Int, text: String) {
        #expect(Decimals.count(value) == text)
    }
}
