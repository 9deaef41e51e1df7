// From what the agents saw to the figures of one failover. Pure.

import Timekeeping

/// The figures of one failover.
struct ElectionReading: Hashable, Sendable {
    /// The client's longest gap between two answers.
    var outage: Interval
    /// Requests that were never answered.
    var lost: Int
    /// From the master's last advert (its resignation included) to the successor's first; nil when nobody
    /// took over.
    var handover: Interval?
    /// How long the address was on nobody.
    var heldByNobody: Interval

    /// From the first to the last moment of a run in which the master met `fault` at `at`.
    init(_ trace: Trace, from start: Instant, fault: ElectionFault, at: Instant, to end: Instant) {
        let window = TimeSpan(from: at, to: end)
        let probes = trace.probes.filter { $0.start >= start && $0.start <= end }.map { probe in
            ClientProbe(
                sent: probe.start - at, answered: probe.outcome == .answered ? probe.end - at : nil,
                server: probe.server)
        }
        let series = ProbeSeries(
            probes, from: start - at, to: end - at, spacing: .milliseconds(1))
        outage = series.outage?.length ?? end - at
        lost = probes.count { $0.answered == nil && $0.sent >= .zero }
        let first = trace.adverts.first {
            $0.director == LabPlan.directorB && $0.at > at && $0.value > 0
        }?.at
        // It may be a whole interval old when the fault comes.
        let last = trace.adverts.last { $0.director == LabPlan.directorA && $0.at < first ?? end }?.at
        handover = first.flatMap { first in last.map { first - $0 } }
        heldByNobody =
            Measurement(trace, in: window, dead: fault.silences ? LabPlan.directorA : nil)
            .heldByNobody
    }
}

/// The middle, the least and the greatest of what was measured.
struct Spread: Hashable, Sendable {
    var middle: Double
    var least: Double
    var greatest: Double

    /// Of at least one value; nil without any.
    init?(_ values: [Double]) {
        let sorted = values.sorted()
        guard let least = sorted.first, let greatest = sorted.last else { return nil }
        middle = (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
        (self.least, self.greatest) = (least, greatest)
    }

    /// Of lengths of time, in milliseconds.
    init?(milliseconds values: [Interval]) { self.init(values.map { $0.seconds * 1e3 }) }

    /// `3.2 (1.0-4.5)`.
    func text(places: Int) -> String {
        let parts = [middle, least, greatest].map { Decimals.fixed($0, places: places) }
        return "\(parts[0]) (\(parts[1])-\(parts[2]))"
    }
}

/// Gaps between the adverts of one master.
struct AdvertGaps: Hashable, Sendable {
    /// In milliseconds, in order of length.
    private let gaps: [Double]

    /// Between moments, in the order in which they came.
    init(_ moments: [Instant]) {
        gaps = zip(moments, moments.dropFirst()).map { ($1 - $0).seconds * 1e3 }.sorted()
    }

    var count: Int { gaps.count }
    var mean: Double { gaps.isEmpty ? 0 : gaps.reduce(0, +) / Double(gaps.count) }
    var greatest: Double { gaps.last ?? 0 }

    /// The standard deviation.
    var deviation: Double {
        guard gaps.count > 1 else { return 0 }
        let mean = mean
        let squares = gaps.map { ($0 - mean) * ($0 - mean) }
        return (squares.reduce(0, +) / Double(gaps.count - 1)).squareRoot()
    }

    /// The gap that 99 of 100 do not exceed.
    var percentile99: Double {
        gaps.isEmpty ? 0 : gaps[min(gaps.count - 1, Int((Double(gaps.count) * 0.99).rounded(.up)) - 1)]
    }
}
