import LoadBalancing
import NetTypes
import Testing

@Suite struct IPVSRecordTests {
    @Test func `what has just been added has done nothing`() throws {
        let endpoint = Endpoint(try #require(IPAddress("192.0.2.21")), port: 80)
        let destination = IPVSDestination(endpoint: endpoint, forwarding: .tunnel, weight: 3)
        let record = DestinationRecord(destination)
        #expect(record.destination == destination && !record.isLocal)
        #expect(record.active == 0 && record.inactive == 0 && record.persistent == 0)
        #expect(record.counters == IPVSCounters() && record.rates == IPVSRates())
        let service = ServiceRecord(IPVSService(identity: .address(.tcp, endpoint), scheduler: "rr"))
        #expect(service.settings.scheduler == "rr" && service.destinations.isEmpty)
        #expect(service.counters == IPVSCounters() && service.rates == IPVSRates())
    }

    @Test func `rates are told apart`() {
        var rates = IPVSRates()
        let paths: [WritableKeyPath<IPVSRates, UInt64>] = [
            \.connections, \.packetsIn, \.packetsOut, \.octetsIn, \.octetsOut,
        ]
        for (number, path) in paths.enumerated() {
            let before = rates
            #expect(rates[keyPath: path] == 0)
            rates[keyPath: path] = UInt64(number + 1)
            #expect(rates != before)
        }
        #expect(paths.map { rates[keyPath: $0] } == [1, 2, 3, 4, 5])
    }
}
