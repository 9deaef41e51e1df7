import NetTypes
import Timekeeping

/// `checker_failure_guard`: when nearly all checks fail within one period, it is likely that this director's
/// own network failed, and taking every server out would only make it worse. Their verdicts are then held for
/// a bounded time. It holds nothing back before: what failed one by one is put back into service once the
/// share is reached.
///
/// - Only a check that counted as up and fails counts; with `alpha` that is one that was good before.
/// - More than one address, or program, must have failed: one server that dies is no such case.
/// - Verdicts are held at most for the configured time. They come into force then, or earlier when more than
///   half of the checks are up again: what still fails fails by itself.
package struct FailureGuard: Sendable {
    /// What was configured.
    package struct Setting: Hashable, Sendable, Codable {
        /// Verdicts are held at most so long.
        package var hold: Interval
        /// So many of a hundred checks must fail, 50...100.
        package var share: Int

        /// A setting.
        package init(hold: Interval, share: Int = 90) {
            self.hold = hold
            self.share = share
        }
    }

    /// A verdict, and the probe that made it.
    package struct Ruling: Hashable, Sendable {
        /// The check.
        package var check: CheckSpecification
        /// What is to be in force.
        package var verdict: Verdict
        /// The deciding probe; nil when the verdict is an inherited one.
        package var report: ProbeReport?

        /// A ruling.
        package init(_ check: CheckSpecification, _ verdict: Verdict, because report: ProbeReport? = nil) {
            self.check = check
            self.verdict = verdict
            self.report = report
        }
    }

    /// Why verdicts are held no longer.
    package enum End: Hashable, Sendable {
        case timeIsUp
        case othersRecovered
        case noLongerWanted
        case noLongerMade
    }

    /// What everybody should know.
    package enum News: Hashable, Sendable {
        /// So many of so many checks failed within the window.
        case held(failed: Int, of: Int, within: Interval, until: Instant)
        /// So many of them still fail, and that is in force now.
        case released(failed: Int, End)
    }

    /// What follows from an event.
    package struct Step: Hashable, Sendable {
        /// What is to be in force; some of it may be so already.
        package var rulings: [Ruling] = []
        /// nil when nothing began or ended.
        package var news: News?
    }

    private struct Failure: Sendable {
        var at: Instant
        var report: ProbeReport?
    }

    private var setting: Setting?
    private var window = Interval.zero
    private var places: [CheckSpecification: Int] = [:]
    private var up: Set<CheckSpecification> = []
    /// Those that were up and failed within the window, or are held.
    private var failed: [CheckSpecification: Failure] = [:]
    /// Until then verdicts are held at most; nil while none are.
    package private(set) var heldUntil: Instant?

    /// Holds nothing.
    package init() {}

    /// The verdict of this check is held: it fails, and is in force as up.
    package func isHeld(_ check: CheckSpecification) -> Bool { heldUntil != nil && failed[check] != nil }

    /// These are the checks that are made, with what is in force of them.
    package mutating func configure(
        _ new: Setting?, _ checks: [CheckSpecification], knowing verdicts: [CheckSpecification: Verdict]
    ) -> Step {
        guard let new else {
            defer { (setting, places, up) = (nil, [:], []) }
            return heldUntil == nil ? forgetAll() : release(.noLongerWanted)
        }
        setting = new
        let before = places
        places = Dictionary(checks.enumerated().map { ($1, $0) }) { first, _ in first }
        window = min(checks.map(\.period).max() ?? .zero, Limits.longestFailureWindow)
        failed = failed.filter { places[$0.key] != nil }
        // Nothing is known of a check that is new during a hold: what it inherited may be held itself.
        let isHolding = heldUntil != nil
        up = Set(
            checks.filter { check in
                let verdict = verdicts[check] ?? (check.schedule.startsDown ? .down : .up)
                return verdict == .up && failed[check] == nil && (!isHolding || before[check] != nil)
            })
        return failed.isEmpty && isHolding ? release(.noLongerMade) : settle()
    }

    /// Takes what checks say.
    package mutating func hear(_ said: [Ruling], at now: Instant) -> Step {
        guard let setting else { return Step(rulings: said) }
        if heldUntil == nil { failed = failed.filter { now - $0.value.at <= window } }
        var step = Step()
        for ruling in said where places[ruling.check] != nil {
            switch ruling.verdict {
            case .up:
                failed[ruling.check] = nil
                up.insert(ruling.check)
                step.rulings.append(ruling)
            case .down:
                let failure = failed[ruling.check]
                if up.remove(ruling.check) != nil || failure != nil {
                    failed[ruling.check] = Failure(
                        at: failure?.at ?? now, report: ruling.report ?? failure?.report)
                    if heldUntil != nil { continue }
                }
                step.rulings.append(ruling)
            }
        }
        guard heldUntil == nil else {
            let end = settle()
            return Step(rulings: step.rulings + end.rulings, news: end.news)
        }
        guard isMass(setting) else { return step }
        let until = now + setting.hold
        heldUntil = until
        let total = failed.count + up.count
        let why = ProbeReport(
            result: ProbeResult(.notProbed, "held: \(failed.count) of \(total) checks failed at once"),
            duration: .zero, finishedAt: now, failures: 0, failuresAllowed: nil)
        step.rulings.removeAll { failed[$0.check] != nil }
        step.rulings += failing.map { Ruling($0, .up, because: why) }
        step.news = .held(failed: failed.count, of: total, within: window, until: until)
        return step
    }

    /// Ends the hold when its time is up.
    package mutating func advance(to now: Instant) -> Step {
        guard let heldUntil, heldUntil <= now else { return Step() }
        return release(.timeIsUp)
    }

    private func isMass(_ setting: Setting) -> Bool {
        guard failed.count > 1, failed.count * 100 >= setting.share * (failed.count + up.count) else {
            return false
        }
        return Set(failed.keys.map(\.kind.place)).count > 1
    }

    /// Those that failed, in configured order.
    private var failing: [CheckSpecification] {
        failed.keys.sorted { (places[$0] ?? 0) < (places[$1] ?? 0) }
    }

    /// Holds no longer than most of the checks fail.
    private mutating func settle() -> Step {
        guard heldUntil != nil, failed.count < up.count || failed.isEmpty else { return Step() }
        return release(.othersRecovered)
    }

    private mutating func release(_ end: End) -> Step {
        let rulings = failing.map { Ruling($0, .down, because: failed[$0]?.report) }
        _ = forgetAll()
        return Step(rulings: rulings, news: .released(failed: rulings.count, end))
    }

    private mutating func forgetAll() -> Step {
        (failed, heldUntil) = ([:], nil)
        return Step()
    }
}

extension CheckSpecification {
    /// From one probe to the verdict of the next, at most: within it every check is seen to fail.
    fileprivate var period: Interval {
        let retries = Int64(clamping: min(max(schedule.retry, 0), 1000))
        let attempt = schedule.probeTimeout ?? kind.timeout
        return schedule.delayLoop + schedule.delayBeforeRetry * retries + attempt * (retries + 1)
    }
}

extension CheckSpecification.Kind {
    fileprivate enum Place: Hashable {
        case address(IPAddress)
        case program([String])
        case file(String)
    }

    /// What fails when it fails.
    fileprivate var place: Place {
        switch self {
        case .tcp(let check): .address(check.target.address)
        case .http(let check): .address(check.target.address)
        case .smtp(let check): .address(check.target.address)
        case .dns(let check): .address(check.target.address)
        case .udp(let check): .address(check.target.address)
        case .ping(let check): .address(check.address)
        case .script(let check): .program(check.command)
        case .file(let check): .file(check.name)
        }
    }
}
