import Timekeeping

/// Names one probe of a check set. Never used again, so that what arrives late for an old probe is told
/// apart.
package struct ProbeID: Hashable, Sendable, CustomStringConvertible {
    /// Where the check lives; used again after a check is gone.
    let slot: Int
    /// Counts the probes of the set.
    let serial: UInt64

    /// `probe 17`.
    package var description: String { "probe \(serial)" }
}

/// All checks of a configuration. Equal specifications are one check, however many real servers name it.
package struct CheckSet: Sendable {
    /// What a check set wants done, in this order.
    package enum Action: Hashable, Sendable {
        /// For this probe. The first action of a probe is `connect`, `open` or `run`.
        case perform(ProbeAction, ProbeID)
        /// A result worth a line (see `Check.Action.noted`).
        case noted(CheckSpecification, ProbeReport)
        /// A verdict has changed.
        case verdictChanged(CheckSpecification, Transition)
        /// A verdict is the same, the weight that the target asks for is not.
        case weightChanged(CheckSpecification, ProbeReport)
    }

    private struct Slot: Sendable {
        var check: Check?
        /// Of the probe under way, or of the last one.
        var serial: UInt64 = 0
    }

    private var slots: [Slot] = []
    private var free: [Int] = []
    private var index: [CheckSpecification: Int] = [:]
    /// When probes begin, and when those under way have had their time: what waits for the one must not have
    /// the other wait.
    private var starts = DeadlineQueue()
    private var ends = DeadlineQueue()
    private var lastSerial: UInt64 = 0
    /// What part of its warmup the latest check has got, of 2^64; nil before the first.
    private var position: UInt64?
    /// 2^64 by the golden ratio: whatever their number, the multiples of it are spread evenly over 2^64, and
    /// the checks of one service, which are neighbours, are far apart.
    private static let stride: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// No checks.
    package init() {}

    /// The checks there are.
    package var count: Int { index.count }

    /// What every check says now.
    package var verdicts: [CheckSpecification: Verdict] {
        index.compactMapValues { slots[$0].check?.verdict }
    }

    /// The check of this specification, with its last report and transitions; nil when there is none.
    package subscript(specification: CheckSpecification) -> Check? {
        index[specification].flatMap { slots[$0].check }
    }

    /// The check that a probe belongs to; nil once it is over.
    package func check(of probe: ProbeID) -> Check? {
        guard slots.indices.contains(probe.slot), slots[probe.slot].serial == probe.serial else { return nil }
        return slots[probe.slot].check
    }

    /// When `advance` must next be called: the earliest deadline of all checks, found in O(1).
    package var nextDeadline: Instant? {
        Instant?.earlier(starts.earliest?.deadline, ends.earliest?.deadline)
    }

    /// When the next probe is to begin, which an overloaded host comes to late; found in O(1).
    package var nextStart: Instant? { starts.earliest?.deadline }

    /// When the time of the first probe under way is over. Whatever has come from its target MUST have been
    /// handled before `advance` is called with that or a later instant; found in O(1).
    package var nextEnd: Instant? { ends.earliest?.deadline }

    /// Makes the set hold exactly `wanted`. Checks that stay keep all their state, a probe under way
    /// included; the probes of checks that go are given up. A new check starts from `known`, or from the
    /// verdict of a check that goes and differs in its schedule alone, or from its own start state; its
    /// weight likewise. `generator` draws the warmup of the first check, which the others' follow from.
    package mutating func reconfigure(
        _ wanted: some Sequence<CheckSpecification>, known: [CheckSpecification: Verdict] = [:],
        weights: [CheckSpecification: UInt8] = [:], at now: Instant,
        using generator: inout some RandomNumberGenerator
    ) -> [Action] {
        // In the order given, without repetition: warmups must not depend on how a set is hashed.
        var seen: Set<CheckSpecification> = []
        let ordered = wanted.filter { seen.insert($0).inserted }
        var actions: [Action] = []
        var inherited: [CheckSpecification.Kind: Verdict] = [:]
        var asked: [CheckSpecification.Kind: UInt8] = [:]
        for slot in slots.indices {
            guard let check = slots[slot].check, !seen.contains(check.specification) else { continue }
            let kind = check.specification.kind
            if check.isSettled, inherited[kind] != .up { inherited[kind] = check.verdict }
            asked[kind] = check.weight ?? asked[kind]
            actions += deliver(.stop, to: slot, at: now)
            slots[slot].check = nil
            index[check.specification] = nil
            free.append(slot)
        }
        for specification in ordered where index[specification] == nil {
            let part = position.map { $0 &+ Self.stride } ?? UInt64.random(in: 0 ... .max, using: &generator)
            position = part
            let longest = UInt64(max(specification.schedule.warmup.nanoseconds, 0))
            let warmup = Interval(nanoseconds: Int64(part.multipliedFullWidth(by: longest).high))
            insert(
                Check(
                    specification, known: known[specification] ?? inherited[specification.kind],
                    weight: weights[specification] ?? asked[specification.kind], warmup: warmup, at: now))
        }
        return actions
    }

    /// Has the check of this specification, if there is one, make its next probe now: `Check.hasten`.
    package mutating func hasten(_ specification: CheckSpecification, at now: Instant) {
        guard let slot = index[specification] else { return }
        slots[slot].check?.hasten(at: now)
        schedule(slot)
    }

    /// Lets the checks whose deadline has come act, at most `limit` that end a probe and `limit` that begin
    /// one, those first that have waited longest. O(log n) for each of them.
    package mutating func advance(to now: Instant, limit: Int = .max) -> [Action] {
        var actions: [Action] = []
        var left = limit
        while left > 0, let (deadline, slot) = ends.earliest, deadline <= now {
            actions += deliver(.timer, to: slot, at: now)
            left -= 1
        }
        left = limit
        while left > 0, let (deadline, slot) = starts.earliest, deadline <= now {
            actions += deliver(.timer, to: slot, at: now)
            left -= 1
        }
        return actions
    }

    /// Delivers what happened to a probe. Whatever comes after the end of a probe is ignored.
    package mutating func handle(_ event: ProbeEvent, of probe: ProbeID, at now: Instant) -> [Action] {
        guard slots.indices.contains(probe.slot), slots[probe.slot].serial == probe.serial else { return [] }
        return deliver(.probe(event), to: probe.slot, at: now)
    }

    private mutating func insert(_ check: Check) {
        let slot = free.popLast() ?? slots.count
        if slot == slots.count { slots.append(Slot()) }
        slots[slot].check = check
        index[check.specification] = slot
        schedule(slot)
    }

    /// Starts wait for the next multiple of a few milliseconds, so that one wake begins several probes; the
    /// end of a probe's time does not.
    private mutating func schedule(_ slot: Int) {
        let due = slots[slot].check?.nextDeadline
        let isProbing = slots[slot].check?.isProbing ?? false
        ends.set(isProbing ? due : nil, for: slot)
        starts.set(isProbing ? nil : due?.onGrid(of: Limits.startGrid), for: slot)
    }

    private mutating func deliver(_ event: Check.Event, to slot: Int, at now: Instant) -> [Action] {
        if event == .timer, slots[slot].check?.isProbing == false {
            lastSerial += 1
            slots[slot].serial = lastSerial
        }
        let id = ProbeID(slot: slot, serial: slots[slot].serial)
        let actions = slots[slot].check?.handle(event, at: now) ?? []
        schedule(slot)
        return actions.compactMap { action in
            if case .perform(let action) = action { return .perform(action, id) }
            // Copied where it is needed alone: most events change nothing.
            return slots[slot].check.flatMap { Self.news(action, of: $0.specification) }
        }
    }

    private static func news(_ action: Check.Action, of specification: CheckSpecification) -> Action? {
        switch action {
        case .perform: nil
        case .noted(let report): .noted(specification, report)
        case .verdictChanged(let transition): .verdictChanged(specification, transition)
        case .weightChanged(let report): .weightChanged(specification, report)
        }
    }
}

extension Instant {
    /// The next multiple of `grid`, or this one.
    fileprivate func onGrid(of grid: Interval) -> Instant {
        let past = nanoseconds % grid.nanoseconds
        return past > 0 ? self + (grid - Interval(nanoseconds: past)) : self
    }
}
