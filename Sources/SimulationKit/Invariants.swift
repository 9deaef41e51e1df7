import NetTypes
import Timekeeping
import VRRP

/// The promises that are watched; the text is what a violation breaks.
package enum Rule: String, Hashable, Sendable, CaseIterable {
    case onlyMastersAdvertise =
        "a director that is not and was not master sends no advert with a priority above 0"
    case onlyMastersResign = "priority 0 is sent only on leaving mastership"
    case droppedMeansNothing = "a dropped packet changes nothing but counters"
    case addressesFollowState =
        "the kernel holds the addresses exactly while the daemon is master or hands over"
    case deadHoldNothing = "200 ms after the daemon's death its addresses are gone"
    case order = "advert, then addresses, then announcements; addresses gone before the state is reported"
    case oneMaster = "two masters that hear each other do not last"
    case leaseFirst = "a master that was silent too long acts only after hearing what is queued"
    case drainsFirst = "a backup hears what is queued before its timer makes it master"
    case noHurry = "nobody takes over earlier than its timer allows"
    case election = "soon after quiet there is exactly one master"
    case bestWins = "with preemption nobody has a higher priority than the master"
    case stability = "in quiet times nothing changes"
    case neighbours = "after a partition or a stall the neighbours know the master"
    case handover = "on a planned stop in quiet somebody holds the addresses all the time"
    case lettingGo = "who stops lets go in the skew of the lowest priority and 100 ms, or in 5 s"
    case takeover = "a successor holds the addresses within the protocol's bound"
    case transitions = "states follow each other as the RFC's tables say, each for its reason"
    case noAmplification = "a master answers losing adverts at most four times an interval"
}

/// One broken promise.
package struct Violation: Hashable, Sendable, CustomStringConvertible {
    /// Which promise.
    package var rule: Rule
    /// When it was noticed.
    package var at: Instant
    /// Who, and the circumstances.
    package var detail: String

    /// One line.
    package var description: String { "\(at) \(rule) broken (\(rule.rawValue)): \(detail)" }
}

/// Watches what directors do from outside and compares it with the protocol. It computes the permitted
/// times from the packets themselves, with its own arithmetic, so that a mistake in the router is not
/// repeated here.
struct Invariants: Sendable {
    /// Addresses of a dead daemon may stay this long.
    static let guardianTime = Interval.milliseconds(200)
    /// More violations than this say nothing new.
    private static let most = 20

    private struct Watch: Sendable {
        var masterSince: Instant?
        /// What it claims, and since when.
        var priority: UInt8 = 0
        var rankedAt = Instant(nanoseconds: 0)
        var lastSentAt: Instant?
        var earliestTakeover = Instant(nanoseconds: 0)
        var masterInterval = Interval.zero
        var advertised = false
        var resignedAt: Instant?
        var state = Router.StateName.initialize
        var reloaded = false
        var ignored: Ignored?
        /// The highest numbers of Authentication Headers.
        var numberSent: UInt32 = 0
        var numberHeard: UInt32 = 0
    }

    /// A master of lower priority that a backup is about to displace.
    private struct Ignored: Sendable {
        var priority: UInt8
        var interval: Interval
        var at: Instant
    }

    private(set) var violations: [Violation] = []
    private var watches: [Watch]
    private let version: ProtocolVersion
    private let election: ElectionOptions
    private let isNumbered: Bool

    init(routers: [RouterConfiguration], isNumbered: Bool = false) {
        self.isNumbered = isNumbered
        watches = routers.map { _ in Watch() }
        version = routers.first?.version ?? .v2
        election = routers.first?.election ?? ElectionOptions()
    }

    mutating func report(_ rule: Rule, at now: Instant, _ detail: @autoclosure () -> String) {
        guard violations.count < Self.most else { return }
        violations.append(Violation(rule: rule, at: now, detail: detail()))
    }

    // MARK: Reference arithmetic

    /// Skew_Time from the text of the two RFCs, on plain integers.
    private func skew(_ priority: UInt8, _ interval: Interval) -> Interval {
        let steps = Int64(256 - Int(priority))
        let unit: Int64 = version == .v2 ? 1_000_000_000 : interval.nanoseconds
        return Interval(nanoseconds: steps * unit / 256)
    }

    private func down(_ priority: UInt8, _ interval: Interval) -> Interval {
        (0..<election.downTimerAdverts).reduce(skew(priority, interval)) { sum, _ in sum + interval }
    }

    // MARK: What is heard

    /// Whether an advert of this number was there before, or is older than the last of `node`, which is as
    /// bad (RFC 2402 section 3.4.3; all routers of a VRID count together). nil for one without a number.
    mutating func isRepetition(_ node: Int, _ number: UInt32?) -> Bool {
        guard let number else { return false }
        guard number > watches[node].numberHeard, number >= watches[node].numberSent else { return true }
        watches[node].numberHeard = number
        return false
    }

    /// An undamaged advert from another director reached the router of `node`, which was in `before` and is
    /// in `after`.
    mutating func heard(
        _ node: Int, _ message: [UInt8], before: Router.StateName, after: Router.StateName,
        configuration: RouterConfiguration, at now: Instant
    ) {
        guard after == .backup, before == .backup || before == .master, message.count >= 8 else { return }
        let priority = message[2]
        let own = configuration.priority
        let said =
            version == .v2
            ? Interval.seconds(Int64(message[5]))
            : .centiseconds(Int64(message[4] & 0x0F) << 8 | Int64(message[5]))
        if priority == 0 {
            watches[node].earliestTakeover = now + skew(own, watches[node].masterInterval)
        } else if before == .master || priority >= own || !configuration.preempts && own < 255 {
            watches[node].masterInterval = said
            watches[node].earliestTakeover = now + down(own, said)
        } else {
            watches[node].ignored = Ignored(priority: priority, interval: said, at: now)
            return
        }
        watches[node].ignored = nil
    }

    /// The operator changed the priority; a running wait changes by the difference of the skews. A master
    /// that was about to be displaced, and is the better one now, is waited for as if it had been all along.
    mutating func reprioritised(_ node: Int, from old: UInt8, to new: UInt8, preempts: Bool) {
        reloaded(node)
        if let ignored = watches[node].ignored, ignored.priority >= new || !preempts && new < 255 {
            watches[node].ignored = nil
            watches[node].masterInterval = ignored.interval
            watches[node].earliestTakeover = ignored.at + down(new, ignored.interval)
            return
        }
        let interval = watches[node].masterInterval
        watches[node].earliestTakeover =
            watches[node].earliestTakeover + (skew(new, interval) - skew(old, interval))
    }

    /// The operator reloaded: a master tells its peers at once.
    mutating func reloaded(_ node: Int) { watches[node].reloaded = true }

    // MARK: What is done

    mutating func sent(
        _ node: Int, priority: UInt8, number: UInt32 = 0, by director: SimulatedDirector,
        before: Router.StateName, at now: Instant
    ) {
        watches[node].numberSent = max(watches[node].numberSent, number)
        if priority == 0 {
            if before != .master || director.isMaster {
                report(.onlyMastersResign, at: now, "director \(node) in \(before) resigned")
            }
            watches[node].resignedAt = now
            return
        }
        if before != .master, !director.isMaster {
            report(.onlyMastersAdvertise, at: now, "director \(node) advertised")
        }
        // On leaving, one advert with a losing priority tells the winner; it claims nothing.
        if !director.isMaster { return }
        checkLease(node, director, at: now)
        checkPace(node, director.configuration.advertisementInterval, before: before, at: now)
        watches[node].reloaded = false
        watches[node].lastSentAt = now
        watches[node].advertised = true
    }

    private mutating func checkPace(
        _ node: Int, _ interval: Interval, before: Router.StateName, at now: Instant
    ) {
        guard before == .master, !watches[node].reloaded, let last = watches[node].lastSentAt,
            now - last < interval / 4
        else { return }
        report(.noAmplification, at: now, "director \(node) advertised again after \(now - last)")
    }

    mutating func acquired(_ node: Int, _ director: SimulatedDirector, at now: Instant) {
        checkLease(node, director, at: now)
        if !watches[node].advertised { report(.order, at: now, "director \(node): addresses before advert") }
    }

    mutating func announced(_ node: Int, _ director: SimulatedDirector, at now: Instant) {
        checkLease(node, director, at: now)
        if director.kernelAddresses.isEmpty {
            report(.order, at: now, "director \(node) announced addresses it does not hold")
        }
    }

    private mutating func checkLease(_ node: Int, _ director: SimulatedDirector, at now: Instant) {
        guard let since = watches[node].masterSince, let last = watches[node].lastSentAt, last >= since,
            !director.inbox.isEmpty,
            now - last > down(255, director.configuration.advertisementInterval)
        else { return }
        report(
            .leaseFirst, at: now,
            "director \(node) acted \(now - last) after its last advert with packets unread")
    }

    mutating func stateChanged(
        _ node: Int, to state: Router.StateName, because reason: Reason, _ director: SimulatedDirector,
        at now: Instant
    ) {
        let configuration = director.configuration
        let own = configuration.advertisementInterval
        let former = watches[node].state
        watches[node].state = state
        if !Self.permits(former, state, reason, isOwner: configuration.priority == 255) {
            report(.transitions, at: now, "director \(node): \(former) -> \(state): \(reason)")
        }
        if state == .master {
            checkHurry(node, reason, at: now)
            if former == .backup, !director.inbox.isEmpty {
                report(.drainsFirst, at: now, "director \(node): \(director.inbox.count) packets unread")
            }
            watches[node].masterSince = now
            if director.kernelAddresses.isEmpty {
                report(.order, at: now, "director \(node) reported MASTER without addresses")
            }
            return
        }
        watches[node].masterSince = nil
        watches[node].resignedAt = nil
        watches[node].advertised = false
        if !director.kernelAddresses.isEmpty {
            report(.order, at: now, "director \(node) reported \(state) while it held addresses")
        }
        guard state == .backup else { return }
        switch reason {
        case .started, .interfaceUp, .stalled:
            watches[node].masterInterval = own
            var wait = down(configuration.priority, own)
            if case .started = reason, configuration.startsAsMaster { wait = own + skew(255, own) }
            if case .stalled = reason { wait = own + skew(configuration.priority, own) }
            watches[node].earliestTakeover = now + wait
        default: break
        }
    }

    /// The tables of RFC 9568 sections 6.4.1 to 6.4.3, with fault and restarts. A second list on purpose:
    /// the router has its own.
    private static func permits(
        _ from: Router.StateName, _ to: Router.StateName, _ reason: Reason, isOwner: Bool
    ) -> Bool {
        switch (from, to, reason) {
        case (.initialize, .master, .ownsAddresses), (.fault, .master, .ownsAddresses): isOwner
        case (.initialize, .backup, .started), (.fault, .backup, .interfaceUp): !isOwner
        case (.initialize, .master, .adopted),
            (.backup, .master, .silence), (.backup, .master, .masterResigned),
            (.backup, .master, .preempting), (.master, .backup, .higherPriority),
            (.master, .backup, .higherAddress), (.master, .backup, .stalled),
            (.master, .backup, .deposed), (.initialize, .fault, .interfaceDown),
            (.backup, .fault, .interfaceDown),
            (.master, .fault, .interfaceDown), (.backup, .initialize, .shutdown),
            (.fault, .initialize, .shutdown), (.master, .initialize, .shutdown),
            (.master, .initialize, .handedOver), (.master, .initialize, .noSuccessor),
            (.master, .initialize, .interfaceDown):
            true
        default: false
        }
    }

    private mutating func checkHurry(_ node: Int, _ reason: Reason, at now: Instant) {
        switch reason {
        case .ownsAddresses, .adopted: return
        default: break
        }
        let earliest = watches[node].earliestTakeover
        if now < earliest {
            report(.noHurry, at: now, "director \(node) took over \(earliest - now) early: \(reason)")
        }
    }

    /// The daemon of `node` is gone, and with it everything it knew.
    mutating func died(_ node: Int) { watches[node] = Watch() }

    // MARK: After every event

    mutating func check(
        _ directors: [SimulatedDirector], _ network: SimulatedNetwork, thawedAt: [Instant], slack: Interval,
        at now: Instant
    ) {
        var masters = 0
        for node in directors.indices {
            if directors[node].router == nil {
                checkDead(node, directors[node], at: now)
            } else if directors[node].isToHold == directors[node].kernelAddresses.isEmpty {
                report(
                    .addressesFollowState, at: now,
                    "director \(node) is to hold: \(directors[node].isToHold), addresses held: "
                        + "\(directors[node].kernelAddresses)")
            }
            checkLettingGo(node, directors[node], thawedAt[node], slack, at: now)
            if directors[node].runs, directors[node].isMaster { masters += 1 }
        }
        for node in directors.indices where watches[node].priority != directors[node].configuration.priority {
            watches[node].priority = directors[node].configuration.priority
            watches[node].rankedAt = now
        }
        guard masters > 1 else { return }
        for left in directors.indices {
            for right in directors.indices where left < right {
                checkPair(left, right, directors, network, thawedAt, slack, at: now)
            }
        }
    }

    /// The successor's first advert leaves 50 ms more.
    private mutating func checkLettingGo(
        _ node: Int, _ director: SimulatedDirector, _ thawedAt: Instant, _ slack: Interval, at now: Instant
    ) {
        guard director.runs, let resignedAt = watches[node].resignedAt else { return }
        let wait = skew(1, director.configuration.advertisementInterval) + .milliseconds(100)
        let bound = min(wait, .seconds(5)) + .milliseconds(50) + slack
        let since = max(resignedAt, thawedAt)
        if now - since > bound { report(.lettingGo, at: now, "director \(node) stops since \(since)") }
    }

    private mutating func checkDead(_ node: Int, _ director: SimulatedDirector, at now: Instant) {
        guard let diedAt = director.diedAt, !director.kernelAddresses.isEmpty,
            now - diedAt > Self.guardianTime
        else { return }
        report(.deadHoldNothing, at: now, "director \(node) died \(now - diedAt) ago")
    }

    /// Both masters, both running, nothing lost between them: the loser has had time to hear the winner.
    private mutating func checkPair(
        _ left: Int, _ right: Int, _ directors: [SimulatedDirector], _ network: SimulatedNetwork,
        _ thawedAt: [Instant], _ slack: Interval, at now: Instant
    ) {
        guard directors[left].runs, directors[right].runs, directors[left].isMaster,
            directors[right].isMaster, let good = network.mutuallyGoodSince(left, right),
            let leftSince = watches[left].masterSince, let rightSince = watches[right].masterSince
        else { return }
        // Another priority may make another one of them the loser.
        let ranked = max(watches[left].rankedAt, watches[right].rankedAt)
        let since = max(good, max(leftSince, rightSince), max(thawedAt[left], thawedAt[right], ranked))
        let intervals = [left, right].map { directors[$0].configuration.advertisementInterval }
        guard let shorter = intervals.min(), let longer = intervals.max() else { return }
        // One advert of either side and its answer; an answer may be held back for a quarter of an interval.
        // Where there are no answers, the winner's next one.
        // With numbers that one counts only after it has heard the loser's.
        let exchange =
            election.answersLowerPriority ? shorter + longer / 4 : isNumbered ? longer * 2 : longer
        let bound = exchange + (network.longestDelay(at: now) + slack) * 2
        if now - since > bound {
            report(
                .oneMaster, at: now, "directors \(left) and \(right) have both been master for \(now - since)"
            )
        }
    }
}
