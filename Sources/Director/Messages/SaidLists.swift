import HealthChecks
import LoadBalancing

/// The long lists of an assignment, as the process at the other end of a channel has them.
struct SaidLists {
    private var services: [VirtualServer]?
    private var verdicts: [CheckVerdict] = []
    private var checks: [CheckSpecification]?

    /// `command` as it is to be said now: after the first assignment only what differs from the last one.
    mutating func shortening(_ command: RoleCommand) -> RoleCommand {
        switch command {
        case .lvs(.configure(let new)):
            defer { (services, verdicts) = (new.virtualServers, new.verdicts) }
            guard let services else { return command }
            var rest = new
            (rest.virtualServers, rest.verdicts) = ([], [])
            return .lvs(
                .reconfigure(
                    rest, services: ListEdit.edits(from: services, to: new.virtualServers),
                    verdicts: ListEdit.edits(from: verdicts, to: new.verdicts)))
        case .checker(.configure(let new)):
            defer { checks = new.checks }
            guard let old = checks else { return command }
            var rest = new
            rest.checks = []
            return .checker(.reconfigure(rest, checks: ListEdit.edits(from: old, to: new.checks)))
        case .vrrp, .lvs, .checker: return command
        }
    }
}

extension LVSAssignment {
    /// This one with the lists that the edits make of those of `former`; nil when they are not for them.
    func completed(
        after former: LVSAssignment, _ services: [ListEdit<VirtualServer>],
        _ verdicts: [ListEdit<CheckVerdict>]
    ) -> LVSAssignment? {
        guard let services = ListEdit.list(services, of: former.virtualServers),
            let verdicts = ListEdit.list(verdicts, of: former.verdicts)
        else { return nil }
        var whole = self
        (whole.virtualServers, whole.verdicts) = (services, verdicts)
        return whole
    }
}

extension CheckerAssignment {
    /// This one with the checks that the edits make of those of `former`; nil when they are not for them.
    func completed(
        after former: CheckerAssignment, _ checks: [ListEdit<CheckSpecification>]
    ) -> CheckerAssignment? {
        guard let checks = ListEdit.list(checks, of: former.checks) else { return nil }
        var whole = self
        whole.checks = checks
        return whole
    }
}
