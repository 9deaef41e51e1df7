import NetTypes
import Timekeeping

/// Reads what the agents saw and finds what was promised otherwise. Pure.
struct SoakChecker {
    /// From one request of the client to the next, as meant.
    let spacing: Interval
    /// A request that began before this and has not ended yet may still do.
    let timeout: Interval

    /// Gaps between requests below this are the client's own.
    private static let shortest = Interval.milliseconds(300)
    /// Both may have the address for so long while it moves and no fault lasts.
    private static let together = Interval.seconds(5)
    /// What is behind after nothing ran is made up for in this time.
    private static let aftermath = Interval.seconds(1)
    /// Descriptors and memory (KiB) that may come and go.
    private static let descriptors = 12
    private static let memory = 6144

    /// The times within `window` in which the client made no request, so that nothing ran here.
    func stalls(_ trace: Trace, in window: TimeSpan) -> [TimeSpan] {
        var gaps: [TimeSpan] = []
        var last = window.from
        for start in trace.probes.lazy.map(\.start).filter({ $0 > window.from && $0 <= window.to }).sorted() {
            if start - last > Self.shortest { gaps.append(TimeSpan(from: last + spacing, to: start)) }
            last = start
        }
        // The last ones may still be under way.
        if window.to - last > Self.shortest + timeout {
            gaps.append(TimeSpan(from: last + spacing, to: window.to - timeout))
        }
        return gaps
    }

    /// How long nothing ran here: everything may have taken that much longer.
    func stall(_ trace: Trace, in window: TimeSpan) -> Interval {
        stalls(trace, in: window).reduce(.zero) { $0 + $1.length }
    }

    /// What one round shows, told when the last of its requests had time to end. `end` is when it was read.
    func violations(of round: SoakRound, in trace: Trace, until end: Instant) -> [SoakViolation] {
        let window = TimeSpan(from: round.from, to: end)
        let slack = stall(trace, in: window) * 2
        let promise = round.fault.promise
        var texts = round.complaints
        if round.settled == nil { texts.append("the pair never became what it was before") }
        texts += holders(round, promise, trace, window, slack)
        texts += requests(round, promise, trace, window, slack)
        texts += returns(round, trace)
        return texts.map { SoakViolation(round: round.number, text: "\(round.fault.sentence): \($0)") }
    }

    private func holders(
        _ round: SoakRound, _ promise: SoakPromise, _ trace: Trace, _ window: TimeSpan, _ slack: Interval
    ) -> [String] {
        var texts: [String] = []
        let spans = Measurement.holders(trace, in: window)
        let taken = spans.first { $0.1.contains(LabPlan.directorB) }
        // A machine that stood still for so long cannot have sent adverts.
        if !promise.mayMove, let taken, slack < SoakPromise.patience {
            texts.append("\(LabPlan.directorB) took the address \(since(round, taken.0.from))")
        }
        for (span, names) in spans where names.isEmpty && span.length > SoakPromise.failover + slack {
            texts.append("nobody had the address for \(span.length) \(since(round, span.from))")
        }
        for (span, names) in spans where names.count > 1 {
            let from = promise.mayDouble ? max(span.from, round.over) : span.from
            let length = span.to - from
            guard length > Self.together + slack else { continue }
            texts.append("both had the address for \(length) \(since(round, span.from))")
        }
        return texts
    }

    private func requests(
        _ round: SoakRound, _ promise: SoakPromise, _ trace: Trace, _ window: TimeSpan, _ slack: Interval
    ) -> [String] {
        let gaps = stalls(trace, in: TimeSpan(from: window.from - .seconds(3), to: window.to))
        let failed = trace.probes.filter { probe in
            probe.outcome != .answered && probe.start >= window.from && probe.start <= window.to
                // Its time may have been over before anybody came to answer.
                && !gaps.contains { $0.from <= probe.end && $0.to + Self.aftermath >= probe.start }
        }
        let bad: [Trace.Probe]
        let said: String
        if let outage = promise.outage {
            let until = round.over + outage + slack
            bad = failed.filter { $0.start > until }
            said = "none may later than \(outage) after it was over"
        } else {
            bad = failed.count > promise.lostRequests ? failed : []
            said = promise.lostRequests == 0 ? "none may" : "\(promise.lostRequests) may"
        }
        guard let first = bad.min(by: { $0.start < $1.start }) else { return [] }
        let kinds = Dictionary(grouping: bad, by: \.outcome).map { "\($0.value.count) \($0.key.rawValue)" }
            .sorted()
        return [
            "\(bad.count) requests failed (\(kinds.joined(separator: ", "))), the first "
                + "\(since(round, first.start)); \(said)"
        ]
    }

    /// A verdict outlives whoever keeps it: a dead server must not come back into a table.
    private func returns(_ round: SoakRound, _ trace: Trace) -> [String] {
        guard let dead = round.dead else { return [] }
        return trace.tables.filter { $0.at > dead.from && $0.at < dead.until }.compactMap { table in
            let back = table.value.first { $0.hasPrefix("\(dead.address):") && !$0.hasSuffix("*0") }
            return back.map { "\(table.director) has \($0) again \(since(round, table.at)), and it is dead" }
        }
    }

    private func since(_ round: SoakRound, _ at: Instant) -> String { "\(at - round.from) after it began" }

    /// Processes that keep what they do not need: the first of `samples` of each role, which are in order,
    /// is what it may take.
    func growth(_ samples: [SoakSample]) -> [SoakViolation] {
        let roles = Dictionary(grouping: samples) { "\($0.director) \($0.role)" }
        return roles.sorted { $0.key < $1.key }.compactMap { name, own in
            guard let first = own.first, let last = own.last else { return nil }
            if last.descriptors > first.descriptors + Self.descriptors {
                return SoakViolation(
                    round: 0, text: "\(name): \(first.descriptors) descriptors became \(last.descriptors)")
            }
            guard last.memory > first.memory * 3 / 2 + Self.memory else { return nil }
            return SoakViolation(round: 0, text: "\(name): \(first.memory) KiB became \(last.memory)")
        }
    }

    /// What was seen in a round, one line each: who took the address when, states, tables, failed requests.
    func history(of round: SoakRound, in trace: Trace) -> [String] {
        var lines: [(at: Instant, text: String)] = []
        for event in trace.holdings {
            lines.append((event.at, "\(event.director) \(event.value ? "has" : "lost") the address"))
        }
        for event in trace.states {
            lines.append((event.at, "\(event.director) says \(event.value.rawValue)"))
        }
        for event in trace.tables {
            lines.append((event.at, "\(event.director) has the table \(event.value.joined(separator: " "))"))
        }
        for probe in trace.probes where probe.outcome != .answered {
            lines.append(
                (probe.start, "a request fails: \(probe.outcome.rawValue) after \(probe.end - probe.start)"))
        }
        let from = round.from - .seconds(3)
        return lines.filter { $0.at >= from }.sorted { $0.at < $1.at }.prefix(200).map {
            "\(Decimals.fixed(($0.at - round.from).seconds, places: 3)) s  \($0.text)"
        }
    }
}
