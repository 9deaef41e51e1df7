import ControlProtocol
import LoadBalancing
import NetTypes

/// The listings as JSON: everything that is known, whatever columns were asked for; addresses and ports are
/// numbers, and counts are exact. docs/ipvsadm.md describes the members.
package enum ListingJSON {
    /// The table of services, in ipvsadm's order.
    package static func table(
        _ records: [ServiceRecord], version: String, connectionTableSize: UInt32
    ) -> JSONValue {
        [
            "version": .string(version), "connection_table_size": .integer(Int(connectionTableSize)),
            "services": .array(ListingOrder.sorted(records).map(service)),
        ]
    }

    private static func service(_ record: ServiceRecord) -> JSONValue {
        let settings = record.settings
        let flags = SchedulerFlagNames.names(of: settings.flags, scheduler: settings.scheduler)
        let persistence = settings.persistence.map { persistence -> JSONValue in
            let whole = settings.identity.family == .inet ? "255.255.255.255" : "128"
            return [
                "timeout": .integer(Int(persistence.timeoutSeconds)),
                "mask": .string(persistence.maskText(settings.identity.family) ?? whole),
            ]
        }
        let members: [JSONValue.Member] = [
            .init("scheduler", .string(settings.scheduler)),
            .init("scheduler_flags", .array(flags.map { .string($0) })),
            .init("one_packet", .bool(settings.flags.contains(.onePacket))),
            .init("persistence", persistence ?? .null),
            .init("persistence_engine", JSONValue(settings.persistenceEngine) { .string($0) }),
            .init("counters", counters(record.counters)), .init("rates", rates(record.rates)),
            .init("servers", .array(record.destinations.map(server))),
        ]
        return .object(identity(settings.identity).members + members)
    }

    private static func identity(_ identity: ServiceIdentity) -> JSONValue {
        switch identity {
        case .address(let transport, let endpoint):
            [
                "protocol": .string(transport.description), "address": .string(endpoint.address.description),
                "port": .integer(Int(endpoint.port)),
            ]
        case .mark(let family, let mark):
            ["fwmark": .integer(Int(mark.rawValue)), "family": .string(family.rawValue)]
        }
    }

    private static func server(_ record: DestinationRecord) -> JSONValue {
        let destination = record.destination
        return [
            "address": .string(destination.endpoint.address.description),
            "port": .integer(Int(destination.endpoint.port)),
            "forwarding": .string(record.isLocal ? "local" : destination.forwarding.word),
            "tunnel": tunnel(destination), "weight": .integer(Int(destination.weight)),
            "upper_threshold": .integer(Int(destination.upperThreshold)),
            "lower_threshold": .integer(Int(destination.lowerThreshold)),
            "active_connections": .integer(Int(record.active)),
            "inactive_connections": .integer(Int(record.inactive)),
            "persistent_connections": .integer(Int(record.persistent)),
            "counters": counters(record.counters), "rates": rates(record.rates),
        ]
    }

    private static func tunnel(_ destination: IPVSDestination) -> JSONValue {
        guard destination.forwarding == .tunnel else { return .null }
        let encapsulation = destination.encapsulation
        let type = Int(encapsulation.type)
        return [
            "type": .string(TunnelNames.all.indices.contains(type) ? TunnelNames.all[type] : String(type)),
            "port": encapsulation.port == 0 ? .null : .integer(Int(encapsulation.port)),
            "checksum": .bool(encapsulation.flags & Encapsulation.checksum != 0),
            "remote_checksum": .bool(encapsulation.flags & Encapsulation.remoteChecksum != 0),
        ]
    }

    private static func counters(_ counters: IPVSCounters) -> JSONValue {
        [
            "connections": JSONValue(count: counters.connections),
            "packets_in": JSONValue(count: counters.packetsIn),
            "packets_out": JSONValue(count: counters.packetsOut),
            "octets_in": JSONValue(count: counters.octetsIn),
            "octets_out": JSONValue(count: counters.octetsOut),
        ]
    }

    private static func rates(_ rates: IPVSRates) -> JSONValue {
        [
            "connections": JSONValue(count: rates.connections),
            "packets_in": JSONValue(count: rates.packetsIn),
            "packets_out": JSONValue(count: rates.packetsOut),
            "octets_in": JSONValue(count: rates.octetsIn),
            "octets_out": JSONValue(count: rates.octetsOut),
        ]
    }

    /// `{"tcp": 900, "tcpfin": 120, "udp": 300}`.
    package static func timeouts(_ timeouts: [IPVSTimeout: UInt32]) -> JSONValue {
        .object(IPVSTimeout.allCases.map { .init($0.rawValue, .integer(Int(timeouts[$0] ?? 0))) })
    }

    /// One object for each thread that runs.
    package static func daemons(_ state: SyncDaemonState) -> JSONValue {
        .array(
            SyncThread.allCases.compactMap { thread -> JSONValue? in
                guard let daemon = state[thread] else { return nil }
                return [
                    "state": .string(thread.description), "interface": .string(daemon.interface),
                    "syncid": .integer(Int(daemon.syncID)),
                    "maxlen": JSONValue(daemon.maximumLength) { .integer(Int($0)) },
                    "group": JSONValue(daemon.group) { .string($0.description) },
                    "port": JSONValue(daemon.port) { .integer(Int($0)) },
                    "ttl": JSONValue(daemon.ttl) { .integer(Int($0)) },
                ]
            })
    }

    /// One connection.
    package static func connection(_ entry: ConnectionEntry) -> JSONValue {
        [
            "protocol": .string(entry.protocolName.lowercased()), "state": .string(entry.state),
            "expires": .integer(Int(entry.expires)), "source": endpoint(entry.client),
            "virtual": endpoint(entry.service), "destination": endpoint(entry.destination),
            "persistence_engine": JSONValue(entry.engine) { .string($0) },
            "persistence_data": JSONValue(entry.engineData) { .string($0) },
        ]
    }

    private static func endpoint(_ endpoint: Endpoint) -> JSONValue {
        ["address": .string(endpoint.address.description), "port": .integer(Int(endpoint.port))]
    }
}

extension ForwardingMethod {
    /// As the options of a server have it.
    fileprivate var word: String {
        switch self {
        case .masquerade: "masquerading"
        case .tunnel: "ipip"
        case .directRouting: "gatewaying"
        case .bypass: "bypass"
        }
    }
}
