import Timekeeping

// What is tracked beside the router's own interface: a router that must not be master is in fault, like one
// without its interface, and says so to its peers, since it still can.

extension Router {
    mutating func track(_ fault: Tracked?, at now: Instant) -> [Action] {
        trackingFault = fault
        guard let fault else { return leaveFault(because: .fit, at: now) }
        switch state {
        case .initialize, .fault, .handingOver: return []
        case .backup: return beginInFault(because: .unfit(fault))
        case .master:
            statistics.leftMaster += 1
            return resign(because: .unfit(fault))
        }
    }

    /// Out of fault, when nothing is left that keeps it there.
    mutating func leaveFault(because reason: Reason, at now: Instant) -> [Action] {
        guard case .fault = state, hasInterface, trackingFault == nil else { return [] }
        if configuration.priority == 255 { return becomeMaster(because: .ownsAddresses, at: now) }
        return listen(
            for: masterDownInterval(configuration.advertisementInterval), because: reason, at: now)
    }

    /// Into fault without having been master; clears what a predecessor left, too.
    mutating func beginInFault(because reason: Reason) -> [Action] {
        state = .fault
        return [.releaseAddresses, .stateChanged(to: .fault, because: reason)]
    }

    /// Into fault as the one whom peers believe to be master.
    mutating func resign(because reason: Reason) -> [Action] {
        [.send(advertisement(priority: 0))] + beginInFault(because: reason)
    }
}
