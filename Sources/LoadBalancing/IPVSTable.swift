import NetTypes

/// A destination as the kernel holds it (IPVS_DEST_ATTR_* of linux/ip_vs.h), without counters.
package struct IPVSDestination: Hashable, Sendable, Codable {
    /// Address and port as programmed; port 0 in DR and TUN fwmark services.
    package var endpoint: Endpoint
    /// How packets reach it.
    package var forwarding: ForwardingMethod
    /// 0...2^31-1; 0 gets no new connections.
    package var weight: UInt32

    /// A destination.
    package init(endpoint: Endpoint, forwarding: ForwardingMethod, weight: UInt32) {
        self.endpoint = endpoint
        self.forwarding = forwarding
        self.weight = weight
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
    /// Keyed by endpoint, which names a destination within its service.
    package var destinations: [Endpoint: IPVSDestination]

    /// A service.
    package init(
        identity: ServiceIdentity, scheduler: String, persistence: Persistence? = nil,
        destinations: [Endpoint: IPVSDestination] = [:]
    ) {
        self.identity = identity
        self.scheduler = scheduler
        self.persistence = persistence
        self.destinations = destinations
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
