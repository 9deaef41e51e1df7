import CNetlink
import LoadBalancing
import NetTypes

// The commands of generic netlink family "IPVS", version 1 (linux/ip_vs.h, IPVS_CMD_* and the attributes
// beside them). What the kernel wants beyond the header's words: a service to add or set needs scheduler,
// flags, timeout and netmask all four; addresses are 16 octets, zero-padded; ports of services and
// destinations are in network order, that of the sync daemon is not.

extension GenericRequest {
    private init(_ command: Int, _ flags: Flags = [], _ body: (inout AttributeWriter) -> Void = { _ in }) {
        var writer = AttributeWriter(room: 192)
        body(&writer)
        self.init(command: UInt8(command), flags: flags, attributes: writer.octets)
    }

    /// Every service, one object each (IPVS_CMD_GET_SERVICE).
    package static let services = GenericRequest(IPVS_CMD_GET_SERVICE, .dump)

    /// One service (IPVS_CMD_GET_SERVICE); ESRCH when there is none.
    package static func service(_ identity: ServiceIdentity) -> GenericRequest {
        GenericRequest(IPVS_CMD_GET_SERVICE, .acknowledge) { $0.putService(identity) }
    }

    /// Removes every service of the network namespace (IPVS_CMD_FLUSH).
    package static let flush = GenericRequest(IPVS_CMD_FLUSH, .acknowledge)

    /// Sets the counters of one service, or of all of them, to zero (IPVS_CMD_ZERO).
    package static func zero(_ identity: ServiceIdentity?) -> GenericRequest {
        GenericRequest(IPVS_CMD_ZERO, .acknowledge) { writer in
            if let identity { writer.putService(identity) }
        }
    }

    /// Every destination of a service (IPVS_CMD_GET_DEST); a service that does not exist has none.
    package static func destinations(of identity: ServiceIdentity) -> GenericRequest {
        GenericRequest(IPVS_CMD_GET_DEST, .dump) { $0.putService(identity) }
    }

    /// The running sync threads (IPVS_CMD_GET_DAEMON).
    package static let syncDaemons = GenericRequest(IPVS_CMD_GET_DAEMON, .dump)

    /// IPVS's version and table size (IPVS_CMD_GET_INFO).
    package static let information = GenericRequest(IPVS_CMD_GET_INFO, .acknowledge)

    /// How long idle connections are kept (IPVS_CMD_GET_CONFIG).
    package static let timeouts = GenericRequest(IPVS_CMD_GET_CONFIG, .acknowledge)

    /// Sets these, and leaves the others alone (IPVS_CMD_SET_CONFIG).
    package static func set(_ timeouts: [IPVSTimeout: UInt32]) -> GenericRequest {
        GenericRequest(IPVS_CMD_SET_CONFIG, .acknowledge) { writer in
            for timeout in IPVSTimeout.allCases {
                if let seconds = timeouts[timeout] { writer.put(timeout.attribute, seconds) }
            }
        }
    }

    /// Starts a sync thread (IPVS_CMD_NEW_DAEMON); what is not configured is left to the kernel.
    package static func start(
        _ thread: SyncThread, _ configuration: SyncDaemonConfiguration
    ) -> GenericRequest {
        GenericRequest(IPVS_CMD_NEW_DAEMON, .acknowledge) { writer in
            writer.nest(IPVS_CMD_ATTR_DAEMON) { daemon in
                daemon.put(IPVS_DAEMON_ATTR_STATE, thread.rawValue)
                daemon.put(IPVS_DAEMON_ATTR_MCAST_IFN, text: configuration.interface)
                daemon.put(IPVS_DAEMON_ATTR_SYNC_ID, UInt32(configuration.syncID))
                if let length = configuration.maximumLength {
                    daemon.put(IPVS_DAEMON_ATTR_SYNC_MAXLEN, length)
                }
                switch configuration.group {
                case .v4(let group): daemon.put(IPVS_DAEMON_ATTR_MCAST_GROUP, octets: group.octets)
                case .v6(let group): daemon.put(IPVS_DAEMON_ATTR_MCAST_GROUP6, octets: group.octets)
                case nil: break
                }
                if let port = configuration.port { daemon.put(IPVS_DAEMON_ATTR_MCAST_PORT, port) }
                if let ttl = configuration.ttl { daemon.put(IPVS_DAEMON_ATTR_MCAST_TTL, ttl) }
            }
        }
    }

    /// Stops a sync thread (IPVS_CMD_DEL_DAEMON).
    package static func stop(_ thread: SyncThread) -> GenericRequest {
        GenericRequest(IPVS_CMD_DEL_DAEMON, .acknowledge) { writer in
            writer.nest(IPVS_CMD_ATTR_DAEMON) { $0.put(IPVS_DAEMON_ATTR_STATE, thread.rawValue) }
        }
    }

    /// One change of the table, without a request for an acknowledgement: of a batch only the last one asks.
    package static func change(_ change: ServiceChange) -> GenericRequest {
        switch change {
        case .addService(let service):
            GenericRequest(IPVS_CMD_NEW_SERVICE) { $0.putService(service.identity, settings: service) }
        case .editService(_, let service):
            GenericRequest(IPVS_CMD_SET_SERVICE) { $0.putService(service.identity, settings: service) }
        case .deleteService(let identity):
            GenericRequest(IPVS_CMD_DEL_SERVICE) { $0.putService(identity) }
        case .addDestination(let destination, let identity):
            GenericRequest(IPVS_CMD_NEW_DEST) { writer in
                writer.putService(identity)
                writer.putDestination(destination.endpoint, of: identity, settings: destination)
            }
        case .editDestination(_, let destination, let identity):
            GenericRequest(IPVS_CMD_SET_DEST) { writer in
                writer.putService(identity)
                writer.putDestination(destination.endpoint, of: identity, settings: destination)
            }
        case .deleteDestination(let endpoint, let identity):
            GenericRequest(IPVS_CMD_DEL_DEST) { writer in
                writer.putService(identity)
                writer.putDestination(endpoint, of: identity)
            }
        }
    }
}

extension IPVSTimeout {
    /// IPVS_CMD_ATTR_TIMEOUT_*.
    var attribute: Int {
        switch self {
        case .tcp: IPVS_CMD_ATTR_TIMEOUT_TCP
        case .tcpFin: IPVS_CMD_ATTR_TIMEOUT_TCP_FIN
        case .udp: IPVS_CMD_ATTR_TIMEOUT_UDP
        }
    }

    /// The values in a reply to a request for them.
    static func values(attributes: ArraySlice<UInt8>) -> [IPVSTimeout: UInt32] {
        let reader = AttributeReader(attributes)
        return allCases.reduce(into: [:]) { values, timeout in
            values[timeout] = reader.number(timeout.attribute, as: UInt32.self)
        }
    }
}

extension AddressFamily {
    /// AF_INET or AF_INET6.
    var number: UInt16 { self == .inet ? 2 : 10 }

    init?(number: UInt16) {
        switch number {
        case 2: self = .inet
        case 10: self = .inet6
        default: return nil
        }
    }
}

extension AttributeWriter {
    /// union nf_inet_addr: 16 octets, an IPv4 address in the first four.
    private mutating func put(_ type: Int, _ address: IPAddress) {
        switch address {
        case .v4(let v4): put(type, high: UInt64(v4.rawValue) << 32, low: 0)
        case .v6(let v6): put(type, high: v6.high, low: v6.low)
        }
    }

    fileprivate mutating func putService(_ identity: ServiceIdentity, settings: IPVSService? = nil) {
        nest(IPVS_CMD_ATTR_SERVICE) { service in
            service.put(IPVS_SVC_ATTR_AF, identity.family.number)
            switch identity {
            case .mark(_, let mark):
                service.put(IPVS_SVC_ATTR_FWMARK, mark.rawValue)
            case .address(let transport, let endpoint):
                service.put(IPVS_SVC_ATTR_PROTOCOL, UInt16(transport.rawValue))
                service.put(IPVS_SVC_ATTR_ADDR, endpoint.address)
                service.put(IPVS_SVC_ATTR_PORT, bigEndian: endpoint.port)
            }
            if let settings { service.putSettings(settings) }
        }
    }

    private mutating func putSettings(_ service: IPVSService) {
        var flags = service.flags.rawValue & ~IPVSFlags.kernelOwned
        if service.persistence != nil { flags |= IPVSFlags.persistent }
        put(IPVS_SVC_ATTR_SCHED_NAME, text: service.scheduler)
        // struct ip_vs_flags: the bits and which of them count, here all but the kernel's own.
        var bits: [UInt8] = []
        bits.append(native: flags)
        bits.append(native: ~IPVSFlags.hashed)
        put(IPVS_SVC_ATTR_FLAGS, octets: bits)
        put(IPVS_SVC_ATTR_TIMEOUT, service.persistence?.timeoutSeconds ?? 0)
        switch service.identity.family {
        case .inet:  // a mask, in network order
            put(IPVS_SVC_ATTR_NETMASK, (service.persistence?.mask ?? .max).bigEndian)
        case .inet6:  // a prefix length, in the host's order
            put(IPVS_SVC_ATTR_NETMASK, UInt32(service.persistence?.prefixLength ?? 128))
        }
        if let engine = service.persistenceEngine { put(IPVS_SVC_ATTR_PE_NAME, text: engine) }
    }

    fileprivate mutating func putDestination(
        _ endpoint: Endpoint, of identity: ServiceIdentity, settings: IPVSDestination? = nil
    ) {
        nest(IPVS_CMD_ATTR_DEST) { destination in
            destination.put(IPVS_DEST_ATTR_ADDR, endpoint.address)
            destination.put(IPVS_DEST_ATTR_PORT, bigEndian: endpoint.port)
            // Kernels before 3.18 do not know it and take the service's family, which is the default.
            if endpoint.address.family != identity.family {
                destination.put(IPVS_DEST_ATTR_ADDR_FAMILY, endpoint.address.family.number)
            }
            guard let settings else { return }
            destination.put(IPVS_DEST_ATTR_FWD_METHOD, settings.forwarding.rawValue)
            destination.put(IPVS_DEST_ATTR_WEIGHT, settings.weight)
            destination.put(IPVS_DEST_ATTR_U_THRESH, settings.upperThreshold)
            destination.put(IPVS_DEST_ATTR_L_THRESH, settings.lowerThreshold)
            if settings.forwarding == .tunnel {
                destination.put(IPVS_DEST_ATTR_TUN_TYPE, settings.encapsulation.type)
                destination.put(IPVS_DEST_ATTR_TUN_PORT, bigEndian: settings.encapsulation.port)
                destination.put(IPVS_DEST_ATTR_TUN_FLAGS, settings.encapsulation.flags)
            }
        }
    }
}

/// IP_VS_SVC_F_* that have a meaning of their own here.
enum IPVSFlags {
    /// The service is persistent.
    static let persistent: UInt32 = 0x01
    /// The service is in the kernel's hash table.
    static let hashed: UInt32 = 0x02
    /// Neither is a flag anybody configures as such.
    static let kernelOwned = persistent | hashed
}
