/// A setting of IPVS in a network namespace, `net.ipv4.vs.NAME` (ipvs-sysctl.rst of the kernel's
/// documentation). The raw value is the kernel's name; the keyword is that name after `lvs_`.
package enum IPVSSetting: String, Hashable, Sendable, Codable, CaseIterable {
    /// IPVS leaves packets alone while the backup thread runs. It has no keyword: the loop guard decides.
    case backupOnly = "backup_only"
    /// At which packets of a connection the peer is told of it: the threshold and the period.
    case syncThreshold = "sync_threshold"
    /// How old, in seconds, what the peer knows of a connection may grow before a packet has it told again;
    /// at most half the connection's timeout, or 10 s where that is more.
    case syncRefreshPeriod = "sync_refresh_period"
    /// How often the next packets of a connection have such a message repeated, each an eighth of that time
    /// after the one before.
    case syncRetries = "sync_retries"
    /// Threads, and UDP ports, of each direction; read when a thread starts.
    case syncPorts = "sync_ports"
    /// Messages that wait to be sent, at most.
    case syncQueueLength = "sync_qlen_max"
    /// Octets of the sync daemon's socket buffers, 0 for the system's; read when a thread starts.
    case syncSocketSize = "sync_sock_size"
    /// Of persistent services the peer is told of clients, and of no connection.
    case syncsTemplatesAlone = "sync_persist_mode"
    /// TCP connections are scheduled by any packet, not by the first alone.
    case sloppyTCP = "sloppy_tcp"
    /// The same of SCTP.
    case sloppySCTP = "sloppy_sctp"
    /// Connections to a server that was removed end with their next packet, instead of losing it.
    case expiresWithServer = "expire_nodest_conn"
    /// Clients of a persistent service leave a server of weight 0.
    case expiresQuiescent = "expire_quiescent_template"
    /// What becomes of a connection whose client uses its port again.
    case reuseMode = "conn_reuse_mode"
    /// Packets that IPVS has a say in are tracked by netfilter, too.
    case conntrack = "conntrack"
    /// Packets out of a tunnel are not balanced.
    case ignoresTunnelled = "ignore_tunneled"
    /// ICMP errors without a connection are scheduled.
    case schedulesICMP = "schedule_icmp"
    /// Rates are computed, every 2 s, for each service and server.
    case estimates = "run_estimation"

    /// What can be written into it.
    package enum Kind: Hashable, Sendable {
        /// 0 or 1.
        case toggle
        /// A number.
        case number(ClosedRange<UInt32>)
        /// One of these numbers.
        case oneOf([UInt32])
        /// Two numbers, the first below the second, or the second 0.
        case pair(ClosedRange<UInt32>)
    }

    /// What the kernel takes (net/netfilter/ipvs/ip_vs_ctl.c, vs_vars).
    package var kind: Kind {
        switch self {
        case .syncThreshold: .pair(0...2_147_483_647)
        case .syncRefreshPeriod: .number(0...2_147_483)
        case .syncRetries, .reuseMode: .number(0...3)
        case .syncPorts: .oneOf([1, 2, 4, 8, 16, 32, 64])
        case .syncQueueLength: .number(1...2_147_483_647)
        case .syncSocketSize: .number(0...2_147_483_647)
        case .backupOnly, .syncsTemplatesAlone, .sloppyTCP, .sloppySCTP, .expiresWithServer,
            .expiresQuiescent, .conntrack, .ignoresTunnelled, .schedulesICMP, .estimates:
            .toggle
        }
    }

    /// It means something to the sync daemon alone.
    package var isOfSync: Bool {
        switch self {
        case .syncThreshold, .syncRefreshPeriod, .syncRetries, .syncPorts, .syncQueueLength,
            .syncSocketSize, .syncsTemplatesAlone:
            true
        case .backupOnly, .sloppyTCP, .sloppySCTP, .expiresWithServer, .expiresQuiescent, .reuseMode,
            .conntrack, .ignoresTunnelled, .schedulesICMP, .estimates:
            false
        }
    }

    /// A sync thread that runs goes on with the former value.
    package var isReadAtThreadStart: Bool { self == .syncPorts || self == .syncSocketSize }

    /// The value as the kernel's file and ours have it: one or two decimal numbers, a blank between them. nil
    /// for anything else.
    package static func value(in text: some StringProtocol) -> String? {
        let words = text.split { $0 == " " || $0 == "\t" || $0 == "\n" }
        guard (1...2).contains(words.count), words.allSatisfy({ UInt64($0) != nil }) else { return nil }
        return words.joined(separator: " ")
    }
}

extension IPVSSetting: CustomStringConvertible {
    /// `net.ipv4.vs.sync_threshold`.
    package var description: String { "net.ipv4.vs.\(rawValue)" }
}
