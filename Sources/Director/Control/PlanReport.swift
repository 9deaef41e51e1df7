import ConfigModel
import ControlProtocol
import LoadBalancing
import NetTypes
import Timekeeping
import VRRP

/// What a reload would change, as `holdfast plan` shows it.
struct PlanReport {
    /// What was read, and would be put in force.
    struct Wanted {
        var file: String
        var digest: String
        var configuration: Configuration
        /// `file:line:column: warning: text [code]`.
        var findings: [String]
    }

    var wanted: Wanted
    var supervisor: Supervisor
    var findings: Survey.Findings
    /// The services whose quorum is lost.
    var lost: Set<ServiceIdentity> = []
    /// The interfaces that are up and have a carrier; nil when they could not be listed.
    var usableInterfaces: Set<String>?

    /// The lines, and their end.
    var lines: ControlLines {
        let plan = ReloadPlan(
            from: supervisor.configuration, to: wanted.configuration, knowing: facts)
        let head: JSONValue = [
            "kind": "plan", "schema": .integer(ControlNumbers.version), "file": .string(wanted.file),
            "digest": .string(wanted.digest),
        ]
        let end = ControlEnd(.done, findings: wanted.findings)
        let changes = ControlLines.lines(of: plan.changes, Self.line, end)
        var first = ([head] + overrides)[...]
        return ControlLines { first.popFirst() ?? changes.next() }
    }

    private static func line(_ change: ReloadChange) -> JSONValue {
        [
            "kind": "change", "object": .string(change.object),
            "item": JSONValue(change.item) { .string($0) }, "change": .string(change.kind.rawValue),
            "detail": .string(change.detail), "effect": .string(change.effect),
            "interrupts": .bool(change.interrupts),
        ]
    }

    /// What operators have set is not in the file, and stays with its server.
    private var overrides: [JSONValue] {
        let known = Set(
            wanted.configuration.virtualServers.flatMap { virtual in virtual.realServers.map(virtual.name) })
        return supervisor.overrides.list.map { entry in
            [
                "kind": "override", "service": .string("\(entry.name.service)"),
                "server": .string("\(entry.name.server)"), "order": .string("\(entry.order)"),
                "by": .string(entry.by), "ends": .bool(!known.contains(entry.name)),
            ]
        }
    }

    /// What runs.
    var facts: LiveFacts {
        var facts = LiveFacts()
        facts.masters = Set(supervisor.states.filter { $0.value == .master }.keys)
        facts.faults = Set(supervisor.states.filter { $0.value == .fault }.keys)
        facts.priorities = findings.instances.mapValues(\.priority)
        facts.tracked = supervisor.tracked
        facts.usableInterfaces = usableInterfaces
        facts.delayedLinks = findings.delayedLinks
        facts.followed = findings.instances.compactMapValues { $0.master?.priority }
        facts.yielding = supervisor.yielding
        let inherited = VerdictInheritance.verdicts(
            for: wanted.configuration.virtualServers, after: supervisor.configuration.virtualServers,
            knowing: supervisor.verdicts)
        facts.verdicts = supervisor.verdicts.merging(inherited) { known, _ in known }
        facts.weights = supervisor.weights
        facts.orders = supervisor.overrides.orders
        facts.lost = lost
        guard supervisor.roles[.lvs]?.isReady == true else { return facts }
        var open: [ServerName: Int] = [:]
        for virtual in supervisor.configuration.virtualServers {
            for real in virtual.realServers + (virtual.sorryServer.map { [$0] } ?? []) {
                open[virtual.name(of: real)] = connections(to: real, of: virtual)
            }
        }
        facts.connections = open
        return facts
    }

    /// Whatever goes by UDP is never active for the kernel.
    private func connections(to real: RealServer, of virtual: VirtualServer) -> Int {
        virtual.programmedIdentities.reduce(0) { sum, identity in
            let endpoint = virtual.programmedEndpoint(of: real, in: identity)
            guard let found = findings.services[identity]?.destinations[endpoint] else { return sum }
            let idle = virtual.transport == .tcp ? 0 : Int(found.inactive)
            return sum + Int(found.active) + idle
        }
    }
}
