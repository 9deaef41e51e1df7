import ConfigModel
import HealthChecks
import LoadBalancing
import NetTypes
import Timekeeping
import VRRP

/// Since when things are as they are. It watches what the supervisor is told, and nothing is decided by it.
struct Chronicle {
    /// Something that can be so or so, and since when it is.
    struct Standing<Value: Hashable & Sendable>: Hashable, Sendable {
        var value: Value
        var since: Instant

        /// Takes a value; true when it is another one.
        fileprivate mutating func note(_ new: Value, at now: Instant) -> Bool {
            guard new != value else { return false }
            (value, since) = (new, now)
            return true
        }
    }

    /// A change of a server that was known before.
    struct Change: Hashable, Sendable {
        var at: Instant
        var isUp: Bool
        /// The deciding probe; nil when the change is not a probe's.
        var report: ProbeReport?
    }

    /// What a server became, and by which result of a probe: what is counted together.
    struct ServerChange: Hashable, Comparable, Sendable {
        var isUp: Bool
        /// nil when the change is not a probe's.
        var outcome: ProbeOutcome?

        private var order: String { "\(isUp ? 1 : 0)\(outcome?.rawValue ?? "")" }
        static func < (left: Self, right: Self) -> Bool { left.order < right.order }
    }

    /// Of each server so many changes are kept.
    static let historyLimit = 4

    /// What has happened.
    private(set) var events = EventLog()
    /// The latest changes of each server that has had any, oldest first.
    private(set) var histories: [ServerName: [Change]] = [:]
    /// The state of each instance that has reported one.
    private(set) var instances: [String: Standing<Router.StateName>] = [:]
    /// Whether each server is up.
    private(set) var servers: [ServerName: Standing<Bool>] = [:]
    /// Whether each service has its quorum.
    private(set) var quorums: [ServiceIdentity: Standing<Bool>] = [:]
    /// How often servers came up and went down, and by which result.
    private(set) var transitions: [ServerName: [ServerChange: Int]] = [:]
    private var heldUntil: Instant?
    private var overrides = ServerOverrides()
    /// Which servers name a check, by their places in the configuration.
    private var users: [CheckSpecification: [(service: Int, server: Int)]] = [:]

    /// To be told of every event, once `supervisor` has handled it.
    mutating func observe(_ event: Supervisor.Event, of supervisor: Supervisor, at now: Instant) {
        note(supervisor.failures.heldUntil, at: now)
        // Of what is over nothing tells any more who wanted that.
        if case .ordered(_, let wish) = event {
            note(supervisor.overrides, because: wish.words, supervisor, at: now)
        } else {
            note(supervisor.overrides, supervisor, at: now)
        }
        switch event {
        case .configured: return configure(supervisor, at: now)
        case .reported(.vrrp(.state(let instance, _, let reason))):
            follow(supervisor.states, because: [instance: reason], at: now)
        case .roleEnded(let role, let how):
            events.add(.role, role.rawValue, to: "ended", because: how, at: now)
            follow(supervisor.states, at: now)
        case .timer: follow(supervisor.states, at: now)
        case .reported, .advertised, .roleStarted, .answered, .withdrawalFailed, .tablesAnswered,
            .scriptEnded, .trackScriptEnded, .filesRead, .processesCounted, .stopRequested,
            .ordered, .recheck, .switchOver:
            break
        }
        guard !supervisor.news.isEmpty else { return }
        judge(
            Dictionary(supervisor.news.map { ($0.check, $0.report) }) { _, last in last }, supervisor, at: now
        )
    }

    /// A reload was refused.
    mutating func noteRefusal(of file: String, _ findings: [String], at now: Instant) {
        events.add(
            .config, file, to: "refused",
            because: findings.first { $0.contains(": error: ") } ?? findings.first,
            at: now)
    }

    /// Operators want other things of servers, or their time is up.
    private mutating func note(
        _ new: ServerOverrides, because reason: String? = nil, _ supervisor: Supervisor, at now: Instant
    ) {
        guard new != overrides else { return }
        let old = overrides
        overrides = new
        let names = new.differences(from: old)
        for name in names {
            let why = new[name].map { [$0.by, $0.reason].compactMap { $0 }.joined(separator: ": ") }
            events.add(
                .override, "\(name.server)", of: "\(name.service)",
                from: old[name].map { "\($0.order)" } ?? "ready",
                to: new[name].map { "\($0.order)" } ?? "ready", because: why ?? reason, at: now)
        }
        let services = Set(names.map(\.service))
        for virtual in supervisor.configuration.virtualServers where services.contains(virtual.identity) {
            judge(virtual, because: [:], supervisor, at: now)
        }
    }

    /// Verdicts are held, or no longer.
    private mutating func note(_ until: Instant?, at now: Instant) {
        guard (until == nil) != (heldUntil == nil) else { return }
        heldUntil = until
        events.add(
            .checks, "checker_failure_guard", from: until == nil ? "held" : nil,
            to: until == nil ? "released" : "held",
            because: until.map { "nearly all checks failed at once; for up to \($0 - now)" }, at: now)
    }

    private mutating func follow(
        _ states: [String: Router.StateName], because reasons: [String: String?] = [:], at now: Instant
    ) {
        for (name, state) in states.sorted(by: { $0.key < $1.key }) {
            let old = instances[name]?.value
            guard state != old else { continue }
            instances[name] = Standing(value: state, since: now)
            events.add(
                .vrrp, name, from: old.map(StatusReport.word), to: StatusReport.word(state),
                because: reasons[name] ?? nil, at: now)
        }
    }

    private mutating func configure(_ supervisor: Supervisor, at now: Instant) {
        let configuration = supervisor.configuration
        let names = Set(configuration.instances.map(\.name))
        instances = instances.filter { names.contains($0.key) }
        follow(supervisor.states, at: now)
        users = [:]
        events.add(
            .config, "configuration", to: "loaded",
            because:
                "\(configuration.instances.count) instances, \(configuration.virtualServers.count) services",
            at: now)
        let (oldServers, oldQuorums) = (servers, quorums)
        servers = [:]
        servers.reserveCapacity(
            configuration.virtualServers.reduce(0) { $0 + $1.realServers.count })
        quorums = [:]
        for (service, virtual) in configuration.virtualServers.enumerated() {
            // One that is new has its quorum unless it falls short of it, as lvs has it.
            quorums[virtual.identity] = oldQuorums[virtual.identity] ?? Standing(value: true, since: now)
            var isKnown = false
            for (server, real) in virtual.realServers.enumerated() {
                let name = ServerName(service: virtual.identity, server: real.endpoint)
                let old = oldServers[name]
                if old != nil { isKnown = true }
                servers[name] = old ?? Standing(value: real.isUp(supervisor.verdicts), since: now)
                guard !real.checks.isEmpty else { continue }
                for check in Set(real.checks) { users[check, default: []].append((service, server)) }
            }
            // What is new has changed nothing.
            if isKnown { judgeServers(of: virtual, because: [:], supervisor, at: now) }
            judgeQuorum(of: virtual, supervisor, at: now)
        }
        histories = histories.filter { servers[$0.key] != nil }
        transitions = transitions.filter { servers[$0.key] != nil }
    }

    private mutating func judge(
        _ reports: [CheckSpecification: ProbeReport?], _ supervisor: Supervisor, at now: Instant
    ) {
        let services = Set(reports.keys.flatMap { users[$0] ?? [] }.map(\.service)).sorted()
        for service in services where supervisor.configuration.virtualServers.indices.contains(service) {
            let virtual = supervisor.configuration.virtualServers[service]
            judge(virtual, because: reports, supervisor, at: now)
        }
    }

    private mutating func judge(
        _ virtual: VirtualServer, because reports: [CheckSpecification: ProbeReport?],
        _ supervisor: Supervisor, at now: Instant
    ) {
        judgeServers(of: virtual, because: reports, supervisor, at: now)
        judgeQuorum(of: virtual, supervisor, at: now)
    }

    private mutating func judgeServers(
        of virtual: VirtualServer, because reports: [CheckSpecification: ProbeReport?],
        _ supervisor: Supervisor, at now: Instant
    ) {
        for real in virtual.realServers {
            let name = ServerName(service: virtual.identity, server: real.endpoint)
            let isUp = real.isUp(supervisor.verdicts)
            guard servers[name]?.note(isUp, at: now) == true else { continue }
            // Of several checks the one that agrees with what the server has become.
            let deciding = real.checks.lazy.filter { (supervisor.verdicts[$0] != .down) == isUp }
            let report = deciding.compactMap { reports[$0] ?? nil }.first
            histories[name, default: []].append(Change(at: now, isUp: isUp, report: report))
            let change = ServerChange(isUp: isUp, outcome: report?.result.outcome)
            transitions[name, default: [:]][change, default: 0] += 1
            histories[name] = histories[name].map { Array($0.suffix(Self.historyLimit)) }
            events.add(
                .server, "\(real.endpoint)", of: "\(virtual.identity)", from: isUp ? "down" : "up",
                to: isUp ? "up" : "down", because: report.map { "\($0.result.outcome.rawValue) \($0)" },
                at: now)
        }
    }

    private mutating func judgeQuorum(
        of virtual: VirtualServer, _ supervisor: Supervisor, at now: Instant
    ) {
        let hadQuorum = quorums[virtual.identity]?.value ?? true
        let pool = PoolState(
            of: virtual, verdicts: supervisor.verdicts, weights: supervisor.weights,
            orders: supervisor.overrides.orders, hadQuorum: hadQuorum)
        guard quorums[virtual.identity]?.note(pool.hasQuorum, at: now) == true else { return }
        events.add(
            .quorum, "\(virtual.identity)", from: hadQuorum ? "met" : "lost",
            to: pool.hasQuorum ? "met" : "lost", because: "weight \(pool.liveWeight) of \(pool.quorum)",
            at: now)
    }
}
