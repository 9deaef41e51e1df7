import ConfigModel
import HealthChecks
import LoadBalancing
import NetTypes
import Timekeeping

// The checks that are made: those of services that are not suspended (`ha_suspend`). What a suspended check
// said last stays, and is what it starts from when it is made again.

extension Supervisor {
    /// Addresses come and go many at a time: checks follow once, this much later.
    static let suspensionPause = Interval.milliseconds(50)

    /// The checks of services that are not suspended, each once, in configured order; not those that need no
    /// probe.
    var activeChecks: [CheckSpecification] {
        Self.checks(of: configuration.virtualServers.filter { !$0.isSuspended(having: present) })
            .filter(\.kind.isProbed)
    }

    /// These are made from now on.
    mutating func assign(_ new: [CheckSpecification]) {
        former = (generation, checks)
        checks = new
        generation += 1
    }

    /// The check that the checker means. It may not have seen the present assignment when it asked; a check
    /// that is gone since is nobody's.
    func check(_ index: Int, of number: UInt64) -> CheckSpecification? {
        if number == generation { return checks.indices.contains(index) ? checks[index] : nil }
        guard number == former.generation, former.checks.indices.contains(index) else { return nil }
        return checks.contains(former.checks[index]) ? former.checks[index] : nil
    }

    /// The host has these addresses of services that look at them.
    mutating func noted(present new: Set<IPAddress>, at now: Instant) {
        present = new
        suspensionDue = suspensionDue ?? now + Self.suspensionPause
    }

    /// Has the checks made that the addresses ask for, when it is due and makes a difference.
    mutating func advanceSuspension(to now: Instant) -> [Action] {
        guard let due = suspensionDue, due <= now else { return [] }
        suspensionDue = nil
        let active = activeChecks
        guard active != checks else { return [] }
        let (before, after) = (checks.count, active.count)
        assign(active)
        let step = failures.configure(configuration.global.failureGuard, checks, knowing: verdicts)
        let line = Action.log("ha_suspend: \(after) checks are made, \(before) were", isError: false)
        let actions = follow(step, at: now) + [line]
        guard roles[.checker, default: RoleSlot()].isAlive else {
            return actions + (isNeeded(.checker) && mayStart(.checker) ? start(.checker) : [])
        }
        return actions + send(assignment(of: .checker, claims: []))
    }
}
