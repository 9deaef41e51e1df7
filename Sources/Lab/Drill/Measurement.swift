// From what the agents saw to numbers. Pure.

import NetTypes
import Timekeeping

/// A stretch of time.
struct TimeSpan: Hashable, Sendable {
    /// Its beginning.
    var from: Instant
    /// Its end, not before the beginning.
    var to: Instant

    /// How long it is.
    var length: Interval { to - from }
}

/// The numbers of one run, between the fault and the end of the run.
struct Measurement: Hashable, Sendable {
    /// Requests of the window that were not answered, by outcome.
    var failures: [ProbeOutcome: Int] = [:]
    /// When the last of them was over.
    var lastFailure: Instant?
    /// Long-lived connections that carried lines before the fault.
    var connections = 0
    /// Long-lived connections that the dead director served itself: they ended with it.
    var connectionsOfDead = 0
    /// Those that carried a line once service was back.
    var survivors = 0
    /// The longest time without a line on one of the survivors.
    var longestStall: Interval = .zero
    /// How long both directors held the address, in all.
    var heldTwice: Interval = .zero
    /// How long none held it, in all.
    var heldByNobody: Interval = .zero
    /// Packets that came back to a director.
    var revisits = 0

    /// `2 timeout, 1 refused`, or `none`.
    var failureText: String {
        let parts = failures.sorted { $0.key.rawValue < $1.key.rawValue }.map {
            "\($0.value) \($0.key.rawValue)"
        }
        return parts.isEmpty ? "none" : parts.joined(separator: ", ")
    }

    /// All requests that were not answered.
    var failed: Int { failures.values.reduce(0, +) }

    /// The numbers of `trace` within `window`. A director named in `dead` holds nothing in it, whatever its
    /// kernel still has: its cables are pulled. `recovery` is when service was back, by default the
    /// window's beginning.
    init(_ trace: Trace, in window: TimeSpan, dead: String? = nil, recovery: Instant? = nil) {
        for probe in trace.probes where probe.start >= window.from && probe.end <= window.to {
            guard probe.outcome != .answered else { continue }
            failures[probe.outcome, default: 0] += 1
            lastFailure = max(lastFailure ?? probe.end, probe.end)
        }
        measureConnections(trace, window, dead: dead, recovery: recovery ?? window.from)
        for (span, names) in Self.holders(trace, in: window, dead: dead) {
            if names.isEmpty { heldByNobody = heldByNobody + span.length }
            if names.count > 1 { heldTwice = heldTwice + span.length }
        }
        revisits = trace.revisits.count { $0.at >= window.from && $0.at <= window.to }
    }

    private mutating func measureConnections(
        _ trace: Trace, _ window: TimeSpan, dead: String?, recovery: Instant
    ) {
        let doomed = trace.connections(servedBy: dead)
        let before = Set(trace.exchanges.filter { $0.received < window.from }.map(\.connection))
            .subtracting(doomed)
        connectionsOfDead = doomed.count
        connections = before.count
        for connection in before {
            let times = trace.exchanges.filter { $0.connection == connection && $0.received <= window.to }
                .map(\.received).sorted()
            let isLost = trace.losses[connection].map { $0 <= window.to } ?? false
            guard let last = times.last, last >= recovery, !isLost else { continue }
            survivors += 1
            let gaps = zip(times, times.dropFirst()).filter { $0.1 >= window.from }.map { $0.1 - $0.0 }
            longestStall = max(longestStall, gaps.max() ?? .zero)
        }
    }

    /// Who held the address when: spans that cover the window, each with the directors that held it.
    static func holders(_ trace: Trace, in window: TimeSpan, dead: String? = nil) -> [(TimeSpan, [String])] {
        var current = Set(
            LabPlan.directors.filter { director in
                trace.holdings.last { $0.director == director && $0.at <= window.from }?.value ?? false
            })
        if let dead { current.remove(dead) }
        var spans: [(TimeSpan, [String])] = []
        var from = window.from
        for change in trace.holdings.sorted(by: { $0.at < $1.at })
        where change.at > window.from && change.at <= window.to && change.director != dead {
            if change.at > from { spans.append((TimeSpan(from: from, to: change.at), current.sorted())) }
            if change.value { current.insert(change.director) } else { current.remove(change.director) }
            from = change.at
        }
        if window.to > from { spans.append((TimeSpan(from: from, to: window.to), current.sorted())) }
        return spans
    }
}
