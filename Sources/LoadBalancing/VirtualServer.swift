import HealthChecks
import NetTypes
import Timekeeping

/// How packets reach a real server (`lb_kind`, `lvs_method`; IP_VS_CONN_F_* of linux/ip_vs.h).
package enum ForwardingMethod: UInt32, Hashable, Sendable, Codable {
    case masquerade = 0
    case tunnel = 2
    case directRouting = 3
    /// To where the packet goes anyway: nothing configures it, but another program may have written it.
    case bypass = 4
}

/// Where packets of a `lb_kind FULLNAT` service come from for its real servers: netfilter rewrites the source
/// of what IPVS masquerades.
package enum SourceTranslation: Hashable, Sendable, Codable {
    /// From the address of the interface that they leave by, another one on each director.
    case masquerade
    /// `fullnat_source`: from this one, on whichever director.
    case address(IPAddress)
}

/// What names an IPVS service in the kernel.
package enum ServiceIdentity: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    case address(TransportProtocol, Endpoint)
    case mark(AddressFamily, FirewallMark)

    /// The family of the service.
    package var family: AddressFamily {
        switch self {
        case .address(_, let endpoint): endpoint.address.family
        case .mark(let family, _): family
        }
    }

    /// `198.51.100.10:80/tcp`, `fwmark:3`, or `fwmark:3/inet6`.
    package var description: String {
        switch self {
        case .address(let transport, let endpoint): "\(endpoint)/\(transport)"
        case .mark(.inet, let mark): "fwmark:\(mark)"
        case .mark(.inet6, let mark): "fwmark:\(mark)/inet6"
        }
    }

    /// Reads what `description` writes; nil for anything else.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first else { return nil }
        if first.hasPrefix("fwmark:") {
            let digits = first.dropFirst("fwmark:".count)
            guard let number = UInt32(digits), let mark = FirewallMark(number), "\(mark)" == digits,
                parts.count == 1 || parts[1] == "inet6"
            else { return nil }
            self = .mark(parts.count == 1 ? .inet : .inet6, mark)
        } else {
            guard parts.count == 2, let endpoint = Endpoint(first),
                let transport = TransportProtocol.allCases.first(where: { "\($0)" == parts[1] })
            else { return nil }
            self = .address(transport, endpoint)
        }
    }

    /// Marks first, then by protocol, address and port.
    package static func < (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.mark(let a, let m), .mark(let b, let n)): (m, a.bits) < (n, b.bits)
        case (.mark, .address): true
        case (.address, .mark): false
        case (.address(let a, let e), .address(let b, let f)): (a, e) < (b, f)
        }
    }
}

/// One `real_server` of a virtual server.
package struct RealServer: Hashable, Sendable, Codable {
    /// Address and port as configured. For a fwmark service in DR or TUN the kernel gets port 0 (the port is
    /// not translated), while checks keep the port written here.
    package var endpoint: Endpoint
    /// `weight`, default 1.
    package var weight: UInt32
    /// `lb_kind` of the server; nil for the virtual server's.
    package var forwarding: ForwardingMethod?
    /// How TUN packets are wrapped; follows `forwarding`, so it is the virtual server's where that is nil.
    package var encapsulation = Encapsulation.ipip
    /// `uthreshold`: connections at which the server gets no new ones; 0 for no limit.
    package var upperThreshold: UInt32 = 0
    /// `lthreshold`: connections below which it gets new ones again; 0 for three quarters of the upper one.
    package var lowerThreshold: UInt32 = 0
    /// `inhibit_on_failure`: weight 0 instead of removal while down; of a sorry server
    /// `sorry_server_inhibit`: weight 0 instead of removal while it is not needed.
    package var inhibitOnFailure: Bool
    /// All MUST be up for the server to be up; none means always up.
    package var checks: [CheckSpecification]

    /// A real server.
    package init(
        endpoint: Endpoint, weight: UInt32 = 1, forwarding: ForwardingMethod? = nil,
        inhibitOnFailure: Bool = false,
        checks: [CheckSpecification] = []
    ) {
        self.endpoint = endpoint
        self.weight = weight
        self.forwarding = forwarding
        self.inhibitOnFailure = inhibitOnFailure
        self.checks = checks
    }
}

/// Persistence of a service (`persistence_timeout`, `persistence_granularity`).
package struct Persistence: Hashable, Sendable, Codable {
    /// How long a client stays on its server: 1...2678400 s, default 360.
    package var timeoutSeconds: UInt32
    /// Clients sharing this many leading address bits stay together; default 32 or 128.
    package var prefixLength: UInt8
    /// An IPv4 mask with gaps, which another program may have set (`ipvsadm -M 255.0.255.0`), as a number;
    /// `prefixLength` then counts its bits. nil for every mask that is a prefix.
    package private(set) var gappedMask: UInt32?

    /// A persistence setting.
    package init(timeoutSeconds: UInt32 = 360, prefixLength: UInt8) {
        self.timeoutSeconds = timeoutSeconds
        self.prefixLength = prefixLength
    }

    /// A setting for IPv4, by any mask, most significant octet first.
    package init(timeoutSeconds: UInt32, mask: UInt32) {
        self.init(timeoutSeconds: timeoutSeconds, prefixLength: UInt8(mask.nonzeroBitCount))
        if self.mask != mask { gappedMask = mask }
    }

    /// The IPv4 mask as a number, most significant octet first.
    package var mask: UInt32 {
        if let gappedMask { return gappedMask }
        return prefixLength == 0 ? 0 : UInt32.max << (32 - UInt32(min(prefixLength, 32)))
    }
}

/// One `virtual_server`, defaults resolved.
package struct VirtualServer: Hashable, Sendable, Codable {
    /// As configured: address and port, or mark; of a group the first member. No two have the same.
    package var identity: ServiceIdentity
    /// `virtual_server group NAME`; nil for one address or mark.
    package var group: ServiceGroup?
    /// `lb_algo`/`lvs_sched`: the kernel's scheduler name (rr, wrr, lc, wlc, ...), at most 15 characters.
    package var scheduler: String
    /// `lb_kind`/`lvs_method`.
    package var forwarding: ForwardingMethod
    /// How TUN packets are wrapped: the words after `lb_kind TUN`.
    package var encapsulation = Encapsulation.ipip
    /// `lb_kind FULLNAT`, with `forwarding` `masquerade`; nil for any other.
    package var sourceTranslation: SourceTranslation?
    /// `ops`, `flag-1` to `flag-3` and the schedulers' own names for them.
    package var flags: ServiceFlags = []
    /// `persistence_engine`: the name of the kernel's module (`sip`).
    package var persistenceEngine: String?
    /// nil when the service is not persistent.
    package var persistence: Persistence?
    /// In configured order; no two with the same endpoint.
    package var realServers: [RealServer]
    /// `sorry_server`: takes all traffic while no real server is up.
    package var sorryServer: RealServer?
    /// `quorum`, default 1: the total weight of live servers below which the sorry server takes over.
    package var quorum: UInt32
    /// `hysteresis`, below the quorum, default 0: the quorum is regained that much above it, at most with all
    /// servers, and lost that much below it.
    package var hysteresis: UInt32 = 0
    /// `ha_suspend`: no probe is made while none of the service's addresses is on this host.
    package var suspendsChecks = false
    /// nil without `loop_guard`; otherwise the service is programmed by this mark (see LoopGuard).
    package var guardMark: FirewallMark?

    /// A virtual server.
    package init(
        identity: ServiceIdentity, scheduler: String = "wlc", forwarding: ForwardingMethod,
        persistence: Persistence? = nil, realServers: [RealServer], sorryServer: RealServer? = nil,
        quorum: UInt32 = 1, guardMark: FirewallMark? = nil
    ) {
        self.identity = identity
        self.scheduler = scheduler
        self.forwarding = forwarding
        self.persistence = persistence
        self.realServers = realServers
        self.sorryServer = sorryServer
        self.quorum = quorum
        self.guardMark = guardMark
    }

    /// Some server, the sorry server among them, is reached by NAT.
    package var masquerades: Bool {
        func isMasqueraded(_ server: RealServer) -> Bool { (server.forwarding ?? forwarding) == .masquerade }
        return realServers.contains(where: isMasqueraded) || (sorryServer.map(isMasqueraded) ?? false)
    }
}
