import LoadBalancing
import NetTypes
import Testing

@testable import Director

@Suite struct ChangeSummaryTests {
    private let identity = ServiceIdentity.address(.tcp, endpoint("192.0.2.100", 80))

    private func destination(_ number: UInt8, weight: UInt32 = 1) -> IPVSDestination {
        IPVSDestination(
            endpoint: endpoint("192.0.2.\(number)", 80), forwarding: .directRouting, weight: weight)
    }

    @Test func `few changes are a line each`() {
        let changes: [ServiceChange] = [
            .addService(IPVSService(identity: identity, scheduler: "rr")),
            .addDestination(destination(21), to: identity),
        ]
        #expect(
            ChangeSummary.lines(changes) == [
                "IPVS: add service 192.0.2.100:80/tcp, scheduler rr",
                "IPVS: add server 192.0.2.21:80 to 192.0.2.100:80/tcp, DR weight 1",
            ])
        #expect(ChangeSummary.lines([]).isEmpty)
    }

    @Test func `many changes are counted by kind`() {
        let service = IPVSService(identity: identity, scheduler: "rr")
        var changes = (1...20).map { ServiceChange.addDestination(destination($0), to: identity) }
        changes += [
            .addService(service), .editService(from: service, to: service), .deleteService(identity),
            .deleteDestination(endpoint("192.0.2.1", 80), from: identity),
            .editDestination(from: destination(1), to: destination(1, weight: 2), of: identity),
            .deleteService(identity),
        ]
        #expect(
            ChangeSummary.lines(changes) == [
                "IPVS: 1 services added, 1 services changed, 2 services removed, "
                    + "20 servers added, 1 servers changed, 1 servers removed"
            ])
    }

    @Test func `the limit is the border`() {
        let changes = (1...ChangeSummary.limit).map {
            ServiceChange.addDestination(destination(UInt8($0)), to: identity)
        }
        #expect(ChangeSummary.lines(changes).count == ChangeSummary.limit)
        #expect(ChangeSummary.lines(changes + changes.prefix(1)).count == 1)
    }
}
