import Timekeeping

/// A queue by time; events of the same moment come out in the order they went in, or runs could not be
/// repeated.
package struct EventQueue<Event: Sendable>: Sendable {
    private struct Entry: Sendable {
        var at: Instant
        var sequence: Int
        var event: Event

        func precedes(_ other: Entry) -> Bool {
            at == other.at ? sequence < other.sequence : at < other.at
        }
    }

    private var heap: [Entry] = []
    private var pushed = 0

    /// An empty queue.
    package init() {}

    /// When the first event is due.
    package var nextDeadline: Instant? { heap.first?.at }

    /// How many events wait.
    package var count: Int { heap.count }

    /// Adds an event.
    package mutating func push(_ event: Event, at instant: Instant) {
        heap.append(Entry(at: instant, sequence: pushed, event: event))
        pushed += 1
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].precedes(heap[parent]) else { break }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// Takes the first event; nil when there is none.
    package mutating func pop() -> (event: Event, at: Instant)? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        guard !heap.isEmpty else { return (first.event, first.at) }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && heap[child].precedes(heap[least]) {
                least = child
            }
            guard least != parent else { break }
            heap.swapAt(parent, least)
            parent = least
        }
        return (first.event, first.at)
    }
}
