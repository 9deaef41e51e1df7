import NetTypes
import Timekeeping

// Make before break: a master that stops, or is to hand over, resigns, and goes on holding the addresses
// until its successor has them. keepalived takes them away at once, and for the successor's skew nobody has
// them.

extension Router {
    /// What a master that was told to stop or to hand over still waits for.
    package struct Handover: Hashable, Sendable {
        /// When the addresses go, whoever has them then.
        package var releaseAt: Instant
        /// The longest wait for a successor, as it was when the router resigned.
        package var patience: Interval
        /// The first advert of the successor; nil until it is heard.
        package var successor: HeardAdvertisement?
        /// How far apart the successor's adverts are.
        var successorInterval = Interval.zero
        /// It goes on as backup afterwards, and as master when nobody takes over.
        package var isSwitch = false
    }

    /// A successor sends its advert before it has the addresses and has told the neighbours (RFC 9568 section
    /// 6.4.2 (385)). Both hold them for so long.
    static let overlap = Interval.milliseconds(50)

    /// True between the resignation of a master and the end of its addresses; the state's name is
    /// `.initialize`, for it is no candidate any more.
    package var isHandingOver: Bool { if case .handingOver = state { true } else { false } }

    mutating func handOver(at now: Instant) -> [Action] {
        let patience = MasterDown.handover(of: configuration)
        statistics.leftMaster += 1
        state = .handingOver(Handover(releaseAt: now + patience, patience: patience))
        return [.send(advertisement(priority: 0))]
    }

    /// The same on request. A master in doubt may have been replaced already.
    mutating func switchOver(at now: Instant) -> [Action] {
        guard case .master(let master) = state, master.doubt == nil, configuration.priority < 255 else {
            return []
        }
        let patience = MasterDown.handover(of: configuration)
        state = .handingOver(Handover(releaseAt: now + patience, patience: patience, isSwitch: true))
        return [.send(advertisement(priority: 0))]
    }

    /// Told to stop meanwhile.
    mutating func leave(_ old: Handover) -> [Action] {
        var handover = old
        handover.isSwitch = false
        statistics.leftMaster += 1
        state = .handingOver(handover)
        return []
    }

    /// Whoever advertises now has the addresses in a moment, whatever its priority.
    mutating func heardSuccessor(_ old: Handover, _ heard: HeardAdvertisement, every interval: Interval) {
        guard heard.priority > 0, old.successor == nil else { return }
        var handover = old
        handover.successor = heard
        handover.successorInterval = interval
        handover.releaseAt = heard.at + Self.overlap
        state = .handingOver(handover)
    }

    /// The time has come.
    mutating func endHandover(_ handover: Handover, at now: Instant) -> [Action] {
        guard handover.isSwitch else {
            let reason = handover.successor.map { Reason.handedOver(to: $0) }
            return letGo(because: reason ?? .noSuccessor(handover.patience))
        }
        if let reason = faultReason {
            // It must not be master any more, whoever is.
            (yields, statistics.leftMaster) = (true, statistics.leftMaster + 1)
            return beginInFault(because: reason)
        }
        guard let successor = handover.successor else { return stay(after: handover.patience, at: now) }
        return follow(successor, every: handover.successorInterval, at: now)
    }

    /// The successor has the addresses.
    private mutating func follow(
        _ successor: HeardAdvertisement, every interval: Interval, at now: Instant
    ) -> [Action] {
        (yields, statistics.leftMaster) = (true, statistics.leftMaster + 1)
        // The wait begins now: of the successor's adverts during the overlap only the first was noted.
        state = .backup(
            Backup(
                masterDownAt: now + masterDownInterval(interval), masterInterval: pinned(interval),
                awaiting: .nextAdvertisement(successor)))
        return [.releaseAddresses, .stateChanged(to: .backup, because: .switched(to: successor))]
    }

    /// Nobody took over: it is master as before, which it had the addresses for all the time.
    private mutating func stay(after patience: Interval, at now: Instant) -> [Action] {
        var master = Master(
            advertiseAt: now, lastSentAt: now,
            announcements: Announcements(configuration.announcements, startingAt: now))
        var actions = [send(&master, at: now), .acquireAddresses]
        if let packets = master.announcements.due(at: now) {
            actions.append(.announce(packetsPerAddress: packets))
        }
        state = .master(master)
        // Not limited like other notes: whoever asked for it is told.
        return actions + [.note(.noSuccessor(patience))]
    }

    /// Takes the addresses away and is done.
    mutating func letGo(because reason: Reason) -> [Action] {
        state = .initialize
        return [.releaseAddresses, .stateChanged(to: .initialize, because: reason)]
    }
}
