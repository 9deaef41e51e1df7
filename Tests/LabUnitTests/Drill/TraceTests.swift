import NetTypes
import Testing

@testable import Lab

@Suite struct TraceTests {
    @Test(arguments: [
        ("(VI_1) Entering MASTER STATE: no advert", DirectorState?.some(.master)),
        ("Nov 1 host vrrp: (VI_1) Entering BACKUP STATE", .backup), ("(VI_1) Entering FAULT STATE", .fault),
        ("(VI_2) Entering MASTER STATE", nil), ("(VI_1) something else", nil), ("Entering MASTER STATE", nil),
    ])
    func `a director's role is read from keepalived's phrase`(line: String, state: DirectorState?) {
        #expect(DirectorState(logLine: line, instance: "VI_1") == state)
    }

    @Test func `adverts and announcements are told apart by who sent them`() {
        var trace = Trace()
        for source in [IPv4Address(192, 0, 2, 2), IPv4Address(198, 51, 100, 3), IPv4Address(192, 0, 2, 99)] {
            trace.add(
                .advert(at: Sample.at(1), source: source, router: 51, priority: 7),
                service: Sample.virtualAddress)
        }
        #expect(trace.adverts.map(\.director) == ["director-a", "director-b"])
        trace.add(
            .announcement(
                at: Sample.at(1), mac: LabPlan.mac(ofDirector: LabPlan.directorB),
                address: IPv4Address(192, 0, 2, 100)), service: Sample.virtualAddress)
        trace.add(
            .announcement(
                at: Sample.at(1), mac: LabPlan.mac(ofDirector: LabPlan.directorB),
                address: IPv4Address(192, 0, 2, 3)), service: Sample.virtualAddress)
        #expect(trace.announcements.map(\.director) == ["director-b"])
    }

    @Test func `the last word about a director counts`() {
        var trace = Trace()
        #expect(!trace.holds("director-a"))
        for held in [true, false, true] {
            trace.add(
                .holding(
                    at: Sample.at(1), director: "director-a", address: Sample.virtualAddress, held: held),
                service: Sample.virtualAddress)
        }
        trace.add(
            .holding(
                at: Sample.at(2), director: "director-a", address: .v4(IPv4Address(192, 0, 2, 2)), held: false
            ),
            service: Sample.virtualAddress)
        #expect(trace.holds("director-a"))
        #expect(!trace.holds("director-b"))
        trace.add(
            .table(at: Sample.at(1), director: "director-a", destinations: ["x"]),
            service: Sample.virtualAddress)
        #expect(trace.table("director-a") == ["x"])
        #expect(trace.table("director-b").isEmpty)
    }

    @Test func `a backup that takes the address after the master disturbs the run`() {
        var trace = Trace()
        #expect(!trace.wasDisturbed(backup: LabPlan.directorB))
        // At start-up the one that is quicker may have it for a moment.
        trace.holdings = [
            .init(at: Sample.at(1), director: LabPlan.directorB, value: true),
            .init(at: Sample.at(2), director: LabPlan.directorB, value: false),
            .init(at: Sample.at(3), director: LabPlan.directorA, value: true),
        ]
        #expect(!trace.wasDisturbed(backup: LabPlan.directorB))
        trace.holdings.append(.init(at: Sample.at(4), director: LabPlan.directorB, value: true))
        #expect(trace.wasDisturbed(backup: LabPlan.directorB))
    }

    @Test func `requests, lines and losses are kept`() {
        var trace = Trace()
        for sighting in SightingTests.all { trace.add(sighting, service: Sample.virtualAddress) }
        #expect(trace.probes.count == 2)
        #expect(trace.exchanges.count == 1)
        #expect(trace.connections(servedBy: "rs1") == [3])
        #expect(trace.connections(servedBy: "rs2").isEmpty)
        #expect(trace.connections(servedBy: nil).isEmpty)
        #expect(trace.losses == [0: Sample.at(3)])
        #expect(trace.revisits.count == 1)
    }
}
