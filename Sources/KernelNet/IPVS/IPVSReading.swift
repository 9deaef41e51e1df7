import CNetlink
import LoadBalancing
import NetTypes

extension IPVSClient {
    /// The whole table with its counters, read once: what others write meanwhile may be missing or there
    /// twice, which does for people.
    package func readings() throws(IPVSError) -> [ServiceReading] {
        var services: [ServiceReading] = []
        try ask(.services, "read the IPVS services") { object in
            if let service = ServiceReading(attributes: object) { services.append(service) }
        }
        for index in services.indices {
            let identity = services[index].identity
            var destinations: [DestinationReading] = []
            try ask(.destinations(of: identity), "read the servers of \(identity)") { object in
                guard let one = DestinationReading(attributes: object, family: identity.family) else {
                    return
                }
                destinations.append(one)
            }
            services[index].destinations = destinations
        }
        return services.sorted { $0.identity < $1.identity }
    }
}

extension ServiceReading {
    /// A service of a dump, without its destinations; nil for what cannot be Holdfast's.
    init?(attributes: ArraySlice<UInt8>) {
        guard let service = IPVSService(attributes: attributes) else { return nil }
        self.init(identity: service.identity)
        let stated = AttributeReader(attributes).nest(IPVS_CMD_ATTR_SERVICE)?.nest(IPVS_SVC_ATTR_STATS64)
        counters = stated.map { IPVSCounters($0) } ?? IPVSCounters()
    }
}

extension DestinationReading {
    /// A destination of a service of `family`; nil for what cannot be Holdfast's.
    init?(attributes: ArraySlice<UInt8>, family: AddressFamily) {
        guard let destination = IPVSDestination(attributes: attributes, family: family),
            let reader = AttributeReader(attributes).nest(IPVS_CMD_ATTR_DEST)
        else { return nil }
        self.init(endpoint: destination.endpoint, weight: destination.weight)
        active = reader.number(IPVS_DEST_ATTR_ACTIVE_CONNS, as: UInt32.self) ?? 0
        inactive = reader.number(IPVS_DEST_ATTR_INACT_CONNS, as: UInt32.self) ?? 0
        counters = reader.nest(IPVS_DEST_ATTR_STATS64).map { IPVSCounters($0) } ?? IPVSCounters()
    }
}

extension IPVSCounters {
    /// The nest of 64-bit counters that kernels since 4.1 add.
    init(_ reader: AttributeReader) {
        func count(_ type: Int) -> UInt64 { reader.number(type, as: UInt64.self) ?? 0 }
        self.init()
        connections = count(IPVS_STATS_ATTR_CONNS)
        packetsIn = count(IPVS_STATS_ATTR_INPKTS)
        packetsOut = count(IPVS_STATS_ATTR_OUTPKTS)
        octetsIn = count(IPVS_STATS_ATTR_INBYTES)
        octetsOut = count(IPVS_STATS_ATTR_OUTBYTES)
    }
}
