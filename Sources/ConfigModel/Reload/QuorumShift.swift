import LoadBalancing

/// What a reload makes of the quorum of one service, whatever part of it brings that about: another weight, a
/// server that goes, the quorum itself.
struct QuorumShift {
    /// As it is, and as it will be.
    let before: PoolState
    let after: PoolState
    /// The servers that have the traffic now and will have left the table for the sorry server.
    let leaving: [RealServer]
    private let old: VirtualServer
    private let facts: LiveFacts

    init(from old: VirtualServer, to new: VirtualServer, knowing facts: LiveFacts) {
        func pool(of service: VirtualServer) -> PoolState {
            PoolState(
                of: service, verdicts: facts.verdicts, weights: facts.weights, orders: facts.orders,
                hadQuorum: !facts.lost.contains(service.identity))
        }
        self.old = old
        self.facts = facts
        before = pool(of: old)
        after = pool(of: new)
        guard after.usesSorryServer, !before.usesSorryServer else {
            leaving = []
            return
        }
        // A server that the reload takes out has a line of its own; one that drains keeps what it has.
        let staying = Set(
            after.live.filter { !$0.inhibitOnFailure && facts.orders[new.name(of: $0)] != .drain }
                .map(\.endpoint))
        leaving = before.live.filter { staying.contains($0.endpoint) }
    }

    /// The quorum is lost, or regained.
    var isOne: Bool { before.hasQuorum != after.hasQuorum }

    /// What becomes of the connections to those that leave.
    var loss: ReloadEffects.Effect {
        let open = facts.connections(to: leaving, of: old)
        return (LiveFacts.cut(open), open != 0)
    }

    /// What it does.
    var effect: ReloadEffects.Effect {
        let weights = "the weight that is up is \(after.liveWeight), and \(after.quorum) is needed"
        guard isOne else { return ("judged anew at once: \(weights)", false) }
        if after.hasQuorum {
            guard let sorry = old.sorryServer else { return ("regained at once: \(weights)", false) }
            let open = facts.connections(to: [sorry], of: old)
            let cut = LiveFacts.cut(open)
            return ("regained at once: the servers take over, and of the sorry server \(cut)", open != 0)
        }
        guard after.usesSorryServer else { return ("lost at once: \(weights)", false) }
        let taken = "lost at once: \(weights); the sorry server takes over"
        return leaving.isEmpty ? (taken, true) : ("\(taken), and \(loss.text)", true)
    }
}
