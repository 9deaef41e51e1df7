import CNetlink
import LinuxIO
import LoadBalancing
import NetTypes

extension IPVSClient {
    /// The whole table with all that the kernel tells of it, in the kernel's order, read once: what others
    /// write meanwhile may be missing or there twice. Services of other protocols than TCP, UDP and SCTP are
    /// left out.
    package func records() throws(IPVSError) -> [ServiceRecord] {
        var records: [ServiceRecord] = []
        try ask(.services, "read the IPVS services") { object in
            if let record = ServiceRecord(attributes: object) { records.append(record) }
        }
        for index in records.indices {
            records[index].destinations = try destinations(
                of: records[index].settings.identity, as: DestinationRecord.init(attributes:family:))
        }
        return records
    }

    /// One service and its destinations; ESRCH when there is none.
    package func record(of identity: ServiceIdentity) throws(IPVSError) -> ServiceRecord {
        let operation = "read service \(identity)"
        var record: ServiceRecord?
        try ask(.service(identity), operation) { record = ServiceRecord(attributes: $0) }
        guard var record else { throw .failed(operation, .badMessage) }
        record.destinations = try destinations(
            of: identity, as: DestinationRecord.init(attributes:family:))
        return record
    }
}

extension ServiceRecord {
    /// A service of a dump, without its destinations; nil for a protocol that is not known here.
    package init?(attributes: ArraySlice<UInt8>) {
        guard let settings = IPVSService(attributes: attributes) else { return nil }
        self.init(settings)
        let service = AttributeReader(attributes).nest(IPVS_CMD_ATTR_SERVICE)
        guard let numbers = service?.nest(IPVS_SVC_ATTR_STATS64) else { return }
        counters = IPVSCounters(numbers)
        rates = IPVSRates(numbers)
    }
}

extension DestinationRecord {
    /// A destination of a service of `family`.
    package init?(attributes: ArraySlice<UInt8>, family: AddressFamily) {
        guard let settings = IPVSDestination(attributes: attributes, family: family),
            let reader = AttributeReader(attributes).nest(IPVS_CMD_ATTR_DEST)
        else { return nil }
        self.init(settings)
        isLocal = reader.number(IPVS_DEST_ATTR_FWD_METHOD, as: UInt32.self) == 1
        active = reader.number(IPVS_DEST_ATTR_ACTIVE_CONNS, as: UInt32.self) ?? 0
        inactive = reader.number(IPVS_DEST_ATTR_INACT_CONNS, as: UInt32.self) ?? 0
        persistent = reader.number(IPVS_DEST_ATTR_PERSIST_CONNS, as: UInt32.self) ?? 0
        guard let numbers = reader.nest(IPVS_DEST_ATTR_STATS64) else { return }
        counters = IPVSCounters(numbers)
        rates = IPVSRates(numbers)
    }
}

extension IPVSRates {
    /// The nest of 64-bit numbers that kernels since 4.1 add.
    fileprivate init(_ reader: AttributeReader) {
        func rate(_ type: Int) -> UInt64 { reader.number(type, as: UInt64.self) ?? 0 }
        self.init()
        connections = rate(IPVS_STATS_ATTR_CPS)
        packetsIn = rate(IPVS_STATS_ATTR_INPPS)
        packetsOut = rate(IPVS_STATS_ATTR_OUTPPS)
        octetsIn = rate(IPVS_STATS_ATTR_INBPS)
        octetsOut = rate(IPVS_STATS_ATTR_OUTBPS)
    }
}
