import Testing
import Timekeeping

@Suite struct IntervalTests {
    @Test func `arithmetic saturates`() {
        let most = Interval(nanoseconds: .max)
        let least = Interval(nanoseconds: .min)
        #expect(most + .seconds(1) == most)
        #expect(least - .seconds(1) == least)
        #expect(most * 2 == most)
        #expect(most * -2 == least)
        #expect(.zero - least == most)
    }

    @Test(arguments: [(3609, "3.609 s"), (-1, "-0.001 s"), (0, "0.000 s"), (61_000, "61.000 s")])
    func `people read seconds`(milliseconds: Int64, text: String) {
        #expect(Interval.milliseconds(milliseconds).description == text)
    }
}
