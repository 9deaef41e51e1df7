import Testing
import Timekeeping

@testable import HealthChecks

struct DeadlineQueueTests {
    private func at(_ nanoseconds: Int64) -> Instant { Instant(nanoseconds: nanoseconds) }

    @Test func `nothing is due in an empty queue`() {
        var queue = DeadlineQueue()
        #expect(queue.earliest == nil)
        queue.set(nil, for: 5)
        #expect(queue.earliest == nil)
        #expect(queue.count == 0)
    }

    @Test func `the earliest comes first, and a slot has one deadline`() {
        var queue = DeadlineQueue()
        queue.set(at(30), for: 0)
        queue.set(at(10), for: 1)
        queue.set(at(20), for: 2)
        #expect(queue.earliest?.slot == 1)
        queue.set(at(40), for: 1)
        #expect(queue.earliest?.slot == 2)
        queue.set(at(5), for: 0)
        #expect(queue.earliest?.slot == 0)
        queue.set(nil, for: 0)
        #expect(queue.earliest?.slot == 2)
        #expect(queue.count == 2)
    }

    /// Compared with a dictionary, which is slow and obviously right.
    @Test(arguments: 0..<50 as Range<UInt64>)
    func `random changes agree with a plain dictionary`(seed: UInt64) {
        var generator = SeededGenerator(state: seed)
        var queue = DeadlineQueue()
        var plain: [Int: Instant] = [:]
        for _ in 0..<500 {
            let slot = Int.random(in: 0..<40, using: &generator)
            let remove = Int.random(in: 0..<4, using: &generator) == 0
            let deadline = remove ? nil : at(Int64.random(in: 0..<100, using: &generator))
            queue.set(deadline, for: slot)
            plain[slot] = deadline
            #expect(queue.count == plain.count)
            #expect(queue.earliest?.deadline == plain.values.min(), "seed \(seed)")
            if let (deadline, slot) = queue.earliest { #expect(plain[slot] == deadline, "seed \(seed)") }
        }
        var previous = Instant(nanoseconds: .min)
        while let (deadline, slot) = queue.earliest {
            #expect(deadline >= previous, "seed \(seed)")
            previous = deadline
            queue.set(nil, for: slot)
        }
        #expect(queue.count == 0)
    }
}
