import Timekeeping

// Instances that are master together or not at all. Each listens for itself; none takes over alone. A value's
// work: whoever owns the routers asks what they are to be told, and delivers it.

extension SyncGroup {
    /// What the members are to be told so that they stay together, by their place in `routers`; to be asked
    /// again after it was delivered, and empty when they agree or wait for each other.
    ///
    /// 1. While one is in fault by itself, all others are in fault.
    /// 2. When one follows another master, the others resign.
    /// 3. When each is master, or would be if it were alone, all are.
    package func corrections(of routers: [Router]) -> [(place: Int, event: Router.Event)] {
        let places = routers.indices.filter { members.contains(routers[$0].configuration.name) }
        let faults: [(place: Int, event: Router.Event)] = places.compactMap { place in
            let other = places.first { $0 != place && routers[$0].isUnfit }
            let name = other.map { routers[$0].configuration.name }
            guard (name == nil) != (routers[place].groupFault == nil) else { return nil }
            return (place, .groupFault(of: name))
        }
        guard faults.isEmpty else { return faults }
        let masters = places.filter { routers[$0].state.name == .master }
        if let follower = places.first(where: { routers[$0].follows }) {
            let name = routers[follower].configuration.name
            return masters.map { ($0, .resign(with: name)) }
        }
        let candidates = places.filter { routers[$0].isCandidate }
        guard masters.count + candidates.count == places.count else { return [] }
        return candidates.map { ($0, .takeOver) }
    }
}

extension Router {
    /// In fault by its own interface or by what it tracks itself.
    fileprivate var isUnfit: Bool { state.name == .fault && (!hasInterface || trackingFault != nil) }

    /// It would be master if it were alone.
    package var isCandidate: Bool {
        if case .backup(let backup) = state { backup.isCandidate } else { false }
    }

    /// It has accepted another master.
    fileprivate var follows: Bool {
        if case .backup(let backup) = state { !backup.isCandidate && backup.master != nil } else { false }
    }
}
