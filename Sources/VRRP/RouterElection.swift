import NetTypes
import Timekeeping

// Advertisements and timers: RFC 9568 sections 6.4.2 (Backup) and 6.4.3 (Active).

extension Router {
    mutating func heard(
        _ advertisement: Advertisement, from source: IPv4Address, at now: Instant
    ) -> [Action] {
        // A loop in the network; to act on it would make a router yield to itself.
        guard source != primaryAddress else { return [] }
        if advertisement.priority == 0, state.name == .backup || state.name == .master {
            statistics.resignationsReceived += 1
        }
        switch state {
        case .initialize, .fault: return []
        case .backup(let backup):
            listenAsBackup(backup, to: advertisement, from: source, at: now)
            return []
        case .master(let master): return listenAsMaster(master, to: advertisement, from: source, at: now)
        }
    }

    mutating func timer(at now: Instant) -> [Action] {
        switch state {
        case .initialize, .fault: return []
        case .backup(let backup): return masterDown(backup, at: now)
        case .master(let master):
            return master.doubt == nil ? advertise(master, at: now) : resolveDoubt(master, at: now)
        }
    }

    // MARK: Backup

    private mutating func listenAsBackup(
        _ old: Backup, to advertisement: Advertisement, from source: IPv4Address, at now: Instant
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
        if lower, configuration.preemptDelay > .zero {
            backup.mayPreemptAt = backup.mayPreemptAt ?? now + configuration.preemptDelay
        } else {
            backup.mayPreemptAt = nil
        }
        let waits = backup.mayPreemptAt.map { now < $0 } ?? false
        guard !lower || !preempts || waits else {
            // The timer runs on: three intervals without a better master, and the weaker one is displaced.
            backup.awaiting = .preemption(of: heard)
            return
        }
        backup.masterInterval = pinned(advertisement.interval)
        backup.masterDownAt = now + masterDownInterval(advertisement.interval)
        backup.awaiting = .nextAdvertisement(heard)
        backup.looksAgain = false
    }

    private mutating func masterDown(_ old: Backup, at now: Instant) -> [Action] {
        guard now >= old.masterDownAt else { return [] }
        let late = now - old.masterDownAt
        guard late > old.masterInterval, !old.looksAgain else {
            return becomeMaster(because: old.awaiting.reason(at: now), at: now)
        }
        // A process that did not run for an interval was deaf, not the master dumb: while the machine was
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
        _ old: Master, to advertisement: Advertisement, from source: IPv4Address, at now: Instant
    ) -> [Action] {
        let heard = HeardAdvertisement(source: source, priority: advertisement.priority, at: now)
        if advertisement.priority == 0 {
            // RFC 9568 6.4.3 (705): answer at once, so that no backup of the resigned one takes over.
            return assert(old, announcing: false, at: now)
        }
        if let reason = yields(to: heard) {
            return yield(to: advertisement, heard, because: reason, at: now)
        }
        if let doubt = old.doubt, !preempts {
            return yield(
                to: advertisement, heard, because: .deposed(doubt.silence, by: heard), at: now)
        }
        var actions = note(.secondMaster(heard), at: now)
        if advertisement.priority == 255 { actions += note(.secondOwner(source), at: now) }
        return actions + assert(old, announcing: true, at: now)
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
    private mutating func assert(_ old: Master, announcing: Bool, at now: Instant) -> [Action] {
        var master = old
        if var doubt = master.doubt {
            doubt.owesAnnouncement = doubt.owesAnnouncement || announcing
            master.doubt = doubt
            state = .master(master)
            return []
        }
        if announcing { master.announcements.restart(at: now) }
        master.advertiseAt = min(
            master.advertiseAt, max(now, master.lastSentAt + configuration.advertisementInterval / 4))
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

    private mutating func send(_ master: inout Master, at now: Instant) -> Action {
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

    // MARK: The lease

    /// A master whose last advert is older than a peer waits may have been replaced. It marks itself in
    /// doubt, which makes `nextDeadline` lie in the past: the shell takes a fresh turn, drains its sockets,
    /// and only then `.timer` lets it act again.
    mutating func beginDoubt(at now: Instant) -> [Action] {
        guard case .master(var master) = state, master.doubt == nil else { return [] }
        let silence = now - master.lastSentAt
        guard silence > MasterDown.lease(of: configuration) else { return [] }
        master.doubt = Doubt(silence: silence)
        master.advertiseAt = now
        state = .master(master)
        statistics.leasesExpired += 1
        // Not limited like other notes: each expiry is a stall of its own, and at most one a lease.
        return [.note(.leaseExpired(silence))]
    }

    /// Everything queued has been heard and nobody better is master.
    private mutating func resolveDoubt(_ old: Master, at now: Instant) -> [Action] {
        guard let doubt = old.doubt else { return [] }
        guard preempts else {
            // Whoever replaced us keeps the addresses: listen for one of its adverts before claiming them
            // again.
            statistics.leftMaster += 1
            let own = configuration.advertisementInterval
            return listen(for: own + skew(own), because: .stalled(doubt.silence), at: now)
        }
        var master = old
        master.doubt = nil
        master.announcements.restart(at: now)
        var actions = [send(&master, at: now)]
        if doubt.owesAddresses { actions.append(.acquireAddresses) }
        if let packets = master.announcements.due(at: now) {
            actions.append(.announce(packetsPerAddress: packets))
        }
        state = .master(master)
        return actions
    }

    // MARK: Reconfiguration

    mutating func reconfigure(_ new: RouterConfiguration, at now: Instant) -> [Action] {
        precondition(
            new.describesSameRouter(as: configuration), "\(new.name) would be another virtual router")
        let old = configuration
        guard new != old else { return [] }
        adoptConfiguration(new)
        switch state {
        case .initialize, .fault: return []
        case .backup(let backup):
            reconfigure(backup, from: old, at: now)
            return []
        case .master(let master): return reconfigure(master, from: old, at: now)
        }
    }

    /// The running wait is corrected by what the new configuration would have made of it, and never
    /// lengthened beyond a whole new one.
    private mutating func reconfigure(_ old: Backup, from before: RouterConfiguration, at now: Instant) {
        var backup = old
        let former = MasterDown.interval(
            version: before.version, priority: before.priority, masterInterval: backup.masterInterval)
        if case .nextAdvertisement = backup.awaiting, configuration.version == .v3 {
            // The interval is the master's, not ours.
        } else {
            backup.masterInterval = configuration.advertisementInterval
        }
        let whole = masterDownInterval(backup.masterInterval)
        backup.masterDownAt = min(backup.masterDownAt + (whole - former), now + whole)
        if configuration.preemptDelay == .zero { backup.mayPreemptAt = nil }
        state = .backup(backup)
    }

    /// Mastership stays: peers hear the news at once, and if the new priority is too low one of them takes
    /// over in its own time while the addresses are still held here.
    private mutating func reconfigure(
        _ old: Master, from before: RouterConfiguration, at now: Instant
    ) -> [Action] {
        var master = old
        let addressesChanged =
            before.virtualAddresses != configuration.virtualAddresses
            || before.excludedAddresses != configuration.excludedAddresses
        if configuration.advertisementInterval > before.advertisementInterval {
            master.oldPace = OldPace(interval: before.advertisementInterval, remaining: 3)
        }
        if var doubt = master.doubt {
            doubt.owesAddresses = doubt.owesAddresses || addressesChanged
            master.doubt = doubt
            state = .master(master)
            return []
        }
        if before.announcements != configuration.announcements || addressesChanged {
            master.announcements = Announcements(configuration.announcements, startingAt: now)
        }
        var actions = [send(&master, at: now)]
        if addressesChanged { actions.append(.acquireAddresses) }
        if let packets = master.announcements.due(at: now) {
            actions.append(.announce(packetsPerAddress: packets))
        }
        state = .master(master)
        return actions
    }
}
