import NetTypes
import Testing
import Timekeeping

@testable import Lab

@Suite struct RunReadingTests {
    private func reading(_ trace: Trace, dead: String? = LabPlan.directorA) -> RunReading {
        RunReading(
            trace: trace,
            moments: RunMoments(
                start: Sample.at(9), fault: Sample.at(10), end: Sample.at(15), dead: dead,
                master: LabPlan.directorA, faultLabel: "director-a dies", spacing: .milliseconds(10)))
    }

    private func spans(_ run: RunRecord, _ title: String) throws -> [LaneSpan] {
        let lane = try #require(run.lanes.first { $0.title == title })
        guard case .spans(let spans) = lane.content else { return [] }
        return spans
    }

    @Test func `the outage is the client's longest silence`() throws {
        let outage = try #require(reading(Sample.failover()).record(number: 1).outage)
        #expect(outage.isOver)
        #expect(outage.length > .milliseconds(3100) && outage.length < .milliseconds(3120))
    }

    @Test func `times are told since the fault`() throws {
        let run = reading(Sample.failover()).record(number: 3)
        #expect(run.number == 3)
        #expect(run.milestones.first { $0.kind == .addressAdded }?.at == .seconds(3))
        let holders = try spans(run, "VIP holder")
        #expect(holders.map(\.tone) == [.directorA, .nobody, .directorB])
        #expect(holders.map(\.from) == [.seconds(-1), .zero, .seconds(3)])
    }

    @Test func `a dead director is off from the fault on`() throws {
        var trace = Sample.failover()
        trace.states = [
            .init(at: Sample.at(2), director: LabPlan.directorA, value: .master),
            .init(at: Sample.at(13), director: LabPlan.directorB, value: .master),
            .init(at: Sample.at(3), director: LabPlan.directorB, value: .backup),
        ]
        let run = reading(trace).record(number: 1)
        #expect(try spans(run, LabPlan.directorA).map(\.tone) == [.master, .off])
        #expect(run.marks.map(\.label) == ["director-a dies"])
        #expect(run.marks.first?.isFault == true)
    }

    @Test func `adverts become ticks, those of priority 0 stand out`() throws {
        var trace = Sample.failover()
        trace.adverts = [
            .init(at: Sample.at(9.5), director: LabPlan.directorA, value: 150),
            .init(at: Sample.at(10.5), director: LabPlan.directorA, value: 0),
            .init(at: Sample.at(13), director: LabPlan.directorB, value: 100),
        ]
        let run = reading(trace, dead: nil).record(number: 1)
        let lane = try #require(run.lanes.first { $0.title == "adverts of director-a" })
        guard case .ticks(let ticks) = lane.content else {
            Issue.record("no ticks")
            return
        }
        #expect(ticks.map(\.tone) == [.directorA, .fault])
        #expect(run.milestones.first { $0.kind == .lastAdvert }?.at == .milliseconds(-500))
        #expect(run.milestones.first { $0.kind == .firstAdvert }?.at == .seconds(3))
    }

    @Test func `the table's lane shows live servers only`() throws {
        var trace = Sample.failover()
        trace.tables = [
            .init(
                at: Sample.at(1), director: LabPlan.directorB, value: ["192.0.2.21:80*1", "192.0.2.22:80*1"]),
            .init(
                at: Sample.at(12), director: LabPlan.directorB,
                value: ["192.0.2.21:80*0", "192.0.2.22:80*1"]),
            .init(at: Sample.at(14), director: LabPlan.directorB, value: []),
        ]
        let spans = try spans(reading(trace).record(number: 1), "IPVS of director-b")
        #expect(spans.map(\.label) == ["192.0.2.21:80  192.0.2.22:80", "192.0.2.22:80", "no server"])
        #expect(spans.map(\.tone) == [.present, .present, .absent])
    }

    @Test func `long connections wait while lines do not come back`() throws {
        var trace = Sample.failover()
        for connection in 0..<2 {
            for step in stride(from: 9.0, to: 15, by: 0.05) where step < 10 || step > 13.5 || connection == 0
            {
                trace.exchanges.append(
                    .init(
                        connection: connection, sent: Sample.at(step - 0.01), received: Sample.at(step),
                        server: "rs1"))
            }
        }
        let spans = try spans(reading(trace).record(number: 1), "long connections")
        #expect(spans.map(\.tone) == [.served, .mixed, .served])
        #expect(spans[1].label == "1 of 2 wait")
    }

    @Test func `a daemon that ended is off from then on`() throws {
        var trace = Sample.failover()
        trace.states = [.init(at: Sample.at(2), director: LabPlan.directorA, value: .master)]
        var stopping = reading(trace, dead: nil).moments
        stopping.stopped = Sample.at(11)
        let run = RunReading(trace: trace, moments: stopping).record(number: 1)
        let spans = try spans(run, LabPlan.directorA)
        #expect(spans.map(\.tone) == [.master, .off])
        #expect(spans.map(\.to) == [.seconds(1), .seconds(5)])
    }

    @Test func `without a takeover only the fault is a station`() {
        var trace = Sample.failover()
        trace.holdings.removeLast()
        #expect(reading(trace, dead: nil).record(number: 1).milestones.map(\.kind) == [.fault])
    }

    @Test func `who answered is counted`() {
        let servers = reading(Sample.failover()).record(number: 1).servers
        #expect(Set(servers.map(\.name)) == ["rs1", "rs2"])
    }

    @Test func `a loop of many packets stays drawable`() throws {
        var trace = Sample.failover()
        trace.revisits = (0..<5000).map {
            .init(at: Sample.at(11 + Double($0) / 5000), director: LabPlan.directorA, value: "p\($0)")
        }
        let lane = try #require(
            reading(trace).record(number: 1).lanes.first { $0.title == "packets that came back" })
        guard case .ticks(let ticks) = lane.content else {
            Issue.record("no ticks")
            return
        }
        #expect(ticks.count == 1000)
    }
}
