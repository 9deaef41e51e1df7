import LoadBalancing
import NetTypes
import Testing

@Suite struct IPVSReadingTests {
    @Test func `counters of several services add up, each by itself`() {
        var (one, two) = (IPVSCounters(), IPVSCounters())
        (one.connections, one.packetsIn, one.packetsOut, one.octetsIn, one.octetsOut) = (1, 2, 3, 4, 5)
        (two.connections, two.packetsIn, two.packetsOut, two.octetsIn, two.octetsOut) = (10, 20, 30, 40, .max)
        let sum = one + two
        #expect(sum.connections == 11 && sum.packetsIn == 22 && sum.packetsOut == 33 && sum.octetsIn == 44)
        #expect(sum.octetsOut == 4 && sum == two + one)
    }

    @Test func `what has just been added has counted nothing`() throws {
        let endpoint = Endpoint(try #require(IPAddress("192.0.2.21")), port: 80)
        let identity = ServiceIdentity.address(.tcp, endpoint)
        let destination = DestinationReading(endpoint: endpoint, weight: 3)
        #expect(destination.weight == 3 && destination.active == 0 && destination.inactive == 0)
        #expect(destination.counters == IPVSCounters())
        let service = ServiceReading(identity: identity)
        #expect(service.destinations.isEmpty && service.counters == IPVSCounters())
        #expect(IPVSCounters().connections == 0 && IPVSCounters().packetsIn == 0)
        #expect(
            IPVSCounters().packetsOut == 0 && IPVSCounters().octetsIn == 0 && IPVSCounters().octetsOut == 0)
    }
}
