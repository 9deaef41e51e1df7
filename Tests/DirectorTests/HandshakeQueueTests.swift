import HealthChecks
import NetTypes
import Testing
import Timekeeping

@testable import Director

@Suite struct HandshakeQueueTests {
    /// Probes of as many checks.
    private func probes(_ count: Int) -> [ProbeID] {
        firstProbes(of: (1...count).map { tcpCheck("10.0.\($0 / 250).\($0 % 250)") })
    }

    private func begun(_ queue: inout HandshakeQueue) -> [ProbeID] {
        var begun: [ProbeID] = []
        while let probe = queue.begin() { begun.append(probe) }
        return begun
    }

    @Test func `as many as may be under way begin in order, and the others when one is over`() throws {
        let probes = probes(HandshakeQueue.limit + 3)
        var queue = HandshakeQueue()
        for probe in probes { queue.want(probe, isSuspect: false, until: at(10)) }
        #expect(queue.nextDeadline == at(10))
        #expect(begun(&queue) == Array(probes.prefix(HandshakeQueue.limit)))
        #expect(queue.begin() == nil)
        queue.end(probes[7])
        queue.end(probes[7])
        #expect(begun(&queue) == [probes[HandshakeQueue.limit]])
        // One that waits and is not wanted any more takes no place.
        queue.end(probes[HandshakeQueue.limit + 1])
        queue.end(probes[8])
        #expect(begun(&queue) == [probes[HandshakeQueue.limit + 2]])
        #expect(queue.nextDeadline == nil)
    }

    @Test func `those that hang leave half of the places to the others, who pass them by`() throws {
        let probes = probes(HandshakeQueue.limit + 20)
        let hanging = probes.prefix(HandshakeQueue.suspectLimit + 10)
        let good = probes.dropFirst(hanging.count)
        var queue = HandshakeQueue()
        for probe in hanging { queue.want(probe, isSuspect: true, until: at(10)) }
        #expect(begun(&queue) == Array(hanging.prefix(HandshakeQueue.suspectLimit)))
        for probe in good { queue.want(probe, isSuspect: false, until: at(10)) }
        #expect(begun(&queue) == Array(good.prefix(HandshakeQueue.limit - HandshakeQueue.suspectLimit)))
        let first = try #require(hanging.first)
        queue.end(first)
        #expect(begun(&queue) == [good[good.startIndex + HandshakeQueue.suspectLimit]])
    }

    @Test func `who has waited for too long waits no more`() {
        let probes = probes(3)
        var queue = HandshakeQueue()
        queue.want(probes[0], isSuspect: false, until: at(5))
        queue.want(probes[1], isSuspect: true, until: at(6))
        queue.want(probes[2], isSuspect: false, until: at(7))
        #expect(queue.due(at: at(4)).isEmpty)
        #expect(queue.nextDeadline == at(5))
        #expect(Set(queue.due(at: at(6))) == Set(probes.prefix(2)))
        #expect(begun(&queue) == [probes[2]])
    }
}
