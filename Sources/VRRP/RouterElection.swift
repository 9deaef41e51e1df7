import NetTypes
import Timekeeping

// Advertisements and timers: RFC 9568 sections 6.4.2 (Backup) and 6.4.3 (Active).

extension Router {
    mutating func heard(
        _ advertisement: Advertisement, from source: IPAddress, at now: Instant
    ) -> [Action] {
        // A loop in the network; to act on it would make a router yield to itself.
        guard source != primaryAddress else { return [] }
        if case .handingOver(let handover) = state {
            heardSuccessor(
                handover, HeardAdvertisement(source: source, priority: advertisement.priority, at: now),
                every: advertisement.interval)
            return []
        }
        if configuration.priority == 255, configuration.election.ownerIgnoresAdverts { return [] }
        if advertisement.priority == 0, state.name == .backup || state.name == .master {
            statistics.resignationsReceived += 1
        }
        switch state {
        case .initialize, .fault, .handingOver: return []
        case .backup(let backup):
            listenAsBackup(backup, to: advertisement, from: source, at: now)
            return []
        case .master(let master): return listenAsMaster(master, to: advertisement, from: source, at: now)
        }
    }

    mutating func timer(at now: Instant) -> [Action] {
        switch state {
        case .initialize, .fault: return []
        case .handingOver(let handover): return now < handover.releaseAt ? [] : endHandover(handover, at: now)
        case .backup(let backup): return masterDown(backup, at: now)
        case .master(let master):
            return master.doubt == nil ? advertise(master, at: now) : resolveDoubt(master, at: now)
        }
    }

    /// A backup's timer may be this late, or one interval if that is longer, and still count as silence: what
    /// arrives during shorter stalls waits in queues and is heard first.
    static let patience = Interval.milliseconds(250)

    // MARK: Backup

    private mutating func listenAsBackup(
        _ old: Backup, to advertisement: Advertisement, from source: IPAddress, at now: Instant
    ) {
        var backup = old
        let heard = HeardAdvertisement(source: source, priority: advertisement.priority, at: now)
        defer { state = .backup(backup) }
        if advertisement.priority == 0 {
            backup.masterDownAt = now + skew(backup.masterInterval)
            backup.awaiting = .successor(of: source)
            return
        }
        let lower = advertisement.priority < configuration.priority
        // The owner's addresses are its own: it waits for nobody (RFC 9568 section 6.1, Preempt_Mode).
        let wait = configuration.preemptionWait
        if lower, wait > .zero {
            backup.mayPreemptAt = backup.mayPreemptAt ?? now + wait
        } else {
            backup.mayPreemptAt = nil
        }
        let waits = backup.mayPreemptAt.map { now < $0 } ?? false
        guard !lower || !preempts || waits else {
            // The timer runs on: three intervals without a better master, and the weaker one is displaced.
            backup.awaiting = .preemption(of: heard)
            backup.ignoredInterval = advertisement.interval
            return
        }
        if let last = old.master, last.source == source {
            statistics.noteGap(now - last.at, every: advertisement.interval)
        }
        backup.masterInterval = pinned(advertisement.interval)
        backup.masterDownAt = now + masterDownInterval(advertisement.interval)
        backup.awaiting = .nextAdvertisement(heard)
        backup.looksAgain = false
        backup.isCandidate = false
    }

    private mutating func masterDown(_ old: Backup, at now: Instant) -> [Action] {
        guard now >= old.masterDownAt else { return [] }
        let late = now - old.masterDownAt
        guard late > max(old.masterInterval, Self.patience), !old.looksAgain else {
            return win(old, at: now)
        }
        // A process that did not run for so long was deaf, not the master dumb: while the machine was
        // paused its sockets may have received nothing. A live master speaks within an interval; listen
        // that long, but only once.
        var backup = old
        backup.masterDownAt = now + backup.masterInterval + skew(backup.masterInterval)
        backup.looksAgain = true
        state = .backup(backup)
        return note(.timerLate(late), at: now)
    }

    // MARK: Master

    private mutating func listenAsMaster(
        _ old: Master, to advertisement: Advertisement, from source: IPAddress, at now: Instant
    ) -> [Action] {
        let heard = HeardAdvertisement(source: source, priority: advertisement.priority, at: now)
        if advertisement.priority == 0 {
            // RFC 9568 6.4.3 (705): answer at once, so that no backup of the resigned one takes over.
            return assert(old, announcing: false, at: now)
        }
        if let reason = yields(to: heard) {
            // The winner may never have heard of us, after a partition for one; only knowing makes it
            // announce itself to the neighbours we misled.
            let farewell =
                configuration.election.tellsWinner
                ? [Action.send(self.advertisement(priority: configuration.priority))] : []
            return farewell + yield(to: advertisement, heard, because: reason, at: now)
        }
        // Deposed while it did not run, it keeps silent: its advert would win.
        if let doubt = old.doubt, !preempts {
            return yield(
                to: advertisement, heard, because: .deposed(doubt.silence, by: heard), at: now)
        }
        var actions = note(.secondMaster(heard), at: now)
        if advertisement.priority == 255 { actions += note(.secondOwner(source), at: now) }
        return actions
            + assert(
                old, advertising: configuration.election.answersLowerPriority, announcing: true, at: now)
    }

    /// Whether the other master has the better claim: priority, then address (RFC 9568 6.4.3 (725)).
    private func yields(to other: HeardAdvertisement) -> Reason? {
        if other.priority > configuration.priority { return .higherPriority(other) }
        if other.priority == configuration.priority, let primaryAddress, other.source > primaryAddress {
            return .higherAddress(other)
        }
        return nil
    }

    private mutating func yield(
        to advertisement: Advertisement, _ heard: HeardAdvertisement, because reason: Reason, at now: Instant
    ) -> [Action] {
        statistics.leftMaster += 1
        state = .backup(
            Backup(
                masterDownAt: now + masterDownInterval(advertisement.interval),
                masterInterval: pinned(advertisement.interval), awaiting: .nextAdvertisement(heard)))
        return [.releaseAddresses, .stateChanged(to: .backup, because: reason)]
    }

    /// RFC 9568 6.4.3 (735): tells the loser at once, and the neighbours whom it had misled. At most four
    /// such answers an interval, and bursts `Announcements.spacing` apart: whoever floods us must not be
    /// amplified.
    private mutating func assert(
        _ old: Master, advertising: Bool = true, announcing: Bool, at now: Instant
    ) -> [Action] {
        var master = old
        if var doubt = master.doubt {
            doubt.owesAnnouncement = doubt.owesAnnouncement || announcing
            master.doubt = doubt
            state = .master(master)
            return []
        }
        if announcing { master.announcements.answer(at: now) }
        if advertising {
            master.advertiseAt = min(
                master.advertiseAt, max(now, master.lastSentAt + configuration.advertisementInterval / 4))
        }
        return advertise(master, at: now)
    }

    /// Sends and announces what is due.
    private mutating func advertise(_ old: Master, at now: Instant) -> [Action] {
        var master = old
        var actions: [Action] = []
        if now >= master.advertiseAt { actions.append(send(&master, at: now)) }
        if let packets = master.announcements.due(at: now) {
            actions.append(.announce(packetsPerAddress: packets))
        }
        state = .master(master)
        return actions
    }

    mutating func send(_ master: inout Master, at now: Instant) -> Action {
        var interval = configuration.advertisementInterval
        if var pace = master.oldPace {
            interval = min(interval, pace.interval)
            pace.remaining -= 1
            master.oldPace = pace.remaining > 0 ? pace : nil
        }
        master.lastSentAt = now
        master.advertiseAt = now + interval
        return .send(advertisement(priority: configuration.priority))
    }
}
