import Timekeeping

// A reload that changes a running router. The election is disturbed as little as the protocol allows.

extension Router {
    mutating func reconfigure(_ new: RouterConfiguration, at now: Instant) -> [Action] {
        precondition(
            new.describesSameRouter(as: configuration), "\(new.name) would be another virtual router")
        let old = configuration
        guard new != old else { return [] }
        adoptConfiguration(new)
        if new.group == nil, groupFault != nil {
            // Nobody asks any more after those whose fault it shared.
            groupFault = nil
            return leaveFault(because: .groupFit, at: now)
        }
        switch state {
        case .initialize, .fault, .handingOver: return []
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
            version: before.version, priority: before.priority, masterInterval: backup.masterInterval,
            adverts: before.election.downTimerAdverts)
        // In version 3 an interval once learned is the master's; before that, and in version 2 always, it
        // is ours.
        let learned =
            if case .firstAdvertisement = backup.awaiting { false } else { configuration.version == .v3 }
        if !learned { backup.masterInterval = configuration.advertisementInterval }
        let whole = masterDownInterval(backup.masterInterval)
        backup.masterDownAt = min(backup.masterDownAt + (whole - former), now + whole)
        if configuration.preemptionWait == .zero { backup.mayPreemptAt = nil }
        if configuration.group == nil { backup.isCandidate = false }
        // The master whose time was running out is the better one now, or is to be left alone.
        if case .preemption(let heard) = backup.awaiting,
            heard.priority >= configuration.priority || !preempts
        {
            backup.awaiting = .nextAdvertisement(heard)
            backup.masterInterval = pinned(backup.ignoredInterval)
            backup.masterDownAt = heard.at + masterDownInterval(backup.masterInterval)
            backup.mayPreemptAt = nil
            backup.isCandidate = false
        }
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
        let effectsChanged =
            addressesChanged || before.routes != configuration.routes || before.rules != configuration.rules
        if configuration.advertisementInterval > before.advertisementInterval {
            master.oldPace = OldPace(interval: before.advertisementInterval, remaining: 3)
        }
        if var doubt = master.doubt {
            doubt.owesAddresses = doubt.owesAddresses || effectsChanged
            master.doubt = doubt
            state = .master(master)
            return []
        }
        if before.announcements != configuration.announcements || addressesChanged {
            master.announcements = Announcements(configuration.announcements, startingAt: now)
        }
        var actions = [send(&master, at: now)]
        if effectsChanged { actions.append(.acquireAddresses) }
        if let packets = master.announcements.due(at: now) {
            actions.append(.announce(packetsPerAddress: packets))
        }
        state = .master(master)
        return actions
    }
}
