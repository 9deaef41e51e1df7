import NetTypes

/// How TUN packets are wrapped (`lb_kind TUN type ...`; IPVS_DEST_ATTR_TUN_*, IP_VS_CONN_F_TUNNEL_TYPE_* of
/// linux/ip_vs.h).
package struct Encapsulation: Hashable, Sendable, Codable {
    /// 0 IP-in-IP, 1 GUE, 2 GRE.
    package var type: UInt8
    /// GUE's UDP port; 0 for the others.
    package var port: UInt16
    /// Bit 0: checksum, bit 1: remote checksum offload.
    package var flags: UInt16

    /// The type of GUE: UDP to `port`.
    package static let gue: UInt8 = 1
    /// The type of GRE.
    package static let gre: UInt8 = 2

    /// The flag for an outer checksum (IP_VS_TUNNEL_ENCAP_FLAG_CSUM).
    package static let checksum: UInt16 = 1
    /// The flag for remote checksum offload, GUE's alone (IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM).
    package static let remoteChecksum: UInt16 = 2

    /// IP-in-IP without checksum, the kernel's default.
    package static let ipip = Encapsulation(type: 0, port: 0, flags: 0)

    /// An encapsulation.
    package init(type: UInt8, port: UInt16, flags: UInt16) {
        self.type = type
        self.port = port
        self.flags = flags
    }

    /// The words after `lb_kind TUN`; none for IP-in-IP.
    package var words: [String] {
        let wrapping: [String] =
            switch type {
            case Self.gue: ["type", "gue", "port", String(port)]
            case Self.gre: ["type", "gre"]
            default: []
            }
        return wrapping + (flags == 1 ? ["csum"] : flags == 2 ? ["remcsum"] : [])
    }
}

/// Flags of a service that are not derived from anything else (IP_VS_SVC_F_* of linux/ip_vs.h). The kernel's
/// own "persistent" and "hashed" bits are not among them.
package struct ServiceFlags: OptionSet, Hashable, Sendable, Codable {
    /// The kernel's bits.
    package let rawValue: UInt32

    /// `ops`: every packet is scheduled anew (UDP).
    package static let onePacket = ServiceFlags(rawValue: 0x04)
    /// `flag-1`: `sh-fallback`, `mh-fallback`.
    package static let scheduler1 = ServiceFlags(rawValue: 0x08)
    /// `flag-2`: `sh-port`, `mh-port`.
    package static let scheduler2 = ServiceFlags(rawValue: 0x10)
    /// `flag-3`.
    package static let scheduler3 = ServiceFlags(rawValue: 0x20)

    /// The flags of the kernel's bits.
    package init(rawValue: UInt32) { self.rawValue = rawValue }
}

/// A destination as the kernel holds it (IPVS_DEST_ATTR_* of linux/ip_vs.h), without counters.
package struct IPVSDestination: Hashable, Sendable, Codable {
    /// Address and port as programmed; port 0 in DR and TUN fwmark services.
    package var endpoint: Endpoint
    /// How packets reach it.
    package var forwarding: ForwardingMethod
    /// 0...2^31-1; 0 gets no new connections.
    package var weight: UInt32
    /// Connections at which it gets no new ones; 0 for no limit.
    package var upperThreshold: UInt32
    /// Connections below which it gets new ones again; 0 for three quarters of the upper one.
    package var lowerThreshold: UInt32
    /// Only looked at with `.tunnel`.
    package var encapsulation: Encapsulation

    /// A destination.
    package init(
        endpoint: Endpoint, forwarding: ForwardingMethod, weight: UInt32, upperThreshold: UInt32 = 0,
        lowerThreshold: UInt32 = 0, encapsulation: Encapsulation = .ipip
    ) {
        self.endpoint = endpoint
        self.forwarding = forwarding
        self.weight = weight
        self.upperThreshold = upperThreshold
        self.lowerThreshold = lowerThreshold
        self.encapsulation = encapsulation
    }
}

/// A service as the kernel holds it (IPVS_SVC_ATTR_*), without counters.
package struct IPVSService: Hashable, Sendable, Codable {
    /// What names it.
    package var identity: ServiceIdentity
    /// The scheduler's name.
    package var scheduler: String
    /// nil when the service is not persistent.
    package var persistence: Persistence?
    /// Scheduler flags and one-packet scheduling.
    package var flags: ServiceFlags
    /// The persistence engine's name (`sip`); nil for none.
    package var persistenceEngine: String?
    /// Keyed by endpoint, which names a destination within its service.
    package var destinations: [Endpoint: IPVSDestination]

    /// A service.
    package init(
        identity: ServiceIdentity, scheduler: String, persistence: Persistence? = nil,
        flags: ServiceFlags = [], persistenceEngine: String? = nil,
        destinations: [Endpoint: IPVSDestination] = [:]
    ) {
        self.identity = identity
        self.scheduler = scheduler
        self.persistence = persistence
        self.flags = flags
        self.persistenceEngine = persistenceEngine
        self.destinations = destinations
    }

    /// The same service without destinations: what one netlink message says about it.
    package var settings: IPVSService {
        var copy = self
        copy.destinations = [:]
        return copy
    }
}

/// The kernel's sync threads: both may run at once, each with its own settings.
package struct SyncDaemonState: Hashable, Sendable, Codable {
    /// The sending thread's settings; nil when it does not run.
    package var master: SyncDaemonConfiguration?
    /// The receiving thread's settings; nil when it does not run.
    package var backup: SyncDaemonConfiguration?

    /// A state of the threads.
    package init(master: SyncDaemonConfiguration? = nil, backup: SyncDaemonConfiguration? = nil) {
        self.master = master
        self.backup = backup
    }
}
