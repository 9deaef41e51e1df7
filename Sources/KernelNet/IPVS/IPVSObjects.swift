import CNetlink
import LoadBalancing
import NetTypes

/// What IPVS says about itself (IPVS_CMD_GET_INFO).
package struct IPVSInformation: Hashable, Sendable, CustomStringConvertible {
    /// The version, as major, minor and patch in one octet each: 0x010201.
    package let version: UInt32
    /// Buckets of the connection table.
    package let connectionTableSize: UInt32

    /// `1.2.1`.
    package var description: String {
        [16, 8, 0].map { String(version >> $0 & 0xFF) }.joined(separator: ".")
    }
}

// Objects of a dump. nil stands for what cannot be Holdfast's: a protocol, family or forwarding method it
// does not write. Counters are not read.

extension IPVSService {
    /// A service without its destinations.
    package init?(attributes: ArraySlice<UInt8>) {
        guard let service = AttributeReader(attributes).nest(IPVS_CMD_ATTR_SERVICE),
            let identity = ServiceIdentity(service),
            let scheduler = service.text(IPVS_SVC_ATTR_SCHED_NAME),
            let flags = service[IPVS_SVC_ATTR_FLAGS], flags.count == 8
        else { return nil }
        let bits = nativeNumber(flags.prefix(4), as: UInt32.self)
        var persistence: Persistence?
        if bits & IPVSFlags.persistent != 0 {
            guard let timeout = service.number(IPVS_SVC_ATTR_TIMEOUT, as: UInt32.self),
                let mask = service[IPVS_SVC_ATTR_NETMASK], mask.count == 4
            else { return nil }
            switch identity.family {
            case .inet:
                persistence = Persistence(
                    timeoutSeconds: timeout, mask: mask.reduce(0) { $0 << 8 | UInt32($1) })
            case .inet6:
                let length = nativeNumber(mask, as: UInt32.self)
                persistence = Persistence(
                    timeoutSeconds: timeout, prefixLength: UInt8(truncatingIfNeeded: length))
            }
        }
        self.init(
            identity: identity, scheduler: scheduler, persistence: persistence,
            flags: ServiceFlags(rawValue: bits & ~IPVSFlags.kernelOwned),
            persistenceEngine: service.text(IPVS_SVC_ATTR_PE_NAME))
    }
}

extension ServiceIdentity {
    fileprivate init?(_ service: AttributeReader) {
        guard
            let family = service.number(IPVS_SVC_ATTR_AF, as: UInt16.self).flatMap({
                AddressFamily(number: $0)
            })
        else { return nil }
        if let number = service.number(IPVS_SVC_ATTR_FWMARK, as: UInt32.self) {
            guard let mark = FirewallMark(number) else { return nil }
            self = .mark(family, mark)
            return
        }
        guard let number = service.number(IPVS_SVC_ATTR_PROTOCOL, as: UInt16.self),
            let transport = UInt8(exactly: number).flatMap({ TransportProtocol(rawValue: $0) }),
            let address = IPAddress(service[IPVS_SVC_ATTR_ADDR], family: family),
            let port = service.bigEndian(IPVS_SVC_ATTR_PORT)
        else { return nil }
        self = .address(transport, Endpoint(address, port: port))
    }
}

extension IPVSDestination {
    /// A destination of a service of `family`.
    package init?(attributes: ArraySlice<UInt8>, family serviceFamily: AddressFamily) {
        guard let destination = AttributeReader(attributes).nest(IPVS_CMD_ATTR_DEST) else { return nil }
        var family = serviceFamily
        if let number = destination.number(IPVS_DEST_ATTR_ADDR_FAMILY, as: UInt16.self) {
            guard let known = AddressFamily(number: number) else { return nil }
            family = known
        }
        guard let address = IPAddress(destination[IPVS_DEST_ATTR_ADDR], family: family),
            let port = destination.bigEndian(IPVS_DEST_ATTR_PORT),
            let method = destination.number(IPVS_DEST_ATTR_FWD_METHOD, as: UInt32.self),
            let forwarding = ForwardingMethod(kernel: method),
            let weight = destination.number(IPVS_DEST_ATTR_WEIGHT, as: UInt32.self)
        else { return nil }
        self.init(
            endpoint: Endpoint(address, port: port), forwarding: forwarding, weight: weight,
            upperThreshold: destination.number(IPVS_DEST_ATTR_U_THRESH, as: UInt32.self) ?? 0,
            lowerThreshold: destination.number(IPVS_DEST_ATTR_L_THRESH, as: UInt32.self) ?? 0,
            encapsulation: Encapsulation(
                type: destination.number(IPVS_DEST_ATTR_TUN_TYPE, as: UInt8.self) ?? 0,
                port: destination.bigEndian(IPVS_DEST_ATTR_TUN_PORT) ?? 0,
                flags: destination.number(IPVS_DEST_ATTR_TUN_FLAGS, as: UInt16.self) ?? 0))
    }
}

extension ForwardingMethod {
    /// The kernel's "local" (1) is what DR does for a server on this host, and is told as such.
    fileprivate init?(kernel number: UInt32) {
        self.init(rawValue: number == 1 ? ForwardingMethod.directRouting.rawValue : number)
    }
}

extension IPAddress {
    /// The leading octets of union nf_inet_addr.
    fileprivate init?(_ octets: ArraySlice<UInt8>?, family: AddressFamily) {
        guard let octets else { return nil }
        switch family {
        case .inet:
            guard octets.count >= 4 else { return nil }
            self = .v4(IPv4Address(rawValue: octets.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }))
        case .inet6:
            guard let address = IPv6Address(octets: octets) else { return nil }
            self = .v6(address)
        }
    }
}

extension SyncDaemonState {
    /// Takes in one object of the dump of sync threads; what makes no sense is passed over.
    mutating func add(attributes: ArraySlice<UInt8>) {
        guard let daemon = AttributeReader(attributes).nest(IPVS_CMD_ATTR_DAEMON),
            let thread = daemon.number(IPVS_DAEMON_ATTR_STATE, as: UInt32.self)
                .flatMap({ SyncThread(rawValue: $0) }),
            let interface = daemon.text(IPVS_DAEMON_ATTR_MCAST_IFN)
        else { return }
        let syncID = daemon.number(IPVS_DAEMON_ATTR_SYNC_ID, as: UInt32.self) ?? 0
        self[thread] = SyncDaemonConfiguration(
            interface: interface,
            syncID: UInt8(truncatingIfNeeded: syncID),  // the datagrams carry 8 bits
            maximumLength: daemon.number(IPVS_DAEMON_ATTR_SYNC_MAXLEN, as: UInt16.self),
            group: IPAddress(daemon[IPVS_DAEMON_ATTR_MCAST_GROUP], family: .inet)
                ?? IPAddress(daemon[IPVS_DAEMON_ATTR_MCAST_GROUP6], family: .inet6),
            port: daemon.number(IPVS_DAEMON_ATTR_MCAST_PORT, as: UInt16.self),
            ttl: daemon.number(IPVS_DAEMON_ATTR_MCAST_TTL, as: UInt8.self))
    }
}

extension IPVSInformation {
    /// The reply to a request for information.
    package init?(attributes: ArraySlice<UInt8>) {
        let reader = AttributeReader(attributes)
        guard let version = reader.number(IPVS_INFO_ATTR_VERSION, as: UInt32.self),
            let size = reader.number(IPVS_INFO_ATTR_CONN_TAB_SIZE, as: UInt32.self)
        else { return nil }
        self.init(version: version, connectionTableSize: size)
    }
}
