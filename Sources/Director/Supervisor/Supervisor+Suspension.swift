import ConfigModel
import HealthChecks
import LoadBalancing
import NetTypes

// The checks that are made: those of services that are not suspended (`ha_suspend`). What a suspended check
// said last stays, and is what it starts from when it is made again.

extension Supervisor {
    /// The checks of services that are not suspended, each once, in configured order; not those that need no
    /// probe.
    var activeChecks: [CheckSpecification] {
        Self.checks(of: configuration.virtualServers.filter { !$0.isSuspended(having: present) })
            .filter(\.kind.isProbed)
    }

    /// The host has these addresses of services that look at them.
    mutating func noted(present new: Set<IPAddress>) -> [Action] {
        present = new
        let active = activeChecks
        guard active != checks, !isStopping else { return [] }
        let (before, after) = (checks.count, active.count)
        checks = active
        generation += 1
        let line = Action.log("ha_suspend: \(after) checks are made, \(before) were", isError: false)
        guard roles[.checker, default: RoleSlot()].isAlive else {
            return [line] + (isNeeded(.checker) && mayStart(.checker) ? start(.checker) : [])
        }
        return [line] + send(assignment(of: .checker, claims: []))
    }
}
