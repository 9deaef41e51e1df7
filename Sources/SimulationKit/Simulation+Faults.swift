import NetTypes
import Timekeeping
import VRRP

// What goes wrong, how it is mended, and what is judged when all is quiet.

extension Simulation {
    /// Every fault ends before the quiet time begins.
    private func end(after length: Interval) -> Instant {
        max(now, min(now + length, Instant(nanoseconds: 0) + scenario.faultTime))
    }

    mutating func strike(_ fault: Fault) {
        note("fault: \(fault)")
        switch fault {
        case .crashProcess(let node, let length): crash(node, restartAt: end(after: length))
        case .crashHost(let node, let length): loseHost(node, bootAt: end(after: length))
        case .stop(let node, let length): stop(node, startAt: end(after: length))
        case .freeze(let node, let length):
            freeze(node, for: length)
        case .cut(let from, let to, let bothWays, let length):
            cut(from, to, until: end(after: length))
            if bothWays { cut(to, from, until: end(after: length)) }
        case .unplug(let node, let length):
            directors[node].unplugs += 1
            directors[node].interfaceUp = false
            matchInterface(node)
            queue.push(.plug(node: node), at: end(after: length))
        case .reprioritise(let node, let priority): reprioritise(node, priority)
        case .relist(let node, let count): relist(node, count)
        case .suspend(let node, let length):
            guard directors[node].router != nil else { return }
            directors[node].isAsleep = true
            freeze(node, for: length)
        case .stranger(let node, let stranger): meet(stranger, node)
        }
    }

    private mutating func freeze(_ node: Int, for length: Interval) {
        guard directors[node].router != nil else { return }
        directors[node].freezes += 1
        queue.push(.thaw(node: node, life: directors[node].life), at: end(after: length))
    }

    /// To the router it is as bad as a damaged packet.
    private mutating func meet(_ stranger: Stranger, _ node: Int) {
        var advert = speech(of: node, priority: 255)
        if stranger == .otherVirtualRouter { advert.virtualRouterID += 1 }
        if stranger == .otherVersion { advert.version = advert.version == .v2 ? .v3 : .v2 }
        var sender = directors[node]
        sender.address = Scenario.address(of: 77, sender.configuration.family)
        var datagram = datagram(advert, from: sender, to: directors[node].address)
        if stranger == .farAway { datagram.timeToLive = 64 }
        let flight = Flight(to: node, after: .zero, datagram: datagram, corrupted: true)
        queue.push(.arrival(flight, from: node), at: now)
    }

    private mutating func cut(_ from: Int, _ to: Int, until: Instant) {
        network.block(from, to, true, at: now)
        queue.push(.mend(from: from, to: to), at: until)
    }

    mutating func endLife(_ node: Int) {
        collectCounters(of: node)
        directors[node].lastSequence = directors[node].router?.sequence ?? 0
        directors[node].die(at: now)
        directors[node].freezes = 0
        directors[node].isAsleep = false
        invariants.died(node)
    }

    private mutating func crash(_ node: Int, restartAt: Instant) {
        guard directors[node].router != nil else { return }
        if !directors[node].isMaster { directors[node].lastMasterSend = nil }
        endLife(node)
        let life = directors[node].life
        queue.push(.start(node: node, life: life), at: restartAt)
        if sabotage != .leavesAddressesOfTheDead {
            queue.push(.withdraw(node: node, life: life), at: now + Self.withdrawal)
        }
    }

    private mutating func loseHost(_ node: Int, bootAt: Instant) {
        guard directors[node].hostUp else { return }
        endLife(node)
        directors[node].hostUp = false
        directors[node].kernelAddresses = []
        directors[node].lastMasterSend = nil
        queue.push(.start(node: node, life: directors[node].life), at: bootAt)
    }

    private mutating func stop(_ node: Int, startAt: Instant) {
        guard directors[node].runs, directors[node].stopsUntil == nil else { return }
        directors[node].stopsUntil = startAt
        // Whoever has not ended by then is told so again.
        queue.push(.start(node: node, life: directors[node].life), at: startAt)
        act(node, .shutdown)
    }

    /// Ends a daemon that was told to stop and has done all it owed.
    mutating func endStop(_ node: Int) {
        guard let startAt = directors[node].stopsUntil, directors[node].router?.state == .initialize else {
            return
        }
        endLife(node)
        directors[node].lastMasterSend = nil
        queue.push(.start(node: node, life: directors[node].life), at: max(now, startAt))
    }

    private mutating func reprioritise(_ node: Int, _ priority: UInt8) {
        // A frozen daemon does not hear its operator; a dead one reads the new file when it starts.
        guard directors[node].freezes == 0 else { return }
        let old = directors[node].configuration.priority
        directors[node].configuration.priority = priority
        guard directors[node].router != nil else { return }
        let preempts = directors[node].configuration.preempts
        invariants.reprioritised(node, from: old, to: priority, preempts: preempts)
        act(node, .reconfigured(directors[node].configuration))
    }

    private mutating func relist(_ node: Int, _ count: Int) {
        guard directors[node].freezes == 0 else { return }
        let all = scenario.routers[node].virtualAddresses
        directors[node].configuration.virtualAddresses = Array(all.prefix(count))
        guard directors[node].router != nil else { return }
        invariants.reloaded(node)
        act(node, .reconfigured(directors[node].configuration))
    }

    /// The supervisor starts the daemon, which goes on as master when its right to be master is still valid.
    mutating func start(_ node: Int) {
        note("director \(node) starts")
        let configuration = directors[node].configuration
        directors[node].hostUp = true
        directors[node].diedAt = nil
        var router = Router(configuration: configuration, digest: Self.digest)
        router.beginNumbering(after: Self.epoch + UInt32(clamping: now.nanoseconds / 1_000_000_000))
        directors[node].router = router
        let address = directors[node].address
        if !directors[node].interfaceUp {
            act(node, .interfaceDown)
        } else if let last = directors[node].lastMasterSend, !directors[node].kernelAddresses.isEmpty,
            now - last < MasterDown.lease(of: configuration)
        {
            router.continueNumbering(after: directors[node].lastSequence)
            directors[node].router = router
            act(node, .adopt(primaryAddress: address))
        } else {
            act(node, .startup(primaryAddress: address))
        }
    }

    /// The daemon runs again. The worst case for its lease: it was stopped between reading its sockets and
    /// its clock, so a timer comes before what is queued. A backup's never does: the contract of `Router`.
    mutating func thaw(_ node: Int) {
        directors[node].freezes -= 1
        guard directors[node].freezes == 0 else { return }
        directors[node].isAsleep = false
        let count = directors[node].inbox.count
        note("director \(node) thaws with \(count) packets queued")
        thawedAt[node] = now
        matchInterface(node)
        let due = directors[node].router?.nextDeadline.map { $0 <= now } ?? false
        let isBackup = directors[node].router?.state.name == .backup
        let isEarly = random.chance(permille: 500) && !isBackup
        if due, isEarly || sabotage == .skipsDraining || sabotage == .decidesBeforeHearing && isBackup {
            act(node, .timer)
            if sabotage == .skipsDraining { act(node, .timer) }
        }
        let queued = directors[node].inbox
        directors[node].inbox = []
        for (datagram, corrupted) in queued { hear(node, datagram, corrupted: corrupted) }
        if let until = directors[node].stopsUntil, until <= now { act(node, .shutdown) }
    }

    mutating func plug(_ node: Int) {
        directors[node].unplugs -= 1
        guard directors[node].unplugs == 0 else { return }
        note("director \(node) is plugged in again")
        directors[node].interfaceUp = true
        matchInterface(node)
    }

    /// Tells a running daemon what has become of its interface.
    private mutating func matchInterface(_ node: Int) {
        guard directors[node].runs, let state = directors[node].router?.state.name else { return }
        if !directors[node].interfaceUp, state != .fault {
            act(node, .interfaceDown)
        } else if directors[node].interfaceUp, state == .fault {
            act(node, .interfaceUp(primaryAddress: directors[node].address))
        }
    }

    // MARK: Quiet

    /// Master_Down_Interval of the slowest, plus what is still on the way.
    private var settleTime: Interval {
        let slowest =
            directors.map { director in
                MasterDown.interval(
                    version: director.configuration.version, priority: director.configuration.priority,
                    masterInterval: scenario.unit,
                    adverts: director.configuration.election.downTimerAdverts)
            }.max() ?? .zero
        // An owner that starts behind its peers' numbers is heard once they have spoken as masters.
        return slowest * (scenario.isNumbered ? 2 : 1) + scenario.network.delayHigh
            + (NetworkFaults().delayHigh + Self.lateness) * 2
    }

    mutating func becomeQuiet() {
        note("quiet")
        network.calm(at: now)
        queue.push(.settled, at: now + settleTime)
        // Announcements that peers provoke may wait for `spacing`.
        let patience = scenario.heals ? Announcements.spacing + scenario.unit * 2 : .zero
        let watch = max(scenario.unit * 6, patience)
        queue.push(.finalBlow, at: now + settleTime + watch)
    }

    private var masters: [Int] { directors.indices.filter { directors[$0].isMaster } }

    /// The director that has the best claim, not counting `excluded`.
    private func best(except excluded: Int? = nil) -> Int? {
        directors.indices.filter { $0 != excluded && directors[$0].runs }.max {
            (directors[$0].configuration.priority, directors[$0].address)
                < (directors[$1].configuration.priority, directors[$1].address)
        }
    }

    mutating func judgeElection() {
        let masters = masters
        guard masters.count == 1 else {
            invariants.report(.election, at: now, "masters: \(masters)")
            return
        }
        settled = true
        for master in masters {
            let wanted = directors[master].configuration.advertisedAddresses
            if directors[master].kernelAddresses != wanted {
                let held = directors[master].kernelAddresses
                invariants.report(
                    .addressesFollowState, at: now, "director \(master) holds \(held), not \(wanted)")
            }
        }
        // Addresses decide between two masters only: a backup follows a master of its own priority. An owner
        // preempts always.
        guard let best = best(), let master = masters.first,
            directors[master].configuration.priority < directors[best].configuration.priority,
            directors.allSatisfy(\.configuration.preempts) || directors[best].configuration.priority == 255
        else { return }
        invariants.report(.bestWins, at: now, "director \(master) is master, \(best) has a higher priority")
    }

    mutating func strikeFinally() {
        settled = false
        if scenario.heals, let master = masters.first, announcer != master {
            let detail =
                "director \(master) is master, \(announcer.map(String.init) ?? "nobody") announced last"
            invariants.report(.neighbours, at: now, detail)
        }
        guard let master = masters.first, masters.count == 1, let successor = best(except: master) else {
            queue.push(.end, at: now)
            return
        }
        let configuration = directors[successor].configuration
        let bound: Interval
        switch scenario.finalBlow {
        case .none:
            queue.push(.end, at: now)
            return
        case .crashMaster:
            loseHost(master, bootAt: Instant(nanoseconds: .max))
            bound = MasterDown.interval(of: configuration, after: directors[master].configuration)
        case .stopMaster:
            handsOver = true
            stop(master, startAt: Instant(nanoseconds: .max))
            bound = MasterDown.skew(of: configuration, after: directors[master].configuration)
        }
        note("final blow to director \(master)")
        queue.push(.judgement(master: master), at: now + bound + network.faults.delayHigh + Self.lateness)
    }

    mutating func judgeTakeover(from former: Int) {
        // Two of equal priority may come at the same moment; their addresses decide a moment later.
        if masters.isEmpty {
            invariants.report(.takeover, at: now, "nobody is master after director \(former)")
        }
        ended = true
    }
}
