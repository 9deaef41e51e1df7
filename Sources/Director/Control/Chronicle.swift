import ConfigModel
import HealthChecks
import LoadBalancing
import NetTypes
import Timekeeping
import VRRP

/// A server of a virtual server, by what both are configured as.
struct ServerName: Hashable {
    var service: ServiceIdentity
    var server: Endpoint
}

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

    /// The state of each instance that has reported one.
    private(set) var instances: [String: Standing<Router.StateName>] = [:]
    /// Whether each server is up.
    private(set) var servers: [ServerName: Standing<Bool>] = [:]
    /// Whether each service has its quorum.
    private(set) var quorums: [ServiceIdentity: Standing<Bool>] = [:]
    /// Which servers name a check, by their places in the configuration.
    private var users: [CheckSpecification: [(service: Int, server: Int)]] = [:]

    /// To be told of every event, once `supervisor` has handled it.
    mutating func observe(_ event: Supervisor.Event, of supervisor: Supervisor, at now: Instant) {
        switch event {
        case .configured: configure(supervisor, at: now)
        case .reported(.vrrp(.state)), .roleEnded, .timer: follow(supervisor.states, at: now)
        case .reported(.checker(.verdicts(_, let news))):
            let checks = news.compactMap { item in
                supervisor.checks.indices.contains(item.index) ? supervisor.checks[item.index] : nil
            }
            judge(Set(checks), supervisor, at: now)
        case .reported, .roleStarted, .answered, .withdrawalFailed, .tablesAnswered, .scriptEnded,
            .trackScriptEnded, .filesRead, .stopRequested:
            break
        }
    }

    private mutating func follow(_ states: [String: Router.StateName], at now: Instant) {
        for (name, state) in states where instances[name]?.note(state, at: now) == nil {
            instances[name] = Standing(value: state, since: now)
        }
    }

    private mutating func configure(_ supervisor: Supervisor, at now: Instant) {
        let configuration = supervisor.configuration
        let names = Set(configuration.instances.map(\.name))
        instances = instances.filter { names.contains($0.key) }
        follow(supervisor.states, at: now)
        users = [:]
        let (oldServers, oldQuorums) = (servers, quorums)
        servers = [:]
        quorums = [:]
        for (service, virtual) in configuration.virtualServers.enumerated() {
            // One that is new has its quorum unless it falls short of it, as lvs has it.
            quorums[virtual.identity] = oldQuorums[virtual.identity] ?? Standing(value: true, since: now)
            for (server, real) in virtual.realServers.enumerated() {
                let name = ServerName(service: virtual.identity, server: real.endpoint)
                servers[name] =
                    oldServers[name] ?? Standing(value: real.isUp(supervisor.verdicts), since: now)
                for check in Set(real.checks) { users[check, default: []].append((service, server)) }
            }
            judge(virtual, supervisor, at: now)
        }
    }

    private mutating func judge(
        _ checks: Set<CheckSpecification>, _ supervisor: Supervisor, at now: Instant
    ) {
        let services = Set(checks.flatMap { users[$0] ?? [] }.map(\.service))
        for service in services where supervisor.configuration.virtualServers.indices.contains(service) {
            judge(supervisor.configuration.virtualServers[service], supervisor, at: now)
        }
    }

    private mutating func judge(_ virtual: VirtualServer, _ supervisor: Supervisor, at now: Instant) {
        for real in virtual.realServers {
            let name = ServerName(service: virtual.identity, server: real.endpoint)
            _ = servers[name]?.note(real.isUp(supervisor.verdicts), at: now)
        }
        let hadQuorum = quorums[virtual.identity]?.value ?? true
        let pool = PoolState(of: virtual, verdicts: supervisor.verdicts, hadQuorum: hadQuorum)
        _ = quorums[virtual.identity]?.note(pool.hasQuorum, at: now)
    }
}
