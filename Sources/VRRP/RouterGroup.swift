import Timekeeping

// A member of a sync group: it listens for itself, and becomes master, or ceases to be one, with the others.

extension Router {
    /// Its timer has run out: alone it is master, in a group it says that it would be.
    mutating func win(_ old: Backup, at now: Instant) -> [Action] {
        guard configuration.group != nil else {
            return becomeMaster(because: old.awaiting.reason(at: now), at: now)
        }
        var backup = old
        backup.isCandidate = true
        state = .backup(backup)
        return []
    }

    /// The owner of the addresses waits for nobody but its group.
    mutating func beginAsOwner(at now: Instant) -> [Action] {
        guard configuration.group != nil else { return becomeMaster(because: .ownsAddresses, at: now) }
        let actions = listen(for: .zero, because: .started, at: now)
        guard case .backup(let backup) = state else { return actions }
        return actions + win(backup, at: now)
    }

    mutating func takeOver(at now: Instant) -> [Action] {
        guard case .backup(let backup) = state, backup.isCandidate else { return [] }
        return becomeMaster(because: backup.awaiting.reason(at: now), at: now)
    }

    /// Peers hear it, so that none of them waits longer than for the member that yielded.
    mutating func resign(with member: String, at now: Instant) -> [Action] {
        guard case .master = state else { return [] }
        statistics.leftMaster += 1
        let wait = masterDownInterval(configuration.advertisementInterval)
        return [.send(advertisement(priority: 0))]
            + listen(for: wait, because: .groupFollows(member), at: now)
    }
}
