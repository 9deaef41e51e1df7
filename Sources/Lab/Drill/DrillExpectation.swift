// What must come true, computed from the configuration before anything is broken.

import ConfigModel
import HealthChecks
import LoadBalancing
import NetTypes
import Timekeeping
import VRRP

/// The bound that the configuration promises for one scenario, and the budget a run may use.
struct DrillExpectation: Hashable, Sendable, Codable {
    /// The longest the protocol itself can take; nil where no time is at stake.
    var bound: Interval?
    /// What a run may take; nil where no time is at stake.
    var budget: Interval?
    /// How the bound comes about, for people.
    var formula: String

    /// The expectation in one sentence.
    var sentence: String {
        guard let bound, let budget else { return "Expected: \(formula)." }
        return "Expected: at most \(bound) (\(formula)); the budget is \(budget)."
    }

    /// What a run may take beyond the bound: detection of the fault by others, ARP, a busy machine.
    static let margin = ScenarioRecord.margin
    /// How long the daemon may take to notice that somebody flushed its rules.
    static let repairBound = Interval.seconds(10)

    /// The expectation for a pair of which `master` will be master.
    init(
        _ scenario: Scenario, master: Configuration, backup: Configuration, override: Interval?
    ) throws(LabError) {
        switch scenario {
        case .crash, .connection:
            let (first, second) = try Self.instances(master, backup)
            bound = MasterDown.interval(of: second, after: first)
            let skew = MasterDown.skew(of: second, after: first)
            formula = "3 x \(first.advertisementInterval) + skew \(skew)"
        case .stop:
            let (first, second) = try Self.instances(master, backup)
            bound = MasterDown.skew(of: second, after: first)
            formula = "skew \(bound ?? .zero), since a leaving master says so"
        case .server:
            guard let victim = Self.victim(of: master) else {
                throw LabError("the configuration has no real server with a check")
            }
            bound = Self.detection(of: victim.server)
            formula = "delay_loop + connect_timeout + retry x (delay_before_retry + connect_timeout)"
        case .guardRepair:
            bound = Self.repairBound
            formula = "the rules are back within \(Self.repairBound)"
        case .loopGuardOff:
            formula = "packets visit a director twice, or requests fail"
        case .loopGuardOn:
            formula = "no packet visits a director twice, no request fails"
        }
        budget = override ?? bound.map { $0 + Self.margin }
        if bound == nil { budget = nil }
    }

    /// The instance that decides about the service, on both directors.
    static func instances(
        _ master: Configuration, _ backup: Configuration
    ) throws(LabError) -> (RouterConfiguration, RouterConfiguration) {
        guard let first = master.instances.first else {
            throw LabError("the configuration has no vrrp_instance")
        }
        guard let second = backup.instances.first(where: { $0.virtualRouterID == first.virtualRouterID })
        else {
            throw LabError(
                "the other director has no vrrp_instance with virtual_router_id \(first.virtualRouterID)")
        }
        return (first, second)
    }

    /// The real server that the `server` scenario kills, the first that is checked, and how the kernel lists
    /// it.
    static func victim(of configuration: Configuration) -> (server: RealServer, listed: Endpoint)? {
        for service in configuration.virtualServers {
            guard let server = service.realServers.first(where: { !$0.checks.isEmpty }),
                let identity = service.programmedIdentities.first
            else { continue }
            return (server, service.programmedEndpoint(of: server, in: identity))
        }
        return nil
    }

    /// The longest time from a server's death to its removal: the first probe that can see it starts at
    /// most a delay_loop later, and each attempt may wait for its timeout.
    static func detection(of server: RealServer) -> Interval {
        let spans = server.checks.map { check in
            let timeout = check.kind.timeout
            let again = (check.schedule.delayBeforeRetry + timeout) * Int64(check.schedule.retry)
            return check.schedule.delayLoop + timeout + again
        }
        return spans.min() ?? .zero
    }

    /// The longest time from a server's return to its readmission: good probes, as many as `rise` says.
    static func readmission(of server: RealServer) -> Interval {
        server.checks.map { check in
            let again =
                (check.schedule.delayBeforeRetry + check.kind.timeout) * Int64(check.schedule.rise - 1)
            return check.schedule.delayLoop + check.kind.timeout + again
        }.max() ?? .zero
    }
}
