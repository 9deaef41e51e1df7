import HealthChecks
import NetTypes
import Testing
import Timekeeping

@testable import Director

@Suite struct BorrowedSocketsTests {
    private func probes() -> [ProbeID] {
        firstProbes(of: ["192.0.2.21", "192.0.2.22"].map { tcpCheck($0) })
    }

    @Test func `a socket goes to the probe that ordered it, once`() throws {
        let probes = probes()
        try #require(probes.count == 2)
        var borrowed = BorrowedSockets()
        let use = BorrowedSockets.Use.connect(endpoint("192.0.2.21", 80), hasFixedPort: false)
        for probe in probes { borrowed.want(use, for: probe, until: at(70)) }
        let orders = borrowed.order()
        #expect(orders.map(\.probe) == probes)
        #expect(borrowed.order().isEmpty, "each is asked for once")
        let (first, second) = (orders[0].number, orders[1].number)
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
        borrowed.want(use, for: probe, until: at(70))
        let number = try #require(borrowed.order().first).number
        borrowed.abandon(probe)
        #expect(borrowed.arrived(number) == nil)
        #expect(borrowed.count == 0)
        borrowed.abandon(probe)
    }

    @Test func `only so many are under way, and who waits too long waits no more`() throws {
        let probes = firstProbes(of: (0..<200).map { tcpCheck("192.0.2.\($0)") })
        try #require(probes.count == 200)
        var borrowed = BorrowedSockets()
        let use = BorrowedSockets.Use.open(.echo, endpoint("192.0.2.21", 0))
        for (place, probe) in probes.enumerated() {
            borrowed.want(use, for: probe, until: at(place < 10 ? 61 : 65))
        }
        let orders = borrowed.order()
        #expect(orders.count == 128)
        #expect(borrowed.arrived(orders[0].number)?.probe == probes[0])
        #expect(borrowed.order().map(\.probe) == [probes[128]])
        #expect(borrowed.due(at: at(60)).isEmpty)
        #expect(Set(borrowed.due(at: at(61))) == Set(probes[1..<10]))
        #expect(borrowed.count == 190)
        #expect(borrowed.due(at: at(65)).count == 190)
        #expect(borrowed.count == 0)
    }
}
