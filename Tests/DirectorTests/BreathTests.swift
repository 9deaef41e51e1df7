import Testing
import Timekeeping

@testable import Director

@Suite struct BreathTests {
    @Test func `a pause comes after every tenth of a second of turns, not more often`() {
        var breath = Breath()
        let pauses = (0..<1000).filter { breath.isDue(at: milliseconds(Int64($0))) }
        #expect(pauses == [100, 200, 300, 400, 500, 600, 700, 800, 900])
    }
}
