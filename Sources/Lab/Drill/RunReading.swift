// One run as the report wants it: the trace between two points of time, told in spans since the fault. Pure.

import NetTypes
import Timekeeping

/// The points of time of one run.
struct RunMoments: Hashable, Sendable {
    /// When the picture begins.
    var start: Instant
    /// When the fault was made.
    var fault: Instant
    /// When the run was over.
    var end: Instant
    /// The director that the fault took away.
    var dead: String?
    /// When the master's daemon ended by itself; nil when it did not.
    var stopped: Instant?
    /// The director that was master.
    var master: String
    /// What is marked in the picture besides the fault, by time.
    var marks: [(at: Instant, label: String)] = []
    /// How the fault is called in the picture.
    var faultLabel: String
    /// From one request to the next, as meant.
    var spacing: Interval

    static func == (left: RunMoments, right: RunMoments) -> Bool {
        left.fault == right.fault && left.end == right.end && left.start == right.start
    }

    func hash(into hasher: inout Hasher) { hasher.combine(fault) }

    /// The other director.
    var successor: String { master == LabPlan.directorA ? LabPlan.directorB : LabPlan.directorA }
    /// All of the run.
    var whole: TimeSpan { TimeSpan(from: start, to: end) }
    /// What came after the fault.
    var after: TimeSpan { TimeSpan(from: fault, to: end) }
}

/// Reads a trace as a run.
struct RunReading {
    let trace: Trace
    let moments: RunMoments

    /// The client's requests as the report counts them. The series ends a while before the run does, so
    /// that the last requests had time to be answered.
    var series: ProbeSeries {
        let last = moments.end - .milliseconds(100)
        let probes = trace.probes.filter { $0.start >= moments.start && $0.start <= last }.map { probe in
            ClientProbe(
                sent: since(probe.start), answered: probe.outcome == .answered ? since(probe.end) : nil,
                server: probe.server)
        }
        return ProbeSeries(probes, from: since(moments.start), to: since(last), spacing: moments.spacing)
    }

    /// The run without its checks.
    func record(number: Int) -> RunRecord {
        let series = series
        var lanes = [series.lane(), .holder(holderSpans)]
        lanes += LabPlan.directors.map { .state(of: $0, stateSpans($0)) }
        lanes += LabPlan.directors.map { .adverts(of: $0, advertTicks($0)) }
        lanes.append(tableLane)
        if let connections = connectionLane { lanes.append(connections) }
        if let revisits = revisitLane { lanes.append(revisits) }
        var run = RunRecord(number: number, outage: series.outage, probes: series.count)
        run.noise = series.noise
        run.servers = series.servers
        run.milestones = milestones(firstReply: series.firstReply)
        run.lanes = lanes
        run.marks =
            [EventMark(at: .zero, label: moments.faultLabel, isFault: true)]
            + moments.marks.map { EventMark(at: since($0.at), label: $0.label) }
        return run
    }

    private func since(_ at: Instant) -> Interval { at - moments.fault }

    private func span(_ from: Instant, _ to: Instant, _ tone: Tone, _ label: String = "") -> LaneSpan {
        LaneSpan(from: since(from), to: since(to), tone: tone, label: label)
    }

    /// Turns changes into spans that cover the run. `tone` is asked for each value; nil leaves a gap.
    private func spans<Value>(
        _ changes: [Trace.Happening<Value>], of director: String, tone: (Value?) -> (Tone, String)?
    ) -> [LaneSpan] {
        var spans: [LaneSpan] = []
        let own = changes.filter { $0.director == director }
        var value = own.last { $0.at <= moments.start }?.value
        var from = moments.start
        func close(_ to: Instant) {
            if to > from, let (tone, label) = tone(value) { spans.append(span(from, to, tone, label)) }
        }
        let limit = moments.dead == director ? moments.fault : moments.end
        for change in own where change.at > moments.start && change.at <= limit {
            close(change.at)
            value = change.value
            from = change.at
        }
        close(limit)
        if limit < moments.end { spans.append(span(limit, moments.end, .off)) }
        return spans
    }

    private var holderSpans: [LaneSpan] {
        let before = Measurement.holders(trace, in: TimeSpan(from: moments.start, to: moments.fault))
        let after = Measurement.holders(trace, in: moments.after, dead: moments.dead)
        return (before + after).map { stretch, names in
            let tone: Tone =
                names.isEmpty
                ? .nobody : names.count > 1 ? .both : names[0] == LabPlan.directorA ? .directorA : .directorB
            return span(stretch.from, stretch.to, tone)
        }
    }

    private func stateSpans(_ director: String) -> [LaneSpan] {
        let spans = spans(trace.states, of: director) { state in
            switch state {
            case .master: (.master, "")
            case .backup: (.backup, "")
            case .fault: (.fault, "")
            case nil: (.initializing, "")
            }
        }
        guard director == moments.master, let stopped = moments.stopped else { return spans }
        let end = since(stopped)
        return spans.filter { $0.from < end }.map { span in
            var span = span
            span.to = min(span.to, end)
            return span
        } + [self.span(stopped, moments.end, .off)]
    }

    private func advertTicks(_ director: String) -> [LaneTick] {
        trace.adverts.filter { $0.director == director && $0.at >= moments.start && $0.at <= moments.end }.map
        {
            let tone: Tone = director == LabPlan.directorA ? .directorA : .directorB
            return LaneTick(
                at: since($0.at), tone: $0.value == 0 ? .fault : tone, label: "priority \($0.value)")
        }
    }

    /// What the director that works in the end has in its IPVS table.
    private var tableLane: Lane {
        let director = moments.dead == moments.master ? moments.successor : moments.master
        let spans = spans(trace.tables, of: director) { destinations in
            let live = (destinations ?? []).filter { !$0.hasSuffix("*0") }.map {
                String($0.prefix { $0 != "*" })
            }
            return live.isEmpty ? (.absent, "no server") : (.present, live.joined(separator: "  "))
        }
        return Lane(title: "IPVS of \(director)", content: .spans(spans))
    }

    /// When every long-lived connection carried lines, when some were stuck; nil without such connections.
    private var connectionLane: Lane? {
        let groups = Dictionary(grouping: trace.exchanges, by: \.connection)
        guard !groups.isEmpty else { return nil }
        let tolerance = Interval.milliseconds(150)
        var changes: [(at: Instant, change: Int)] = []
        for (_, exchanges) in groups {
            let times = exchanges.map(\.received).filter { $0 >= moments.start && $0 <= moments.end }.sorted()
            let points = [moments.start] + times + [moments.end]
            for (earlier, later) in zip(points, points.dropFirst()) where later - earlier > tolerance {
                changes += [(earlier, 1), (later, -1)]
            }
        }
        var spans: [LaneSpan] = []
        var stuck = 0
        var from = moments.start
        for change in changes.sorted(by: { $0.at < $1.at }) + [(moments.end, 0)] {
            if change.at > from {
                let tone: Tone = stuck == 0 ? .served : stuck < groups.count ? .mixed : .unserved
                let label = stuck == 0 ? "\(groups.count) carry lines" : "\(stuck) of \(groups.count) wait"
                spans.append(span(from, change.at, tone, label))
                from = change.at
            }
            stuck += change.change
        }
        return Lane(title: "long connections", content: .spans(spans))
    }

    private var revisitLane: Lane? {
        let within = trace.revisits.filter { $0.at >= moments.start && $0.at <= moments.end }
        guard !within.isEmpty else { return nil }
        // One looping packet comes back dozens of times: a thousand ticks show it as well as ten thousand.
        let step = max(1, within.count / 1000)
        let ticks = stride(from: 0, to: within.count, by: step).map { index in
            LaneTick(at: since(within[index].at), tone: .fault, label: "back at \(within[index].director)")
        }
        return Lane(title: "packets that came back", content: .ticks(ticks))
    }

    private func milestones(firstReply: Interval?) -> [Milestone] {
        let (fault, successor) = (moments.fault, moments.successor)
        var found: [Milestone] = [Milestone(kind: .fault, at: .zero, detail: moments.faultLabel)]
        // Where nobody takes over, the way to service has no stations.
        guard trace.holdings.contains(where: { $0.director == successor && $0.at > fault && $0.value }) else {
            return found
        }
        func add(_ kind: Milestone.Kind, _ at: Instant?, _ who: String) {
            if let at { found.append(Milestone(kind: kind, at: since(at), detail: who)) }
        }
        add(
            .lastAdvert,
            trace.adverts.last { $0.director == moments.master && $0.at <= fault && $0.value > 0 }?.at,
            moments.master)
        add(
            .firstAdvert,
            trace.adverts.first { $0.director == successor && $0.at > fault && $0.value > 0 }?.at,
            successor)
        add(
            .addressAdded, trace.holdings.first { $0.director == successor && $0.at > fault && $0.value }?.at,
            successor)
        add(
            .firstAnnouncement, trace.announcements.first { $0.director == successor && $0.at > fault }?.at,
            successor)
        if let firstReply { found.append(Milestone(kind: .firstReply, at: firstReply)) }
        return found
    }
}
