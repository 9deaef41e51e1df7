import Testing
import Timekeeping

@testable import Lab

struct OutageTests {
    private func probe(_ sent: Int64, _ answered: Int64?, _ server: String = "rs1") -> ClientProbe {
        ClientProbe(sent: .milliseconds(sent), answered: answered.map(Interval.milliseconds), server: server)
    }

    private func series(_ probes: [ClientProbe], from: Int64 = -100, to: Int64 = 100) -> ProbeSeries {
        ProbeSeries(
            probes, from: .milliseconds(from), to: .milliseconds(to), spacing: .milliseconds(1))
    }

    @Test func `the outage is the longest gap between good replies that ends after the fault`() throws {
        let outage = try #require(
            series([
                probe(-100, -99), probe(-40, -39), probe(-2, -1), probe(0, nil), probe(20, nil),
                probe(30, 31), probe(60, 61), probe(99, 100),
            ]).outage)
        // The gap of 60 ms before the fault is the lab's own.
        #expect(outage == Outage(from: .milliseconds(61), to: .milliseconds(100), isOver: true))
        #expect(outage.length == .milliseconds(39))
    }

    @Test func `without an end the outage is a lower limit`() throws {
        let outage = try #require(series([probe(-10, -9), probe(0, nil), probe(500, nil)], to: 600).outage)
        #expect(outage == Outage(from: .milliseconds(-9), to: .milliseconds(600), isOver: false))
    }

    @Test func `a reply under way at the end is no outage`() throws {
        let probes = (-100...100).map { probe($0, $0 < 100 ? $0 + 1 : nil) }
        let outage = try #require(series(probes).outage)
        #expect(outage.isOver)
        #expect(outage.length == .milliseconds(1))
    }

    @Test func `no probe, no outage; no reply, all of it`() throws {
        #expect(series([]).outage == nil)
        #expect(series([]).noise == nil)
        #expect(series([]).firstReply == nil)
        let outage = try #require(series([probe(0, nil)]).outage)
        #expect(outage == Outage(from: .milliseconds(-100), to: .milliseconds(100), isOver: false))
        #expect(series([probe(0, nil)]).firstReply == nil)
    }

    @Test func `replies count when they arrive, in whatever order`() throws {
        let outage = try #require(
            series([probe(1, 90), probe(0, 10), probe(-50, -49), probe(30, 40)]).outage)
        #expect(outage == Outage(from: .milliseconds(-49), to: .milliseconds(10), isOver: true))
        #expect(
            series([probe(-50, -49), probe(0, 10)]).firstReply == .milliseconds(10))
    }

    @Test func `noise is the longest gap before the fault`() {
        let probes = [probe(-90, -89), probe(-50, -49), probe(-30, -29), probe(0, 80)]
        #expect(series(probes).noise == .milliseconds(40))
        #expect(series([probe(-50, -49)]).noise == nil)
    }

    @Test func `probes and servers are counted`() {
        let series = series([
            probe(0, 1, "rs2"), probe(1, 2, "rs1"), probe(2, 3, "rs2"), probe(3, nil, "rs1"), probe(4, 5, ""),
        ])
        #expect(series.count == ProbeCount(sent: 5, failed: 1, spacing: .milliseconds(1)))
        #expect(
            series.servers == [
                ServerShare(name: "rs2", replies: 2), ServerShare(name: "rs1", replies: 1),
                ServerShare(name: "unknown", replies: 1),
            ])
    }

    @Test func `the lane covers the measurement without gap and shows what was not served`() throws {
        let run = SampleRecords.series(from: .seconds(-2), to: .seconds(7), gap: 0..<3012)
        guard case .spans(let spans) = run.lane().content else {
            Issue.record("the client's lane has no spans")
            return
        }
        #expect(spans.map(\.tone) == [.served, .unserved, .served])
        #expect(spans.first?.from == .seconds(-2))
        #expect(spans.last?.to == .seconds(7))
        #expect(zip(spans, spans.dropFirst()).allSatisfy { $0.to == $1.from })
        #expect(run.outage?.from == spans[1].from)
        #expect(run.outage?.to == spans[1].to)
    }

    @Test func `a single failed probe is as wide as its turn`() {
        let probes = (-100...100).map { probe($0, $0 == 5 ? nil : $0 + 1) }
        guard case .spans(let spans) = series(probes).lane().content else { return }
        #expect(spans.map(\.tone) == [.served, .unserved, .served])
        #expect(spans[1].to - spans[1].from == .milliseconds(1))
    }

    @Test func `a late reply is a gap though no probe failed`() {
        let probes =
            (-100...(-60)).map { probe($0, $0) } + [probe(-59, 60)] + (61...100).map { probe($0, $0) }
        guard case .spans(let spans) = series(probes).lane().content else {
            return
        }
        #expect(spans.contains { $0.tone == .unserved && $0.to == .milliseconds(60) })
    }

    @Test func `gaps that a slow lab had before the fault too are no lack of service`() {
        let slow = stride(from: Int64(-100), through: 100, by: 25).map { probe($0, $0 + 20) }
        let quiet = series(slow)
        #expect(quiet.tolerance == .microseconds(31_250))
        guard case .spans(let spans) = quiet.lane().content else { return }
        #expect(spans.allSatisfy { $0.tone == .served || $0.from == .milliseconds(-100) })
        #expect(series([]).tolerance == .milliseconds(10))
    }

    @Test func `a measurement without length has an empty lane`() {
        guard case .spans(let spans) = series([], from: 5, to: 5).lane().content else { return }
        #expect(spans.isEmpty)
        #expect(series([], from: 5, to: -5).end == .milliseconds(5))
    }
}
