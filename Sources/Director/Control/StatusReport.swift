import ConfigModel
import ControlProtocol
import HealthChecks
import LinuxIO
import LoadBalancing
import NetTypes
import Timekeeping
import VRRP

/// Everything that `holdfast status` shows, as lines: the daemon, each instance, each service followed by its
/// servers. It holds copies, so that lines that are made later tell of the same moment.
struct StatusReport {
    var daemon: DaemonFacts
    var times: ReportTimes
    var supervisor: Supervisor
    var chronicle: Chronicle
    var findings: Survey.Findings

    /// So many of a group's services are named.
    private static let listed = 16
    /// The supervisor's own loop.
    var lag = IntervalHistogram()
    /// What each process of the daemon uses; the supervisor's has no role.
    var usage: [RoleName?: ProcessUsage] = [:]

    /// The lines, made one by one as they are taken, and their end.
    var lines: ControlLines {
        let configuration = supervisor.configuration
        var head =
            [daemonLine] + configuration.instances.map(line) + supervisor.configuration.usedScripts.map(line)
        head.reverse()
        var (service, server) = (0, -1)
        var isOver = false
        return AnyIterator {
            if let line = head.popLast() { return line }
            while configuration.virtualServers.indices.contains(service) {
                let virtual = configuration.virtualServers[service]
                guard server >= 0 else {
                    server = 0
                    return line(virtual)
                }
                if virtual.realServers.indices.contains(server) {
                    server += 1
                    return line(virtual.realServers[server - 1], of: virtual)
                }
                (service, server) = (service + 1, -1)
            }
            guard !isOver else { return nil }
            isOver = true
            return ControlEnd(.done).json
        }
    }

    /// The daemon's line alone, and the end.
    var head: ControlLines { AnyIterator([daemonLine, ControlEnd(.done).json].makeIterator()) }

    /// The daemon and its roles.
    var daemonLine: JSONValue {
        let roles: [JSONValue] = RoleName.allCases.map { name -> JSONValue in
            let slot = supervisor.roles[name, default: RoleSlot()]
            let state =
                switch slot.state {
                case .absent: slot.failure == nil ? "absent" : "failed"
                case .running: "running"
                case .pausing: "restarting"
                case .stopping: "stopping"
                }
            let health = findings.health[name]
            return .object(
                [.init("role", .string(name.rawValue)), .init("state", .string(state))]
                    + process(name, health?.lag) + [
                        .init("kernel_errors", JSONValue(health) { JSONValue(count: $0.refusals) })
                    ])
        }
        return .object(
            [.init("kind", "daemon")] + daemon.members(times) + process(nil, lag) + [
                .init("roles", .array(roles)),
                .init(
                    "verdicts_held_until", JSONValue(supervisor.failures.heldUntil) { times.date($0) }),
            ])
    }

    /// What a process uses, and how late it is.
    private func process(_ role: RoleName?, _ lag: IntervalHistogram?) -> [JSONValue.Member] {
        let usage = usage[role]
        return [
            .init("resident_bytes", JSONValue(usage) { JSONValue(count: $0.residentOctets) }),
            .init("cpu_seconds", JSONValue(usage) { .seconds($0.processorTime) }),
            .init("loop_lag", JSONValue(lag) { Self.json($0) }),
        ]
    }

    private static func json(_ histogram: IntervalHistogram) -> JSONValue {
        [
            "counts": .array(histogram.counts.map { .integer(Int($0)) }),
            "sum_seconds": .seconds(histogram.sum),
        ]
    }

    /// Each `vrrp_script`: what is known of it, and whether it runs now.
    private func line(_ script: TrackScript) -> JSONValue {
        let isGood = supervisor.scripts.values[script.name]
        return [
            "kind": "script", "name": .string(script.name),
            "status": .string(isGood.map { $0 ? "good" : "bad" } ?? "init"),
            "running": .bool(supervisor.scripts.isRunning(script.name)),
        ]
    }

    // MARK: Instances

    private func line(_ instance: RouterConfiguration) -> JSONValue {
        let known = findings.instances[instance.name]
        let standing = chronicle.instances[instance.name]
        let state = standing?.value ?? .initialize
        return [
            "kind": "instance", "name": .string(instance.name), "interface": .string(instance.interface),
            "vrid": .integer(Int(instance.virtualRouterID)),
            "version": .integer(Int(instance.version.rawValue)), "state": .string(Self.word(state)),
            "since": JSONValue(standing) { times.date($0.since) },
            "since_seconds": JSONValue(standing) { times.age($0.since) },
            "reason": JSONValue(known?.reason) { .string($0) },
            "priority": .integer(Int(known?.priority ?? instance.priority)),
            "base_priority": .integer(Int(instance.priority)),
            "tracking": .array((known?.tracking ?? []).map(Self.json)),
            "yields": .bool(supervisor.yielding.contains(instance.name)),
            "advert_interval_seconds": .seconds(instance.advertisementInterval),
            "garp_delay_seconds": .seconds(instance.announcements.secondBurstDelay),
            "master": JSONValue(known?.master) {
                [
                    "address": .string("\($0.address)"), "priority": .integer(Int($0.priority)),
                    "last_advert_seconds": times.age($0.heardAt),
                ]
            },
            "vips": .array(
                (known?.addresses ?? []).map { address in
                    let isExcluded = instance.excludedAddresses.contains { $0.prefix == address.prefix }
                    return [
                        "address": .string("\(address.prefix)"), "interface": .string(address.interface),
                        "present": .bool(address.isPresent), "excluded": .bool(isExcluded),
                    ]
                }),
            "transitions": .array(
                (known?.transitions ?? [:]).sorted { "\($0.key)" < "\($1.key)" }.map { change, count in
                    [
                        "from": .string(Self.word(change.from)), "to": .string(Self.word(change.to)),
                        "reason": .string(change.reason), "count": JSONValue(count: count),
                    ]
                }),
            "advert_jitter": JSONValue(known) { Self.json($0.jitter) },
            "takeovers": JSONValue(known) { Self.json($0.takeovers) },
            "counters": .object(
                (known?.counters ?? [:]).sorted { $0.key < $1.key }.map {
                    JSONValue.Member($0.key, JSONValue(count: $0.value))
                }),
        ]
    }

    /// `added` is null for a fault, and while nothing is known.
    private static func json(_ tracking: TrackingEffect) -> JSONValue {
        let item = tracking.item
        var (state, added) = ("unknown", nil as Int?)
        switch tracking.effect {
        case .unknown: break
        case .fault: state = "fault"
        case .added(let number): (state, added) = ("counted", number)
        }
        return [
            "kind": .string(item.kind.rawValue), "name": .string(item.name), "weight": .integer(item.weight),
            "state": .string(state), "added": JSONValue(added) { .integer($0) },
        ]
    }

    static func word(_ state: Router.StateName) -> String {
        switch state {
        case .initialize: "init"
        case .backup: "backup"
        case .master: "master"
        case .fault: "fault"
        }
    }

    // MARK: Services

    private func line(_ virtual: VirtualServer) -> JSONValue {
        let quorum = chronicle.quorums[virtual.identity]
        let hasQuorum = quorum?.value ?? true
        let pool = PoolState(
            of: virtual, verdicts: supervisor.verdicts, weights: supervisor.weights,
            orders: supervisor.overrides.orders, hadQuorum: hasQuorum)
        let identities = virtual.programmedIdentities
        let readings = identities.compactMap { findings.services[$0]?.counters }
        let counters = readings.isEmpty ? nil : readings.reduce(IPVSCounters(), +)
        let isWhole = pool.live.count == virtual.realServers.count
        let state = !hasQuorum ? "down" : isWhole ? "up" : "degraded"
        let programmed = identities == [virtual.identity] ? [] : identities.prefix(Self.listed)
        return [
            "kind": "service", "id": .string("\(virtual.identity)"),
            "programmed_as": .array(programmed.map { .string("\($0)") }),
            "scheduler": .string(virtual.scheduler), "forwarding": .string(Self.word(virtual)),
            "state": .string(state), "present": .bool(readings.count == identities.count),
            "quorum": JSONValue(count: pool.quorum), "quorum_up": .bool(hasQuorum),
            "quorum_since": JSONValue(quorum) { times.date($0.since) },
            "live_weight": JSONValue(count: pool.liveWeight), "servers": .integer(virtual.realServers.count),
            "servers_up": .integer(pool.live.count),
            "sorry_server": JSONValue(virtual.sorryServer) { .string("\($0.endpoint)") },
            "sorry_server_active": .bool(pool.usesSorryServer),
            "counters": JSONValue(counters) { Self.json($0) },
        ]
    }

    private static func word(_ virtual: VirtualServer) -> String {
        switch virtual.forwarding {
        case .masquerade: virtual.sourceTranslation == nil ? "nat" : "fullnat"
        case .tunnel: "tun"
        case .directRouting: "dr"
        case .bypass: "bypass"
        }
    }

    private static func json(_ counters: IPVSCounters) -> JSONValue {
        [
            "connections": JSONValue(count: counters.connections),
            "packets_in": JSONValue(count: counters.packetsIn),
            "packets_out": JSONValue(count: counters.packetsOut),
            "bytes_in": JSONValue(count: counters.octetsIn),
            "bytes_out": JSONValue(count: counters.octetsOut),
        ]
    }

    private func line(_ real: RealServer, of virtual: VirtualServer) -> JSONValue {
        let name = ServerName(service: virtual.identity, server: real.endpoint)
        let standing = chronicle.servers[name]
        let override = supervisor.overrides[name]
        let readings = virtual.programmedIdentities.compactMap { identity in
            findings.services[identity]?
                .destinations[virtual.programmedEndpoint(of: real, in: identity)]
        }
        let counters = readings.isEmpty ? nil : readings.map(\.counters).reduce(IPVSCounters(), +)
        func sum(_ value: (DestinationReading) -> UInt32) -> JSONValue {
            readings.isEmpty ? .null : .integer(readings.reduce(0) { $0 + Int(value($1)) })
        }
        let state = real.isUp(supervisor.verdicts) ? "up" : "down"
        return [
            "kind": "server", "service": .string("\(virtual.identity)"),
            "address": .string("\(real.endpoint)"),
            "state": .string(state), "admin": .string(override?.order.admin ?? "ready"),
            "override": JSONValue(override) { json($0) },
            "since": JSONValue(standing) { times.date($0.since) },
            "since_seconds": JSONValue(standing) { times.age($0.since) },
            "weight": JSONValue(readings.map(\.weight).min()) { .integer(Int($0)) },
            "config_weight": .integer(Int(real.weight)), "active": sum(\.active),
            "inactive": sum(\.inactive), "counters": JSONValue(counters) { Self.json($0) },
            "checks": .array(real.checks.map(json)),
            "transitions": .array(
                (chronicle.transitions[name] ?? [:]).sorted { $0.key < $1.key }.map { change, count in
                    [
                        "to": change.isUp ? "up" : "down",
                        "result": JSONValue(change.outcome) { .string($0.rawValue) },
                        "count": .integer(count),
                    ]
                }),
            "history": .array((chronicle.histories[name] ?? []).map(json)),
        ]
    }

    private func json(_ override: ServerOverride) -> JSONValue {
        [
            "weight": JSONValue(override.order.weight) { .integer(Int($0)) }, "by": .string(override.by),
            "reason": JSONValue(override.reason) { .string($0) }, "since": times.date(override.since),
            "until": JSONValue(override.until) { times.date($0) },
        ]
    }

    private func json(_ change: Chronicle.Change) -> JSONValue {
        [
            "at": times.date(change.at), "state": change.isUp ? "up" : "down",
            "result": JSONValue(change.report) { .string($0.result.outcome.rawValue) },
            "text": JSONValue(change.report) { .string("\($0)") },
        ]
    }

    private func json(_ check: CheckSpecification) -> JSONValue {
        let tally = findings.checks[check]?.tally
        let report = findings.checks[check]?.report ?? supervisor.fileVerdicts.reports[check]
        return [
            "target": .string(check.target), "held": .bool(supervisor.failures.isHeld(check)),
            "verdict": JSONValue(supervisor.verdicts[check]) { .string($0.rawValue) },
            "result": JSONValue(report) { .string($0.result.outcome.rawValue) },
            "text": JSONValue(report) { .string($0.result.detail) },
            "duration_seconds": JSONValue(report) { $0.duration == .zero ? .null : .seconds($0.duration) },
            "connect_seconds": JSONValue(report?.timings.connect) { .seconds($0) },
            "tls_seconds": JSONValue(report?.timings.handshake) { .seconds($0) },
            "failures": JSONValue(report) { .integer($0.failures) },
            "results": .object(
                (tally?.counts ?? []).map { JSONValue.Member($0.outcome.rawValue, .integer(Int($0.count))) }),
            "durations": JSONValue(tally) { Self.json($0.durations) },
            "at": JSONValue(report) { times.date($0.finishedAt) },
            "finished_microseconds": JSONValue(report) {
                .integer(Int($0.finishedAt.nanoseconds / 1000))
            },
        ]
    }
}
