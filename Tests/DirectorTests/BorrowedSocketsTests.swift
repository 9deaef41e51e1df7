import HealthChecks
import NetTypes
import Testing
import Timekeeping

@testable import Director

@Suite struct BorrowedSocketsTests {
    /// Two probes of a set of checks.
    private func probes() -> [ProbeID] {
        var generator = SystemRandomNumberGenerator()
        var set = CheckSet()
        let checks = ["192.0.2.21", "192.0.2.22"].map { tcpCheck($0) }
        _ = set.reconfigure(checks, at: at(0), using: &generator)
        return set.advance(to: at(60)).compactMap {
            if case .perform(_, let probe) = $0 { probe } else { nil }
        }
    }

    @Test func `a socket goes to the probe that ordered it, once`() throws {
        let probes = probes()
        try #require(probes.count == 2)
        var borrowed = BorrowedSockets()
        let use = BorrowedSockets.Use.connect(endpoint("192.0.2.21", 80))
        let (first, second) = (borrowed.order(use, for: probes[0]), borrowed.order(use, for: probes[1]))
        #expect(first != second)
        #expect(borrowed.count == 2)
        let arrived = borrowed.arrived(second)
        #expect(arrived?.probe == probes[1])
        #expect(arrived?.use == use)
        #expect(borrowed.arrived(second) == nil)
        #expect(borrowed.count == 1)
    }

    @Test func `one that nobody waits for any more belongs to nobody`() throws {
        let probe = try #require(probes().first)
        var borrowed = BorrowedSockets()
        let use = BorrowedSockets.Use.open(.echo, endpoint("192.0.2.21", 0))
        let first = borrowed.order(use, for: probe)
        let second = borrowed.order(use, for: probe)
        #expect(borrowed.arrived(first) == nil, "it has ordered another one")
        borrowed.abandon(probe)
        #expect(borrowed.arrived(second) == nil)
        #expect(borrowed.count == 0)
        borrowed.abandon(probe)
    }
}
