import Timekeeping

/// The earliest of many deadlines: a binary heap over slots 0, 1, 2, ... that knows where each slot lies, so
/// that a deadline is changed in place, in O(log n), and no stale entries collect.
struct DeadlineQueue: Sendable {
    private struct Entry: Sendable {
        var deadline: Instant
        var slot: Int
    }

    private var heap: [Entry] = []
    /// Where a slot lies in `heap`; nil when it has no deadline.
    private var places: [Int?] = []

    /// Slots that have a deadline.
    var count: Int { heap.count }

    /// The earliest deadline and its slot.
    var earliest: (deadline: Instant, slot: Int)? { heap.first.map { ($0.deadline, $0.slot) } }

    /// Gives `slot` (0 or more) this deadline instead of the one it had; nil for none.
    mutating func set(_ deadline: Instant?, for slot: Int) {
        while places.count <= slot { places.append(nil) }
        switch (places[slot], deadline) {
        case (nil, nil):
            return
        case (nil, let deadline?):
            places[slot] = heap.count
            heap.append(Entry(deadline: deadline, slot: slot))
            rise(from: heap.count - 1)
        case (let place?, let deadline?):
            heap[place].deadline = deadline
            settle(place)
        case (let place?, nil):
            swap(place, heap.count - 1)
            heap.removeLast()
            places[slot] = nil
            if place < heap.count { settle(place) }
        }
    }

    private mutating func settle(_ place: Int) {
        let slot = heap[place].slot
        rise(from: place)
        if heap[place].slot == slot { sink(from: place) }
    }

    private mutating func rise(from start: Int) {
        var place = start
        while place > 0, heap[place].deadline < heap[(place - 1) / 2].deadline {
            swap(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    private mutating func sink(from start: Int) {
        var place = start
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2]
            where child < heap.count && heap[child].deadline < heap[least].deadline {
                least = child
            }
            guard least != place else { return }
            swap(place, least)
            place = least
        }
    }

    private mutating func swap(_ first: Int, _ second: Int) {
        heap.swapAt(first, second)
        places[heap[first].slot] = first
        places[heap[second].slot] = second
    }
}
