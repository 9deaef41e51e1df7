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
            services[index].destinations = try destinations(
                of: services[index].identity, as: DestinationReading.init(attributes:family:))
            progress()
        }
        return services.sorted { $0.identity < $1.identity }
    }
}

extension ServiceReading {
    /// A service of a dump, without its destinations; nil for what cannot be Holdfast's.
    init?(attributes: ArraySlice<UInt8>) {
        guard let record = ServiceRecord(attributes: attributes) else { return nil }
        self.init(identity: record.settings.identity)
        counters = record.counters
    }
}

extension DestinationReading {
    /// A destination of a service of `family`; nil for what cannot be Holdfast's.
    init?(attributes: ArraySlice<UInt8>, family: AddressFamily) {
        guard let record = DestinationRecord(attributes: attributes, family: family) else { return nil }
        self.init(endpoint: record.destination.endpoint, weight: record.destination.weight)
        (active, inactive, counters) = (record.active, record.inactive, record.counters)
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
