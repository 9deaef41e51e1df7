import ConfigModel
import HealthChecks
import LoadBalancing
import NetTypes

/// What has been told of virtual servers and their real servers, and what the verdicts make news of. A value
/// beside the plan that lvs carries out, and only as large as somebody wants to be told.
///
/// - A service is told as up when it has its quorum, at the start of the daemon too; as down when it loses
///   it.
/// - A real server is told when it changes; what it starts as is no news, unless `rs_init_notifies`.
/// - At the end, what has `omega` is told as down if it was up, the real servers before the service.
struct ServiceWatch: Sendable {
    private struct Told: Hashable {
        /// nil: nothing has been told.
        var isUp: Bool?
        /// nil: the first state is to be told as soon as it is known.
        var servers: [Endpoint: Bool?] = [:]
    }

    private var services: [VirtualServer] = []
    private var notifications = Notifications()
    private var users: [CheckSpecification: Set<Int>] = [:]
    private var told: [ServiceIdentity: Told] = [:]
    /// What keepalived calls the services of groups: `[web]:0` is the first one that names the group.
    private var names: [ServiceIdentity: String] = [:]
    private var weights: [CheckSpecification: Int32] = [:]
    private var orders: [ServerName: ServerOrder] = [:]

    /// A new configuration; what it makes news of. What stays has been told of already; what is gone is told
    /// as at the end.
    mutating func configure(
        _ configuration: Configuration, knowing verdicts: [CheckSpecification: Verdict],
        weights: [CheckSpecification: Int32] = [:], orders: [ServerName: ServerOrder] = [:]
    ) -> [Notification] {
        (self.weights, self.orders) = (weights, orders)
        let isWatching = configuration.notifications.watchesServices
        let new = isWatching ? configuration.virtualServers : []
        let identities = Set(new.map(\.identity))
        let gone = services.filter { !identities.contains($0.identity) }.flatMap { farewell($0) }
        told = told.filter { identities.contains($0.key) }
        services = new
        names = Self.names(of: new)
        notifications = configuration.notifications
        users = [:]
        for (index, service) in new.enumerated() {
            for check in service.realServers.flatMap(\.checks) { users[check, default: []].insert(index) }
            settle(service)
        }
        return gone + new.indices.flatMap { news(of: $0, verdicts) }
    }

    private static func names(of services: [VirtualServer]) -> [ServiceIdentity: String] {
        var names: [ServiceIdentity: String] = [:]
        var counts: [String: Int] = [:]
        for service in services {
            guard let group = service.group else { continue }
            names[service.identity] = "[\(group.name)]:\(counts[group.name, default: 0])"
            counts[group.name, default: 0] += 1
        }
        return names
    }

    /// What is known of a service before anything is told: its new servers start as they start.
    private mutating func settle(_ service: VirtualServer) {
        var entry = told[service.identity] ?? Told()
        var servers: [Endpoint: Bool?] = [:]
        for server in service.realServers {
            let start = notifications.tellsFirstState ? nil : server.isUp([:])
            servers[server.endpoint] = .some(entry.servers[server.endpoint] ?? start)
        }
        entry.servers = servers
        told[service.identity] = entry
    }

    /// New verdicts of these checks; what they make news of.
    mutating func update(
        _ checks: some Sequence<CheckSpecification>, knowing verdicts: [CheckSpecification: Verdict],
        weights: [CheckSpecification: Int32] = [:]
    ) -> [Notification] {
        self.weights = weights
        guard !services.isEmpty else { return [] }
        let concerned = checks.reduce(into: Set<Int>()) { $0.formUnion(users[$1] ?? []) }
        return concerned.sorted().flatMap { news(of: $0, verdicts) }
    }

    /// Operators want this of servers now; what it makes news of in these services.
    mutating func update(
        _ identities: Set<ServiceIdentity>, under orders: [ServerName: ServerOrder],
        knowing verdicts: [CheckSpecification: Verdict]
    ) -> [Notification] {
        self.orders = orders
        return services.indices.filter { identities.contains(services[$0].identity) }
            .flatMap { news(of: $0, verdicts) }
    }

    /// The daemon ends.
    mutating func finish() -> [Notification] {
        defer {
            services = []
            told = [:]
        }
        return services.flatMap { farewell($0) }
    }

    private mutating func news(
        of index: Int, _ verdicts: [CheckSpecification: Verdict]
    ) -> [Notification] {
        let service = services[index]
        let identity = service.identity
        let scripts = notifications.services[identity] ?? ServiceNotifications()
        var result: [Notification] = []
        for server in service.realServers {
            let isUp = server.isUp(verdicts)
            let before = told[identity]?.servers[server.endpoint] ?? nil
            if before == nil, !server.checks.allSatisfy({ verdicts[$0] != nil }) { continue }
            guard before != isUp else { continue }
            told[identity]?.servers[server.endpoint] = .some(isUp)
            result.append(
                Notification(
                    server: server.endpoint, of: identity, as: names[identity], isUp: isUp,
                    telling: scripts.servers[server.endpoint] ?? ServerScripts()))
        }
        let before = told[identity]?.isUp
        let hasQuorum = PoolState(
            of: service, verdicts: verdicts, weights: weights, orders: orders, hadQuorum: before ?? true
        ).hasQuorum
        told[identity]?.isUp = hasQuorum
        if (before ?? false) != hasQuorum {
            result.append(
                Notification(service: identity, as: names[identity], isUp: hasQuorum, telling: scripts))
        }
        return result
    }

    private func farewell(_ service: VirtualServer) -> [Notification] {
        let identity = service.identity
        guard let scripts = notifications.services[identity], scripts.tellsEnd, let entry = told[identity]
        else { return [] }
        var result: [Notification] = []
        for server in service.realServers where entry.servers[server.endpoint] == .some(.some(true)) {
            result.append(
                Notification(
                    server: server.endpoint, of: identity, as: names[identity], isUp: false,
                    telling: scripts.servers[server.endpoint] ?? ServerScripts()))
        }
        if entry.isUp == true {
            result.append(
                Notification(service: identity, as: names[identity], isUp: false, telling: scripts))
        }
        return result
    }
}
