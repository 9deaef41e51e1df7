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
