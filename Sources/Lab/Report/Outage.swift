import Timekeeping

/// A gap between two good replies.
struct Outage: Hashable, Sendable, Codable {
    /// The last good reply before the gap, since the fault; the start of the measurement when there was none.
    var from: Interval
    /// The first good reply after it; the end of the measurement when there was none.
    var to: Interval
    /// Whether a good reply ended it. When not, `length` is a lower limit.
    var isOver: Bool

    /// How long the client was without a good reply.
    var length: Interval { to - from }
}

/// One request of the client.
struct ClientProbe: Hashable, Sendable, Codable {
    /// When it was sent, since the fault.
    var sent: Interval
    /// When a good reply to it had arrived, since the fault; nil when none came.
    var answered: Interval?
    /// Who answered: `rs1`. Empty when unknown.
    var server: String = ""
}

/// All requests of a client in one run, and what follows from them.
struct ProbeSeries: Hashable, Sendable {
    /// In the order in which they were sent.
    let probes: [ClientProbe]
    /// When measuring began, since the fault.
    let start: Interval
    /// When the last probe was sent, or should have been. Replies may come later.
    let end: Interval
    /// The time between two probes, as meant.
    let spacing: Interval
    /// Good replies, in order.
    private let replies: [Interval]

    /// A last gap up to this length is a reply still under way, not an outage without an end.
    static let grace = Interval.milliseconds(100)

    /// A series measured from `start` to `end`.
    init(_ probes: [ClientProbe], from start: Interval, to end: Interval, spacing: Interval) {
        self.probes = probes.sorted { $0.sent < $1.sent }
        self.start = start
        self.end = max(start, end)
        self.spacing = max(spacing, Interval(nanoseconds: 1))
        replies = probes.compactMap(\.answered).filter { $0 >= start }.sorted()
    }

    /// Sent and failed.
    var count: ProbeCount {
        ProbeCount(
            sent: probes.count, failed: probes.count { $0.answered == nil }, spacing: spacing)
    }

    /// Good replies by server, most first, then by name.
    var servers: [ServerShare] {
        var counts: [String: Int] = [:]
        for probe in probes where probe.answered != nil { counts[probe.server, default: 0] += 1 }
        return counts.map { ServerShare(name: $0.key.isEmpty ? "unknown" : $0.key, replies: $0.value) }
            .sorted { ($1.replies, $0.name) < ($0.replies, $1.name) }
    }

    /// The longest gap that ends after the fault, so also one that began with it; nil when no probe was sent.
    var outage: Outage? {
        guard !probes.isEmpty else { return nil }
        return gaps.filter { $0.to > .zero }.max { $0.length < $1.length }
    }

    /// The longest gap between two replies before the fault: what the lab adds by itself. Nil with fewer than
    /// two.
    var noise: Interval? {
        let before = replies.prefix { $0 <= .zero }
        return zip(before, before.dropFirst()).map { $1 - $0 }.max()
    }

    /// The first good reply after the outage.
    var firstReply: Interval? {
        guard let outage, outage.isOver else { return nil }
        return outage.to
    }

    /// The longest gap between good replies that is no lack of service: a slow lab has long ones before the
    /// fault too.
    var tolerance: Interval { max(.milliseconds(10), spacing * 10, (noise ?? .zero) * 5 / 4) }

    /// The client's lane: unserved where a probe failed, and in every gap of more than the tolerance.
    func lane() -> Lane {
        let tolerance = tolerance
        var bad = gaps.filter { $0.length > tolerance }.map { ($0.from, $0.to) }
        for (index, probe) in probes.enumerated() where probe.answered == nil {
            let next = index + 1 < probes.count ? probes[index + 1].sent : end
            bad.append((probe.sent, min(next, probe.sent + spacing)))
        }
        bad.sort { $0.0 < $1.0 }
        var spans: [LaneSpan] = []
        var at = start
        func extend(to next: Interval, _ tone: Tone) {
            let next = min(next, end)
            guard next > at else { return }
            if spans.last?.tone == tone {
                spans[spans.count - 1].to = next
            } else {
                spans.append(LaneSpan(from: at, to: next, tone: tone))
            }
            at = next
        }
        for (from, to) in bad {
            extend(to: from, .served)
            extend(to: to, .unserved)
        }
        extend(to: end, .served)
        return Lane(title: "client", content: .spans(spans))
    }

    /// The stretches between good replies, the measurement's ends included.
    private var gaps: [Outage] {
        let points = [start] + replies
        let closed = zip(points, replies).map { Outage(from: $0, to: $1, isOver: true) }
        let last = Outage(from: points.last ?? start, to: end, isOver: false)
        return replies.isEmpty || last.length > Self.grace ? closed + [last] : closed
    }
}
