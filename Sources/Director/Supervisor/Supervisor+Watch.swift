import ConfigModel
import LoadBalancing
import Timekeeping
import VRRP

// Whether roles live, and what a master may go on holding without one. An instance's right to its addresses
// is a lease: it ends when no advert went out for so long that a peer may have taken over. A vrrp role that
// is dead, hangs, or cannot be started when a lease ends has its addresses taken away by the supervisor
// itself.

extension Supervisor {
    /// When a role is asked for a sign of life, and how long it may take to answer.
    package struct Watch: Hashable, Sendable {
        /// Since it was last heard.
        package var spacing: Interval
        /// Since it was asked.
        package var patience: Interval

        /// For roles whose silence hurts nobody at once.
        static let ordinary = Watch(spacing: .seconds(3), patience: .seconds(10))

        /// For one that has not said yet that it is there, and has so many services and servers to write
        /// before it answers: on a slow and busy machine the kernel takes some ms for each.
        static func start(of objects: Int) -> Watch {
            Watch(spacing: .seconds(10), patience: .seconds(30) + .milliseconds(10) * Int64(objects))
        }
    }

    /// When the right of each master to its addresses ends; in the past when it never advertised.
    private func leaseEnd(of router: RouterConfiguration) -> Instant {
        guard let last = lastAdverts[router.name] else { return Instant(nanoseconds: .min) }
        return last + MasterDown.lease(of: router)
    }

    /// A vrrp role starts in 20 ms on an idle machine; on a busy one that may take ten times as long.
    static let shortLease = Interval.milliseconds(400)

    /// A second vrrp role may wait for the death of the one that runs.
    package var keepsSpare: Bool { hasShortLease && phase == .running && isNeeded(.vrrp) }

    /// It is to be started if it is not there: not while the first one needs the processor for its own start.
    package var wantsSpare: Bool {
        guard keepsSpare, let slot = roles[.vrrp] else { return false }
        return slot.state == .running && slot.isReady
    }

    private var masters: [RouterConfiguration] {
        configuration.instances.filter { states[$0.name] == .master }
    }

    /// The shortest lease of a master, as a length.
    private var shortestLease: Interval? { masters.map(MasterDown.lease).min() }

    /// The next end of a lease that nobody renews.
    private var leaseDeadline: Instant? {
        guard roles[.vrrp]?.isAlive == false else { return nil }
        return masters.map(leaseEnd).min()
    }

    /// Every advert of a master is a sign of life, and what is left of the lease is to be enough for a
    /// restart.
    func watch(over role: RoleName) -> Watch {
        if role == .vrrp, let lease = shortestLease {
            return Watch(spacing: lease / 2, patience: lease / 4)
        }
        // The checker never says that it is there, and has nothing to wait for.
        guard roles[role]?.isReady == false, role != .checker else { return .ordinary }
        return .start(of: role == .lvs ? rows : 0)
    }

    /// What lvs has in the kernel when it has written all: services, and their servers.
    var rows: Int {
        configuration.virtualServers.reduce(0) {
            $0 + $1.programmedIdentities.count * (1 + $1.realServers.count)
        }
    }

    /// When a vrrp role that is to go on as master, and has not said yet that it is there, has waited long
    /// enough: no question is put to it.
    private var inheritanceDeadline: Instant? {
        guard let slot = roles[.vrrp], !slot.isReady, let heardAt = slot.heardAt,
            let end = masters.map(leaseEnd).min()
        else { return nil }
        return max(end, heardAt + watch(over: .vrrp).spacing)
    }

    /// No pause of a master's role is longer than this: it is to be back before its lease ends.
    func longestPause(of role: RoleName) -> Interval {
        guard role == .vrrp, let lease = shortestLease else { return RestartPolicy.longestPause }
        return lease / 8
    }

    /// When `watch(at:)` has something to do.
    var watchDeadline: Instant? {
        RoleName.allCases.reduce(leaseDeadline) { Instant?.earlier($0, lifeDeadline(of: $1)) }
    }

    private func lifeDeadline(of role: RoleName) -> Instant? {
        guard let slot = roles[role], slot.state == .running, let heardAt = slot.heardAt else { return nil }
        if role == .vrrp, let deadline = inheritanceDeadline { return deadline }
        let watch = watch(over: role)
        return slot.askedAt.map { $0 + watch.patience } ?? heardAt + watch.spacing
    }

    /// Asks who has been silent, ends who does not answer, and takes away what a dead master left.
    mutating func watch(at now: Instant) -> [Action] {
        var actions: [Action] = []
        for role in RoleName.allCases {
            guard let deadline = lifeDeadline(of: role), deadline <= now else { continue }
            let hasOnlyItsLease = role == .vrrp && inheritanceDeadline != nil
            if roles[role]?.askedAt == nil, !hasOnlyItsLease {
                roles[role]?.askedAt = now
                actions.append(.ask(role))
            } else {
                let deadline = now + Self.patience
                roles[role]?.state = .stopping(deadline: deadline, limit: deadline)
                actions += [.log("\(role) does not answer; killing it", isError: true), .kill(role)]
            }
        }
        return actions + (leaseDeadline.map { $0 <= now } ?? false ? endLeases(at: now) : [])
    }

    /// The role has said something, whatever it is.
    mutating func heard(from role: RoleName, at now: Instant) {
        roles[role]?.heardAt = now
        roles[role]?.askedAt = nil
    }

    /// The vrrp role has written down these adverts. Each of a master is a sign of life, of its own time;
    /// none can be of the future.
    mutating func noted(_ times: [String: Instant], _ numbers: [String: UInt32], at now: Instant) {
        let times = times.filter { states[$0.key] == .master }.mapValues { min($0, now) }
        lastAdverts.merge(times) { max($0, $1) }
        sequences.merge(numbers) { max($0, $1) }
        guard let newest = times.values.max(), let heardAt = roles[.vrrp]?.heardAt, newest > heardAt else {
            return
        }
        heard(from: .vrrp, at: newest)
    }

    /// The vrrp role is not there: the addresses of masters whose lease has ended go. lvs is told, since the
    /// peer is the master now.
    mutating func endLeases(at now: Instant) -> [Action] {
        let lost = masters.filter { leaseEnd(of: $0) <= now }
        guard !lost.isEmpty else { return [] }
        var actions: [Action] = []
        for router in lost {
            states[router.name] = .initialize
            lastAdverts[router.name] = nil
            let line = "(\(router.name)) nobody here advertises any more: its addresses are taken away"
            actions.append(.log(line, isError: true))
        }
        actions.append(.withdraw(keeping: masters, configuration.statics))
        return lost.reduce(into: actions) { actions, router in
            actions += send(.lvs(.state(instance: router.name, .initialize))) + tell(router.name, .fault)
        }
    }
}
