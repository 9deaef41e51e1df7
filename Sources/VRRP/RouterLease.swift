import Timekeeping

// A master's right to be master is a lease: it lasts as long as no peer can have given up on it.

extension Router {
    /// A master whose last advert is older than a peer waits may have been replaced. It marks itself in
    /// doubt, which makes `nextDeadline` lie in the past: the shell takes a fresh turn, drains its sockets,
    /// and only then `.timer` lets it act again.
    mutating func beginDoubt(at now: Instant) -> [Action] {
        guard case .master(var master) = state, master.doubt == nil, isInDoubt(at: now) else { return [] }
        let silence = now - master.lastSentAt
        master.doubt = Doubt(silence: silence)
        master.advertiseAt = now
        state = .master(master)
        statistics.leasesExpired += 1
        // Not limited like other notes: each expiry is a stall of its own, and at most one a lease.
        return [.note(.leaseExpired(silence))]
    }

    /// Everything queued has been heard and nobody better is master.
    mutating func resolveDoubt(_ old: Master, at now: Instant) -> [Action] {
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
}
