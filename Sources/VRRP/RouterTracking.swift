import Timekeeping

// What is tracked beside the router's own interface: a router that must not be master is in fault, like one
// without its interface, and says so to its peers, since it still can.

extension Router {
    mutating func track(_ fault: Tracked?, at now: Instant) -> [Action] {
        trackingFault = fault
        return fault.map { enterFault(because: .unfit($0)) } ?? leaveFault(because: .fit, at: now)
    }

    mutating func follow(faultOf member: String?, at now: Instant) -> [Action] {
        groupFault = member
        return member.map { enterFault(because: .groupFault(of: $0)) }
            ?? leaveFault(because: .groupFit, at: now)
    }

    /// What keeps it in fault beside its own interface.
    var faultReason: Reason? { trackingFault.map(Reason.unfit) ?? groupFault.map(Reason.groupFault) }

    private mutating func enterFault(because reason: Reason) -> [Action] {
        switch state {
        case .initialize, .fault, .handingOver: return []
        case .backup: return beginInFault(because: reason)
        case .master:
            statistics.leftMaster += 1
            return resign(because: reason)
        }
    }

    /// Out of fault, when nothing is left that keeps it there.
    mutating func leaveFault(because reason: Reason, at now: Instant) -> [Action] {
        guard case .fault = state, hasInterface, faultReason == nil else { return [] }
        if configuration.priority == 255 { return beginAsOwner(at: now) }
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
