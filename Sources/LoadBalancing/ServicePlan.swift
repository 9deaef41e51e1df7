import HealthChecks
import NetTypes

/// What the verdicts make of one virtual server: who is up, whether the quorum stands, who takes the traffic.
package struct PoolState: Hashable, Sendable {
    /// The real servers that are up, in configured order.
    package var live: [RealServer]
    /// The sum of their weights.
    package var liveWeight: UInt64
    /// The weight that is needed: `quorum`, at least 1 and at most all configured weight together.
    package var quorum: UInt64
    /// True when `liveWeight` reaches `quorum`; within `hysteresis` of it, when it was so before.
    package var hasQuorum: Bool
    /// True when the quorum is lost and there is a sorry server to take the traffic.
    package var usesSorryServer: Bool

    /// The state of `virtualServer` under `verdicts`. A check without a verdict counts as `startsDown` says.
    /// `weights` are those that checks ask for, `orders` those of operators: a server under maintenance is
    /// not live. `hadQuorum` is what was so before, and true at the start.
    package init(
        of virtualServer: VirtualServer, verdicts: [CheckSpecification: Verdict],
        weights: [CheckSpecification: Int32] = [:], orders: [ServerName: ServerOrder] = [:],
        hadQuorum: Bool = true
    ) {
        live = virtualServer.realServers.filter { server in
            server.isUp(verdicts) && orders[virtualServer.name(of: server)] != .maintenance
        }
        liveWeight = live.reduce(0) { sum, server in
            sum + UInt64(server.weight(weights, under: orders[virtualServer.name(of: server)]))
        }
        let total = virtualServer.realServers.reduce(0) { $0 + UInt64($1.weight) }
        quorum = max(1, min(UInt64(virtualServer.quorum), total))
        let hysteresis = min(UInt64(virtualServer.hysteresis), quorum - 1)
        let needed = hadQuorum ? quorum - hysteresis : max(1, min(quorum + hysteresis, total))
        hasQuorum = liveWeight >= needed
        usesSorryServer = virtualServer.sorryServer != nil && !hasQuorum
    }
}

extension RealServer {
    /// True when every check says so; a check that has not spoken yet counts as up, or as down with `alpha`.
    package func isUp(_ verdicts: [CheckSpecification: Verdict]) -> Bool {
        checks.allSatisfy { check in (verdicts[check] ?? (check.schedule.startsDown ? .down : .up)) == .up }
    }
}

extension RealServer {
    /// The weight in effect: the configured one, plus what each check that asks for another one
    /// (`misc_dynamic`) asks for more or less than that, and what each number in a file (`FILE_CHECK`) adds.
    /// It follows from the latest probes alone, so nothing adds up over time.
    package func weight(_ weights: [CheckSpecification: Int32]) -> UInt32 {
        guard !weights.isEmpty else { return weight }
        let configured = Int64(weight)
        let sum = checks.reduce(configured) { sum, check in
            guard let asked = weights[check] else { return sum }
            return sum + Int64(asked) - (check.kind.addsToWeight ? 0 : configured)
        }
        return UInt32(max(0, min(sum, Int64(Int32.max))))
    }
}

extension RealServer {
    /// The weight in effect under an operator's order; nil for none.
    package func weight(_ weights: [CheckSpecification: Int32], under order: ServerOrder?) -> UInt32 {
        switch order {
        case nil: weight(weights)
        case .drain, .maintenance: 0
        case .weight(let weight): weight
        }
    }
}

extension VirtualServer {
    /// What the kernel knows the service as: the guard's mark when there is one, which all members of a group
    /// share, otherwise what is configured.
    package var programmedIdentities: [ServiceIdentity] {
        guard let guardMark else { return identities }
        return [.mark(identity.family, guardMark)]
    }

    /// Where `server` is in the kernel's table, in the service `identity`. DR and TUN do not rewrite the
    /// packet, so its port is the service's, and a service by mark has none: 0. NAT keeps what is configured,
    /// and in a group of several ports a server without one has that of each.
    package func programmedEndpoint(of server: RealServer, in identity: ServiceIdentity) -> Endpoint {
        switch (server.forwarding ?? forwarding, identity) {
        case (.masquerade, .address(_, let service)) where server.endpoint.port == 0:
            Endpoint(server.endpoint.address, port: service.port)
        case (.masquerade, _): server.endpoint
        case (_, .mark): Endpoint(server.endpoint.address, port: 0)
        case (_, .address(_, let service)): Endpoint(server.endpoint.address, port: service.port)
        }
    }
}

/// The IPVS table that configuration and verdicts ask for.
package enum ServicePlan {
    /// Every virtual server's services, keyed by what the kernel knows each as. A service whose servers are
    /// all down stays, without destinations: its clients are refused by this host instead of reaching
    /// something else. Virtual servers that end in the same kernel service share it, the first one's settings
    /// standing. `weights` are those that checks ask for, `orders` those of operators; `lost` are those whose
    /// quorum was lost before, by the name they are configured with.
    package static func desired(
        _ virtualServers: [VirtualServer], verdicts: [CheckSpecification: Verdict],
        weights: [CheckSpecification: Int32] = [:], orders: [ServerName: ServerOrder] = [:],
        lost: Set<ServiceIdentity> = []
    ) -> [ServiceIdentity: IPVSService] {
        var table: [ServiceIdentity: IPVSService] = [:]
        table.reserveCapacity(virtualServers.count)
        for virtualServer in virtualServers {
            let state = PoolState(
                of: virtualServer, verdicts: verdicts, weights: weights, orders: orders,
                hadQuorum: !lost.contains(virtualServer.identity))
            let shares = shares(
                of: virtualServer, in: state, verdicts: verdicts, weights: weights, orders: orders)
            for identity in virtualServer.programmedIdentities {
                var service =
                    table[identity]
                    ?? IPVSService(
                        identity: identity, scheduler: virtualServer.scheduler,
                        persistence: virtualServer.persistence, flags: virtualServer.flags,
                        persistenceEngine: virtualServer.persistenceEngine)
                service.destinations.reserveCapacity(shares.count)
                for share in shares {
                    let destination = destination(share, of: virtualServer, in: identity)
                    merge(destination, into: &service.destinations)
                }
                table[identity] = service
            }
        }
        return table
    }

    /// On lost quorum with a sorry server the real servers step back (keepalived's behaviour, quorum and
    /// sorry_server): those with `inhibit_on_failure` to weight 0, the others out of the table. One that is
    /// drained keeps its connections all the same; one under maintenance has none.
    private static func shares(
        of virtualServer: VirtualServer, in state: PoolState, verdicts: [CheckSpecification: Verdict],
        weights: [CheckSpecification: Int32], orders: [ServerName: ServerOrder]
    ) -> [(server: RealServer, weight: UInt32)] {
        var result: [(server: RealServer, weight: UInt32)] = []
        if let sorry = virtualServer.sorryServer, state.usesSorryServer || sorry.inhibitOnFailure {
            result.append((sorry, state.usesSorryServer ? sorry.weight : 0))
        }
        for server in virtualServer.realServers {
            let order = orders[virtualServer.name(of: server)]
            let isUp = server.isUp(verdicts)
            let serves = !state.usesSorryServer && isUp
            let stays = serves || server.inhibitOnFailure || (isUp && order == .drain)
            guard stays, order != .maintenance else { continue }
            result.append((server, serves ? server.weight(weights, under: order) : 0))
        }
        return result
    }

    private static func destination(
        _ share: (server: RealServer, weight: UInt32), of virtualServer: VirtualServer,
        in identity: ServiceIdentity
    ) -> IPVSDestination {
        let server = share.server
        return IPVSDestination(
            endpoint: virtualServer.programmedEndpoint(of: server, in: identity),
            forwarding: server.forwarding ?? virtualServer.forwarding, weight: share.weight,
            upperThreshold: server.upperThreshold, lowerThreshold: server.lowerThreshold,
            encapsulation: server.forwarding == nil ? virtualServer.encapsulation : server.encapsulation)
    }

    /// Servers that differ only by a port the kernel does not keep are one destination: the larger weight
    /// stands, so one that is down does not take down the other.
    private static func merge(
        _ destination: IPVSDestination, into destinations: inout [Endpoint: IPVSDestination]
    ) {
        if let known = destinations[destination.endpoint], known.weight >= destination.weight { return }
        destinations[destination.endpoint] = destination
    }
}
