import Testing
import Timekeeping

@Suite struct InstantTests {
    let start = Instant(nanoseconds: 5)

    @Test func `adding and subtracting agree`() {
        #expect(start + .seconds(2) - start == .seconds(2))
        #expect(start - .seconds(2) < start)
        #expect((start - .seconds(2)).nanoseconds == 5 - 2_000_000_000)
    }

    @Test func `the far ends saturate`() {
        let last = Instant(nanoseconds: .max)
        #expect(last + .seconds(1) == last)
        #expect(Instant(nanoseconds: .min) - last == Interval(nanoseconds: .min))
    }

    @Test func `the earlier deadline wins and nil means never`() {
        let later = start + .seconds(1)
        #expect(Instant?.earlier(start, later) == start)
        #expect(Instant?.earlier(nil, later) == later)
        #expect(Instant?.earlier(start, nil) == start)
        #expect(Instant?.earlier(nil, nil) == nil)
    }

    @Test func `it prints as seconds`() {
        #expect((Instant(nanoseconds: 0) + .milliseconds(1500)).description == "@1.500 s")
    }
}
