import HealthChecks
import LoadBalancing
import NetTypes
import Timekeeping

/// What the roles know, asked for when somebody wants to see it. A value; the commands are sent by its owner.
struct Survey {
    /// A service of the kernel.
    struct Service: Hashable {
        var counters: IPVSCounters
        var destinations: [Endpoint: DestinationReading]

        init(_ reading: ServiceReading) {
            counters = reading.counters
            destinations = Dictionary(reading.destinations.map { ($0.endpoint, $0) }) { first, _ in first }
        }
    }

    /// What the roles have told.
    struct Findings: Hashable {
        /// By name; an instance whose role is not there is missing.
        var instances: [String: InstanceFacts] = [:]
        /// What the link of each interface of `interface_up_down_delays` counts as.
        var delayedLinks: [String: Bool] = [:]
        /// The kernel's services, those of others included.
        var services: [ServiceIdentity: Service] = [:]
        /// By specification.
        var checks: [CheckSpecification: CheckFacts] = [:]
        /// Of each role that is there.
        var health: [RoleName: RoleHealth] = [:]
    }

    /// What came of the last one that was complete, and of the roles that have answered since.
    private(set) var findings = Findings()
    /// Counts the surveys that were begun.
    private(set) var number: UInt64 = 0
    /// When the last one was complete.
    private(set) var completedAt: Instant?
    private var awaited: Set<RoleName> = []
    private var services: [ServiceReading] = []
    private var checks: [CheckSpecification: CheckFacts] = [:]

    /// One is under way.
    var isRunning: Bool { !awaited.isEmpty }

    /// Begins one: `roles` are those that can answer; what the others told is out of date. Complete at once
    /// when there are none.
    mutating func begin(_ roles: Set<RoleName>, at now: Instant) {
        number += 1
        awaited = roles
        services = []
        checks = [:]
        if !roles.contains(.vrrp) { (findings.instances, findings.delayedLinks) = ([:], [:]) }
        if !roles.contains(.lvs) { findings.services = [:] }
        if !roles.contains(.checker) { findings.checks = [:] }
        findings.health = findings.health.filter { roles.contains($0.key) }
        if roles.isEmpty { completedAt = now }
    }

    /// Takes a report; true when it completes the survey. Reports that are no answers change nothing.
    /// `specifications` are the checks of the assignment numbered `generation`.
    mutating func hear(
        _ report: RoleReport, checks specifications: [CheckSpecification], generation: UInt64, at now: Instant
    ) -> Bool {
        switch report {
        case .vrrp(.described(let instances, let delayedLinks, let health)):
            findings.health[.vrrp] = health
            findings.delayedLinks = delayedLinks
            findings.instances = Dictionary(instances.map { ($0.name, $0) }) { first, _ in first }
            return settle(.vrrp, at: now)
        case .lvs(.described(let part, let isLast, let health)):
            services += part
            guard isLast else { return false }
            findings.health[.lvs] = health
            findings.services = Dictionary(services.map { ($0.identity, Service($0)) }) { first, _ in first }
            services = []
            return settle(.lvs, at: now)
        case .checker(.described(let number, let part, let isLast, let health)):
            if number == generation {
                for fact in part where specifications.indices.contains(fact.index) {
                    checks[specifications[fact.index]] = fact
                }
            }
            guard isLast else { return false }
            findings.health[.checker] = health
            findings.checks = checks
            checks = [:]
            return settle(.checker, at: now)
        case .vrrp, .lvs, .checker: return false
        }
    }

    /// The role has ended and will not answer; true when that completes the survey.
    mutating func lose(_ role: RoleName, at now: Instant) -> Bool { settle(role, at: now) }

    private mutating func settle(_ role: RoleName, at now: Instant) -> Bool {
        guard awaited.remove(role) != nil, awaited.isEmpty else { return false }
        completedAt = now
        return true
    }
}
