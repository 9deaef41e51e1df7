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
}

/// What the checker knows of one check.
package struct CheckFacts: Hashable, Sendable, Codable {
    /// Place in `CheckerAssignment.checks`.
    package var index: Int
    /// What the check says.
    package var verdict: Verdict
    /// The latest probe that ended; nil before the first.
    package var report: ProbeReport?
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
            counters: Dictionary(router.statistics.counters.map { ($0.name, $0.value) }) { first, _ in first }
        )
    }
}
