import NetTypes
import Timekeeping

// Starting, stopping, and the ways into each state.

extension Router {
    /// RFC 9568 section 6.4.1.
    mutating func start(_ address: IPAddress, at now: Instant) -> [Action] {
        guard case .initialize = state else { return [] }
        adoptPrimaryAddress(address)
        if let reason = faultReason { return beginInFault(because: reason) }
        if configuration.priority == 255 { return beginAsOwner(at: now) }
        // `state MASTER` only shortens the first wait: one interval and the least skew, instead of three
        // and our own. A sync backup's must find a master that there is, however late its advert.
        let own = configuration.advertisementInterval
        let wait =
            configuration.startsAsMaster && configuration.syncWait == .zero
            ? own + MasterDown.skew(version: configuration.version, priority: 255, masterInterval: own)
            : masterDownInterval(own)
        return listen(for: wait, because: .started, at: now)
    }

    /// The successor of a process that died as master: to its peers nothing has happened.
    mutating func adopt(_ address: IPAddress, at now: Instant) -> [Action] {
        guard case .initialize = state else { return [] }
        adoptPrimaryAddress(address)
        if let reason = faultReason { return resign(because: reason) }
        return becomeMaster(because: .adopted, at: now)
    }

    /// RFC 9568 sections 6.4.2 and 6.4.3, Shutdown.
    mutating func shutDown(at now: Instant) -> [Action] {
        switch state {
        case .initialize: return []
        case .backup, .fault:
            state = .initialize
            return [.stateChanged(to: .initialize, because: .shutdown)]
        case .master: return handOver(at: now)
        case .handingOver(let handover):
            return handover.isSwitch ? leave(handover) : letGo(because: .shutdown)
        }
    }

    mutating func interfaceDown() -> [Action] {
        hasInterface = false
        if case .fault = state { return [] }
        if case .handingOver(let handover) = state {
            guard handover.isSwitch else { return letGo(because: .interfaceDown) }
            // It has resigned on request: what its successor takes over now it does not take back.
            yields = true
        }
        // Nothing can be sent any more, so a master cannot resign; peers notice by their timers.
        if state.name == .master || isHandingOver { statistics.leftMaster += 1 }
        state = .fault
        return [.releaseAddresses, .stateChanged(to: .fault, because: .interfaceDown)]
    }

    mutating func interfaceUp(_ address: IPAddress, at now: Instant) -> [Action] {
        hasInterface = true
        if case .initialize = state { return [] }
        adoptPrimaryAddress(address)
        return leaveFault(because: .interfaceUp, at: now)
    }

    /// Into Backup without having heard a master. `.releaseAddresses` also clears what a predecessor left.
    mutating func listen(for wait: Interval, because reason: Reason, at now: Instant) -> [Action] {
        let delay = configuration.preemptionWait
        state = .backup(
            Backup(
                masterDownAt: now + wait, masterInterval: configuration.advertisementInterval,
                mayPreemptAt: delay > .zero ? now + delay : nil, awaiting: .firstAdvertisement(since: now)))
        return [.releaseAddresses, .stateChanged(to: .backup, because: reason)]
    }

    /// RFC 9568 sections 6.4.1 (100) and 6.4.2 (385): advert first, so that a second candidate stays quiet.
    mutating func becomeMaster(because reason: Reason, at now: Instant) -> [Action] {
        yields = false
        var announcements = Announcements(configuration.announcements, startingAt: now)
        let packets = announcements.due(at: now)
        state = .master(
            Master(
                advertiseAt: now + configuration.advertisementInterval, lastSentAt: now,
                announcements: announcements))
        statistics.becameMaster += 1
        let announce = packets.map { [Action.announce(packetsPerAddress: $0)] } ?? []
        return [.send(advertisement(priority: configuration.priority)), .acquireAddresses] + announce
            + [.stateChanged(to: .master, because: reason)] + noteFlapping(at: now)
    }

    private mutating func noteFlapping(at now: Instant) -> [Action] {
        masterships = masterships.filter { now - $0 < Self.flappingTime } + [now]
        guard masterships.count >= Self.flappingCount else { return [] }
        return note(.flapping(times: masterships.count, within: Self.flappingTime), at: now)
    }

    /// Master_Down_Interval against a master with this interval. Version 2 knows only the configured one.
    func masterDownInterval(_ masterInterval: Interval) -> Interval {
        MasterDown.interval(
            version: configuration.version, priority: configuration.priority,
            masterInterval: pinned(masterInterval), adverts: configuration.election.downTimerAdverts)
    }

    func skew(_ masterInterval: Interval) -> Interval {
        MasterDown.skew(
            version: configuration.version, priority: configuration.priority,
            masterInterval: pinned(masterInterval))
    }

    /// Active_Adver_Interval follows the master in version 3 and the configuration in version 2.
    func pinned(_ masterInterval: Interval) -> Interval {
        configuration.version == .v2 ? configuration.advertisementInterval : masterInterval
    }

    /// An owner preempts whatever `nopreempt` says (RFC 9568 section 6.1, Preempt_Mode).
    var preempts: Bool { (configuration.preempts && !yields) || configuration.priority == 255 }

    /// Our advertisement with this priority, counted as sent.
    mutating func advertisement(priority: UInt8) -> Advertisement {
        statistics.sent += 1
        if priority == 0 { statistics.resignationsSent += 1 }
        return Advertisement(
            version: configuration.version, virtualRouterID: configuration.virtualRouterID,
            priority: priority,
            interval: configuration.advertisementInterval, addresses: configuration.advertisedAddresses,
            authentication: configuration.version == .v2 ? configuration.authentication : .none,
            sequence: nextSequence())
    }
}
