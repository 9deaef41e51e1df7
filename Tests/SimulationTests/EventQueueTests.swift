import SimulationKit
import Testing
import Timekeeping

@Suite struct EventQueueTests {
    @Test func `events come out by time, and in order of arrival within a moment`() {
        var queue = EventQueue<Int>()
        var generator = SeededGenerator(seed: 77)
        var expected: [(at: Int64, number: Int)] = []
        for number in 0..<500 {
            let at = Int64(generator.below(40))
            expected.append((at, number))
            queue.push(number, at: Instant(nanoseconds: at))
        }
        expected.sort { ($0.at, $0.number) < ($1.at, $1.number) }
        #expect(queue.count == 500)
        for (at, number) in expected {
            #expect(queue.nextDeadline == Instant(nanoseconds: at))
            let popped = queue.pop()
            #expect(popped?.event == number)
            #expect(popped?.at == Instant(nanoseconds: at))
        }
        #expect(queue.pop() == nil)
        #expect(queue.nextDeadline == nil)
    }

    @Test func `it can be filled while it is emptied`() {
        var queue = EventQueue<String>()
        queue.push("second", at: Instant(nanoseconds: 20))
        queue.push("third", at: Instant(nanoseconds: 30))
        queue.push("first", at: Instant(nanoseconds: 10))
        #expect(queue.pop()?.event == "first")
        queue.push("between", at: Instant(nanoseconds: 25))
        #expect(queue.pop()?.event == "second")
        #expect(queue.pop()?.event == "between")
        #expect(queue.pop()?.event == "third")
        #expect(queue.count == 0)
    }
}
