import Timekeeping

/// The schedule around the probes of one specification, after keepalived's rules:
///
/// - the first probe comes 1 s after the start plus a part of `warmup`, and has the others follow in its
///   phase: `delay_loop` is from start to start, so that what was late together does not stay together;
/// - an up target that fails gets `retry` further attempts, `delay_before_retry` apart, and then is down;
/// - a target that never succeeded has no retries; a down target comes up with its first success, or with
///   `rise` of them in a row;
/// - a failure of this host (`ProbeOutcome.Meaning.unknown`) changes no verdict and no count, and a deadline
///   that this host comes to late is put off once.
///
/// Unlike keepalived's, every connection of a probe has one deadline from its start to its result, so that a
/// server that sends an octet a second is not alive for ever; with `probe_timeout` the whole probe has one.
package struct Check: Sendable {
    /// What wakes a check.
    package enum Event: Hashable, Sendable {
        /// `nextDeadline` has come.
        case timer
        /// Something happened to the probe under way.
        case probe(ProbeEvent)
        /// The check is no longer wanted; the probe under way is given up.
        case stop
    }

    /// What a check wants done, in this order.
    package enum Action: Hashable, Sendable {
        /// For the probe under way.
        case perform(ProbeAction)
        /// A result worth a line: it counts towards going down, differs from the one before, or is a failure
        /// where all are wanted.
        case noted(ProbeReport)
        /// The verdict has changed.
        case verdictChanged(Transition)
        /// The verdict is the same, the weight that the target asks for is not.
        case weightChanged(ProbeReport)
    }

    /// The times of a probe under way.
    private struct Clocking: Sendable {
        let since: Instant
        var deadline: Instant
        /// When its latest connection, exchange or run began.
        var begun: Instant
        var timings = ProbeTimings()
        /// The time until a deadline was put off, and whether that of the latest connection, exchange or run.
        var lost = Interval.zero
        var isPutOff = false

        init(since: Instant) { (self.since, deadline, begun) = (since, since, since) }

        mutating func note(_ event: ProbeEvent, at now: Instant) {
            switch event {
            case .connected: timings = ProbeTimings(connect: now - begun)
            case .secured: timings.handshake = now - begun - (timings.connect ?? .zero)
            default: break
            }
        }

        /// Puts the deadline off, by the whole time that was given, once: who is always late must notice a
        /// dead target as well. False when this host has come to it in time, or has been late before.
        ///
        /// What happens to a probe only after its deadline has waited for this host, and may be the question
        /// that is still to be asked. Where nothing has come the host must be late by half of the time given,
        /// and has then hardly been there to listen.
        mutating func putOff(at now: Instant, hasCome: Bool) -> Bool {
            let late = now - deadline
            let tolerated = hasCome ? Limits.lateness : (deadline - begun) / 2
            guard !isPutOff, late >= tolerated else { return false }
            isPutOff = true
            lost = lost + (now - begun)
            deadline = deadline + (now - begun)
            return true
        }
    }

    private enum State: Sendable {
        case waiting(until: Instant)
        case probing(Probe, Clocking)
        case stopped
    }

    /// What is checked, and when.
    package let specification: CheckSpecification
    /// What the check says now.
    package private(set) var verdict: Verdict
    /// The latest probe that ended; nil before the first.
    package private(set) var lastReport: ProbeReport?
    /// What all its probes came to.
    package private(set) var tally = ProbeTally()
    /// The latest changes of the verdict, oldest first, at most 4.
    package private(set) var transitions: [Transition] = []
    /// Failures in a row; a result of this host's own making neither adds nor resets.
    package private(set) var failures = 0
    /// The weight that the target asked for with its latest good probe; nil for what is configured.
    package private(set) var weight: UInt8?
    /// The latest TLS handshake that told something of the server hung. What this host could not do leaves it
    /// as it is.
    package private(set) var handshakeHangs = false
    /// Good results in a row while the target is down.
    private var successes = 0
    /// No good probe has said yet what the weight is.
    private var isWeightOpen = true
    /// The verdict comes from a probe or from before, not only from the start state.
    package private(set) var isSettled: Bool
    private var hasSucceeded: Bool
    /// When the first probe is due: the others are whole `delay_loop`s later, if nothing is in the way.
    private let phase: Instant
    private var state: State

    /// Starts at `now`. `known` is the verdict of the same target before (a restarted process, a reload), nil
    /// for none, `weight` what it asked for; `warmup` is the random part of the first delay, cut to
    /// zero...schedule.warmup.
    package init(
        _ specification: CheckSpecification, known: Verdict? = nil, weight: UInt8? = nil, warmup: Interval,
        at now: Instant
    ) {
        self.specification = specification
        let schedule = specification.schedule
        verdict = known ?? (schedule.startsDown ? .down : .up)
        isSettled = known != nil
        self.weight = weight
        hasSucceeded = known == .up
        let delay = min(max(warmup, .zero), max(schedule.warmup, .zero))
        phase = now + Limits.bootstrapDelay + delay
        state = .waiting(until: phase)
    }

    /// When the shell must next deliver `.timer`; nil only after `.stop`.
    package var nextDeadline: Instant? {
        switch state {
        case .waiting(let until): until
        case .probing(_, let clocking): clocking.deadline
        case .stopped: nil
        }
    }

    /// A probe is under way.
    package var isProbing: Bool {
        if case .probing = state { true } else { false }
    }

    /// Has the next probe begin now instead of when it is due; one that is under way goes on.
    package mutating func hasten(at now: Instant) {
        guard case .waiting(let until) = state else { return }
        // A delay of nothing, however often it is asked for, would be an endless turn.
        let earliest = lastReport.map { $0.finishedAt + Limits.shortestDelay } ?? now
        state = .waiting(until: min(until, max(now, earliest)))
    }

    /// Takes an event. Timers that come early and events without a probe change nothing.
    package mutating func handle(_ event: Event, at now: Instant) -> [Action] {
        switch (state, event) {
        case (.waiting(let until), .timer):
            guard now >= until else { return [] }
            let probe = Probe(specification.kind)
            return follow(probe.start(), of: probe, Clocking(since: now), at: now)
        case (.probing(var probe, var clocking), .timer):
            guard now >= clocking.deadline else { return [] }
            if clocking.putOff(at: now, hasCome: false) {
                state = .probing(probe, clocking)
                return []
            }
            return follow(probe.handle(.timedOut), of: probe, clocking, at: now)
        case (.probing(var probe, var clocking), .probe(let event)):
            _ = clocking.putOff(at: now, hasCome: true)
            clocking.note(event, at: now)
            let step = probe.handle(event)
            return follow(step, of: probe, clocking, at: now)
        case (.probing(let probe, _), .stop):
            state = .stopped
            return [.perform(probe.abandonment)]
        case (.waiting, .stop):
            state = .stopped
            return []
        case (.waiting, .probe), (.stopped, _):
            return []
        }
    }

    /// Does what a step of the probe asks for; each new connection or run has the whole timeout.
    private mutating func follow(
        _ step: ProbeStep, of probe: Probe, _ former: Clocking, at now: Instant
    ) -> [Action] {
        let actions = step.actions.map(Action.perform)
        if let result = step.result { return actions + finish(result, former, at: now) }
        var clocking = former
        if step.actions.contains(where: \.startsDeadline) {
            clocking.begun = now
            clocking.isPutOff = false
            clocking.timings = ProbeTimings()
            clocking.deadline = now + max(specification.kind.timeout, Limits.shortestDelay)
        }
        if let whole = specification.schedule.probeTimeout {
            clocking.deadline = min(
                clocking.deadline, clocking.since + clocking.lost + max(whole, Limits.shortestDelay))
        }
        state = .probing(probe, clocking)
        return actions
    }

    private mutating func finish(_ result: ProbeResult, _ clocking: Clocking, at now: Instant) -> [Action] {
        let duration = now - clocking.since
        tally.add(result.outcome, duration)
        let before = verdict
        let allowed = failuresAllowed
        switch result.outcome.meaning {
        case .good:
            failures = 0
            successes += 1
            hasSucceeded = true
            if verdict == .down, successes >= max(specification.schedule.rise, 1) { verdict = .up }
            if verdict == .up { successes = 0 }
        case .bad:
            successes = 0
            failures = failures == .max ? .max : failures + 1
            if let allowed, failures >= allowed { verdict = .down }
        case .unknown:
            break
        }
        if result.outcome.meaning != .unknown {
            isSettled = true
            handshakeHangs = result.outcome == .handshakeTimedOut
        }
        let report = ProbeReport(
            result: result, duration: duration, timings: clocking.timings, finishedAt: now,
            failures: result.outcome.meaning == .bad ? failures : 0, failuresAllowed: allowed)
        // Between the first failure and the verdict attempts come faster, whatever kind the last one was.
        let retrying = (verdict == .up && failures > 0) || (verdict == .down && successes > 0)
        state = .waiting(
            until: retrying
                ? now + max(specification.schedule.delayBeforeRetry, Limits.shortestDelay)
                : nextInPhase(after: now))
        defer { lastReport = report }
        let asksAnew = takeWeight(result)
        guard verdict == before else { return [change(because: report)] }
        if asksAnew, verdict == .up { return [.weightChanged(report)] }
        // The first good result of a target that is up anyway is no news.
        let differs = lastReport.map { $0.result != result } ?? (result.outcome.meaning != .good)
        let counts = before == .up && result.outcome.meaning == .bad
        let isWanted = specification.schedule.logsAllFailures && result.outcome.meaning == .bad
        return differs || counts || isWanted ? [.noted(report)] : []
    }

    /// A `delay_loop` after the end of a probe, or up to a quarter of it earlier to get back in phase.
    private func nextInPhase(after end: Instant) -> Instant {
        let loop = max(specification.schedule.delayLoop, Limits.shortestDelay)
        let latest = end + loop
        let past = (latest - phase).nanoseconds % loop.nanoseconds
        // Before its phase, too: one that was hastened.
        let early = Interval(nanoseconds: past < 0 ? past + loop.nanoseconds : past)
        return max(latest - min(early, loop / 4), end + Limits.shortestDelay)
    }

    /// Keeps what a good result says about the weight; true when it is another one, or the first of all.
    private mutating func takeWeight(_ result: ProbeResult) -> Bool {
        guard specification.kind.isDynamic, result.outcome.meaning == .good else { return false }
        defer { (weight, isWeightOpen) = (result.weight, false) }
        return isWeightOpen || weight != result.weight
    }

    /// Failures in a row that end in a down verdict; nil when it is down already.
    private var failuresAllowed: Int? {
        guard verdict == .up else { return nil }
        guard hasSucceeded else { return 1 }
        let retry = max(specification.schedule.retry, 0)
        return retry == .max ? .max : retry + 1
    }

    private mutating func change(because report: ProbeReport) -> Action {
        let transition = Transition(to: verdict, because: report)
        if transitions.count == Limits.transitions { transitions.removeFirst() }
        transitions.append(transition)
        return .verdictChanged(transition)
    }
}

extension ProbeAction {
    /// The action begins something that has a deadline of its own.
    fileprivate var startsDeadline: Bool {
        switch self {
        case .connect, .open, .run: true
        case .send, .disconnect, .terminate, .secure, .digest, .match: false
        }
    }
}
