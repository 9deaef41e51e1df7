import NetTypes
import Timekeeping

// Make before break: a master that stops resigns, and goes on holding the addresses until its successor has
// them. keepalived takes them away at once, and for the successor's skew nobody has them.

extension Router {
    /// What a master that was told to stop still waits for.
    package struct Handover: Hashable, Sendable {
        /// When the addresses go, whoever has them then.
        package var releaseAt: Instant
        /// The longest wait for a successor, as it was when the router resigned.
        package var patience: Interval
        /// The first advert of the successor; nil until it is heard.
        package var successor: HeardAdvertisement?
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

    /// Whoever advertises now has the addresses in a moment, whatever its priority.
    mutating func heardSuccessor(_ old: Handover, _ heard: HeardAdvertisement) {
        guard heard.priority > 0, old.successor == nil else { return }
        var handover = old
        handover.successor = heard
        handover.releaseAt = heard.at + Self.overlap
        state = .handingOver(handover)
    }

    /// The time has come.
    mutating func endHandover(_ handover: Handover) -> [Action] {
        let reason = handover.successor.map { Reason.handedOver(to: $0) }
        return letGo(because: reason ?? .noSuccessor(handover.patience))
    }

    /// Takes the addresses away and is done.
    mutating func letGo(because reason: Reason) -> [Action] {
        state = .initialize
        return [.releaseAddresses, .stateChanged(to: .initialize, because: reason)]
    }
}
