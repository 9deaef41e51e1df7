import Testing
import Timekeeping

@testable import Lab

@Suite struct MeasurementTests {
    private let window = TimeSpan(from: Sample.at(10), to: Sample.at(15))

    @Test func `failed requests of the window are counted by kind`() {
        var trace = Trace()
        let outcomes: [(Double, ProbeOutcome)] = [
            (9, .refused), (11, .refused), (12, .timedOut), (13, .timedOut), (14, .answered), (16, .refused),
        ]
        trace.probes = outcomes.map {
            .init(start: Sample.at($0.0), end: Sample.at($0.0 + 0.1), outcome: $0.1, server: "-")
        }
        let measurement = Measurement(trace, in: window)
        #expect(measurement.failures == [.refused: 1, .timedOut: 2])
        #expect(measurement.failed == 3)
        #expect(measurement.failureText == "1 refused, 2 timeout")
        #expect(measurement.lastFailure == Sample.at(13.1))
        #expect(Measurement(Trace(), in: window).failureText == "none")
    }

    @Test func `the address is on nobody between a crash and the takeover`() {
        let measurement = Measurement(Sample.failover(), in: window, dead: LabPlan.directorA)
        #expect(measurement.heldByNobody == .seconds(3))
        #expect(measurement.heldTwice == .zero)
    }

    @Test func `without a death the same trace is a split brain`() {
        let measurement = Measurement(Sample.failover(), in: window)
        #expect(measurement.heldByNobody == .zero)
        #expect(measurement.heldTwice == .seconds(2))
    }

    @Test func `holders cover the window without gaps`() {
        let spans = Measurement.holders(Sample.failover(), in: window, dead: LabPlan.directorA)
        #expect(spans.map { $0.1 } == [[], ["director-b"]])
        #expect(spans.map { $0.0.from } == [Sample.at(10), Sample.at(13)])
        #expect(spans.last?.0.to == window.to)
    }

    private func exchange(
        _ connection: Int, _ received: Double, by server: String = "rs1"
    )
        -> Trace.Exchange
    {
        .init(
            connection: connection, sent: Sample.at(received - 0.01), received: Sample.at(received),
            server: server)
    }

    @Test func `connections that the dead director served are not expected to survive`() {
        var trace = Trace()
        trace.exchanges = [
            exchange(0, 9.9), exchange(1, 9.9, by: "director-a"), exchange(0, 13.5),
        ]
        let measurement = Measurement(trace, in: window, dead: "director-a", recovery: Sample.at(13))
        #expect(measurement.connections == 1)
        #expect(measurement.connectionsOfDead == 1)
        #expect(measurement.survivors == 1)
        #expect(Measurement(trace, in: window, recovery: Sample.at(13)).connections == 2)
    }

    @Test func `a connection survives when it carries a line after recovery`() {
        var trace = Trace()
        trace.exchanges = [
            exchange(0, 9.9), exchange(0, 13.5), exchange(1, 9.9), exchange(1, 10.0001), exchange(2, 14),
        ]
        let measurement = Measurement(trace, in: window, recovery: Sample.at(13))
        #expect(measurement.connections == 2)
        #expect(measurement.survivors == 1)
        #expect(measurement.longestStall == .milliseconds(3600))
    }

    @Test func `a connection that was reset is lost, whatever it carried`() {
        var trace = Trace()
        trace.exchanges = [exchange(0, 9.9), exchange(0, 13.5)]
        trace.losses = [0: Sample.at(13.6)]
        #expect(Measurement(trace, in: window, recovery: Sample.at(13)).survivors == 0)
    }

    @Test func `packets that came back are counted within the window`() {
        var trace = Trace()
        trace.revisits = [9.0, 10, 12, 16].map {
            .init(at: Sample.at($0), director: "director-a", value: "p")
        }
        #expect(Measurement(trace, in: window).revisits == 2)
    }
}
