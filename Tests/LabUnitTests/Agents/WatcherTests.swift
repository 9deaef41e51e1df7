import NetTypes
import Testing

@testable import Lab

@Suite struct WatcherTests {
    private let client = MACAddress(rawValue: 0x0200_0000_0010)
    private let other = LabPlan.mac(ofDirector: LabPlan.directorB)

    @Test func `a packet that comes back from the other director is noticed every time`() {
        var counter = VisitCounter(otherDirectors: [other])
        #expect(counter.visit("p1", from: client) == false)
        #expect(counter.visit("p1", from: other) == true)
        #expect(counter.visit("p1", from: other) == true)
    }

    @Test func `what the other director forwards for the first time is no revisit`() {
        var counter = VisitCounter(otherDirectors: [other])
        #expect(counter.visit("p1", from: other) == false)
    }

    @Test func `a client that repeats itself is no loop`() {
        var counter = VisitCounter(otherDirectors: [other])
        #expect(counter.visit("p1", from: client) == false)
        #expect(counter.visit("p1", from: client) == false)
    }

    @Test func `recent packets are remembered, however many came`() {
        var counter = VisitCounter(otherDirectors: [other])
        for number in 0..<120_000 { _ = counter.visit("p\(number)", from: client) }
        #expect(counter.visit("p119999", from: other) == true)
        #expect(counter.visit("p75000", from: other) == true)
        #expect(counter.visit("p0", from: other) == false)
    }
}

@Suite struct HoldingsTests {
    private func address(_ octet: UInt8) -> IPAddress { .v4(IPv4Address(192, 0, 2, octet)) }

    @Test func `what was missed shows in what is there`() {
        var holdings = Holdings()
        for octet in [1, 2, 3] as [UInt8] {
            holdings.take(Holdings.Change(address: address(octet), held: true))
        }
        holdings.take(Holdings.Change(address: address(2), held: false))
        #expect(
            holdings.changes(to: [address(3), address(4)]) == [
                Holdings.Change(address: address(1), held: false),
                Holdings.Change(address: address(4), held: true),
            ])
        #expect(holdings.changes(to: [address(1), address(3)]).isEmpty)
    }
}
