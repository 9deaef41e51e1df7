import Timekeeping

/// The two sync threads of the kernel (IP_VS_STATE_* of linux/ip_vs.h).
package enum SyncThread: UInt32, Hashable, Sendable, Codable, CaseIterable, CustomStringConvertible {
    /// Sends what this node's connections do.
    case master = 1
    /// Hears what the other node sends; with `net.ipv4.vs.backup_only` IPVS leaves packets alone while it
    /// runs.
    case backup = 2

    /// `master` or `backup`.
    package var description: String { self == .master ? "master" : "backup" }
}

/// One write to the sync threads. The description is a sentence for the log.
package enum SyncDaemonChange: Hashable, Sendable, Codable, CustomStringConvertible {
    /// Starts a thread that does not run.
    case start(SyncThread, SyncDaemonConfiguration)
    /// Stops a running thread; stopping the master drops what it has not sent yet.
    case stop(SyncThread)

    /// `start the master sync thread on eth0, id 51`.
    package var description: String {
        switch self {
        case .start(let thread, let configuration):
            "start the \(thread) sync thread on \(configuration.interface), id \(configuration.syncID)"
        case .stop(let thread): "stop the \(thread) sync thread"
        }
    }
}

/// Which sync threads run (`lvs_sync_daemon`).
package enum SyncRole {
    /// So long at most a message waits in the master thread: 2 s in a buffer that is not full, and until the
    /// thread wakes (net/netfilter/ipvs/ip_vs_sync.c, IPVS_SYNC_FLUSH_TIME, IPVS_SYNC_CHECK_PERIOD).
    package static let delivery = Interval.seconds(3)

    /// The master thread while the named instance is master, the backup thread otherwise; both when no
    /// instance is named; none without a configuration. `instanceIsMaster` is not looked at when no instance
    /// is named.
    package static func desired(
        _ configuration: SyncDaemonConfiguration?, instanceIsMaster: Bool
    ) -> SyncDaemonState {
        guard let configuration else { return SyncDaemonState() }
        guard configuration.instance != nil else {
            return SyncDaemonState(master: configuration, backup: configuration)
        }
        return instanceIsMaster
            ? SyncDaemonState(master: configuration) : SyncDaemonState(backup: configuration)
    }

    /// The way from `observed` to `desired`. What must stop stops first. `anew` starts every thread again,
    /// after all have stopped: only then the kernel looks at some settings.
    package static func changes(
        observed: SyncDaemonState, desired: SyncDaemonState, anew: Bool = false
    ) -> [SyncDaemonChange] {
        var stops: [SyncDaemonChange] = []
        var starts: [SyncDaemonChange] = []
        for thread in SyncThread.allCases {
            let (running, wanted) = (observed[thread], desired[thread])
            if !anew, let wanted, let running, wanted.isSatisfied(by: running) { continue }
            if running != nil { stops.append(.stop(thread)) }
            if let wanted { starts.append(.start(thread, wanted)) }
        }
        return stops + starts
    }
}

extension SyncDaemonState {
    /// The settings of one thread; nil when it does not run.
    package subscript(thread: SyncThread) -> SyncDaemonConfiguration? {
        get { thread == .master ? master : backup }
        set { if thread == .master { master = newValue } else { backup = newValue } }
    }
}

extension SyncDaemonConfiguration {
    /// True when a thread that runs with `running` does what is asked for here. What is not configured may
    /// have any value: the kernel reports the defaults it chose.
    package func isSatisfied(by running: SyncDaemonConfiguration) -> Bool {
        func fits<Value: Equatable>(_ wanted: Value?, _ actual: Value?) -> Bool {
            wanted == nil || wanted == actual
        }
        return interface == running.interface && syncID == running.syncID
            && fits(maximumLength, running.maximumLength) && fits(group, running.group)
            && fits(port, running.port) && fits(ttl, running.ttl)
    }
}
