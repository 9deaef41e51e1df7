// What roles tell when they are asked for what they know: for people and their tools, nothing is decided by
// it.

import HealthChecks
import NetTypes
import Timekeeping
import VRRP

/// What the vrrp role knows of one instance.
package struct InstanceFacts: Hashable, Sendable, Codable {
    /// A virtual address and where it stands.
    package struct Address: Hashable, Sendable, Codable {
        /// The address with its prefix length.
        package var prefix: Prefix
        /// The interface it belongs to.
        package var interface: String
        /// The kernel has it there now, whoever put it there.
        package var isPresent: Bool
    }

    /// The master that a backup follows.
    package struct Master: Hashable, Sendable, Codable {
        /// Its primary address.
        package var address: IPAddress
        /// The priority it advertises, 1...255.
        package var priority: UInt8
        /// When its last advert came.
        package var heardAt: Instant
    }

    /// The instance.
    package var name: String
    /// Its state.
    package var state: Router.StateName
    /// Why it is in that state, as the log said; nil before the first change.
    package var reason: String?
    /// The priority it advertises, 1...255.
    package var priority: UInt8
    /// Who is master while it is backup.
    package var master: Master?
    /// Its virtual and excluded addresses, in configured order.
    package var addresses: [Address]
    /// Its counters by the names of `VRRPStatistics.counters`.
    package var counters: [String: UInt64]
    /// `VRRPStatistics.jitter`.
    package var jitter = IntervalHistogram()
    /// From the decision to be master to the first word of it to the neighbours.
    package var takeovers = IntervalHistogram()
    /// How often it changed its state, and why.
    package var transitions: [StateChange: UInt64] = [:]
    /// What each thing that it tracks makes of its priority.
    package var tracking: [TrackingEffect] = []
}

/// From one state of an instance to another, for a reason: what is counted together.
package struct StateChange: Hashable, Sendable, Codable {
    /// The former state.
    package var from: Router.StateName
    /// The new state.
    package var to: Router.StateName
    /// `Reason.word`.
    package var reason: String
}

/// How a role itself is.
package struct RoleHealth: Hashable, Sendable, Codable {
    /// How late it was for what it had to do.
    package var lag = IntervalHistogram()
    /// What the kernel refused it: addresses, routes, rules, links, or rows of IPVS.
    package var refusals: UInt64 = 0
}

/// What the checker knows of one check.
package struct CheckFacts: Hashable, Sendable, Codable {
    /// Place in `CheckerAssignment.checks`.
    package var index: Int
    /// What the check says.
    package var verdict: Verdict
    /// The latest probe that ended; nil before the first.
    package var report: ProbeReport?
    /// What all its probes came to.
    package var tally = ProbeTally()
}

extension Instance {
    /// What there is to tell of it.
    func facts(isPresent: (HeldAddress) -> Bool) -> InstanceFacts {
        var master: InstanceFacts.Master?
        if case .backup(let backup) = router.state, let heard = backup.master {
            master = InstanceFacts.Master(
                address: heard.source, priority: heard.priority, heardAt: heard.at)
        }
        return InstanceFacts(
            name: name, state: router.state.name, reason: reason.map { "\($0)" },
            priority: configuration.priority, master: master,
            addresses: AddressPlan.addresses(of: configuration).map(\.address).map {
                InstanceFacts.Address(prefix: $0.prefix, interface: $0.interface, isPresent: isPresent($0))
            },
            counters: Dictionary(router.statistics.counters.map { ($0.name, $0.value) }) { first, _ in first
            },
            jitter: router.statistics.jitter, takeovers: takeovers, transitions: transitions,
            tracking: tracking)
    }
}
