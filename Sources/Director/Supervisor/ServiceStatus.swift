import ConfigModel
import Timekeeping
import VRRP

/// What the service manager is told unasked (sd_notify(3)): what the daemon does, and that the supervisor's
/// loop still turns. A value: `now` goes in, datagrams come out.
struct ServiceStatus {
    /// How often a sign of life goes out: half of what the service manager waits; nil when it does not watch.
    let period: Interval?
    /// When the next one is due.
    private(set) var nextDeadline: Instant?
    private var states: [String: Router.StateName]?
    private var services = 0
    private var stopLimit: Instant?

    /// What the daemon itself needs after its last role.
    private static let margin = Interval.seconds(10)
    /// No sign of life goes out more often, whatever is asked for.
    private static let shortest = Interval.milliseconds(10)

    /// `environment` has WATCHDOG_USEC, microseconds, where the service manager watches a process, and in
    /// WATCHDOG_PID which one.
    init(environment: [String: String], process: Int32, at now: Instant) {
        let isOurs = environment["WATCHDOG_PID"].map { $0 == "\(process)" } ?? true
        let wait = environment["WATCHDOG_USEC"].flatMap { Int64($0) } ?? 0
        period = isOurs && wait > 0 ? max(Self.shortest, Interval.microseconds(wait) / 2) : nil
        nextDeadline = period.map { now + $0 }
    }

    /// The sign of life, when it is due.
    mutating func advance(to now: Instant) -> String? {
        guard let period, let due = nextDeadline, due <= now else { return nil }
        nextDeadline = now + period
        return "WATCHDOG=1"
    }

    /// What the daemon does, when that has changed.
    mutating func show(_ supervisor: Supervisor) -> String? {
        let count = supervisor.configuration.virtualServers.count
        guard supervisor.states != states || count != services else { return nil }
        (states, services) = (supervisor.states, count)
        return "STATUS=\(supervisor.summary)"
    }

    /// How long a stop may take, when that has changed: the service manager kills what takes longer than it
    /// was told in its unit, but not before that.
    mutating func extend(_ supervisor: Supervisor, at now: Instant) -> String? {
        guard let limit = supervisor.stopLimit, limit != stopLimit else { return nil }
        stopLimit = limit
        return "EXTEND_TIMEOUT_USEC=\((limit - now + Self.margin).nanoseconds / 1000)"
    }
}

extension Supervisor {
    /// So many instances of a state are named.
    private static let named = 8

    /// For people, in one line: `master of VI_1; backup of VI_2, VI_3; 12 virtual servers`.
    var summary: String {
        let kinds: [(String, Router.StateName)] = [
            ("master of", .master), ("backup of", .backup), ("in fault:", .fault), ("starting:", .initialize),
        ]
        var parts = kinds.compactMap { words, state -> String? in
            let names = configuration.instances.map(\.name).filter {
                states[$0, default: .initialize] == state
            }
            guard !names.isEmpty, wantsVRRP else { return nil }
            let rest = names.count > Self.named ? " and \(names.count - Self.named) more" : ""
            return "\(words) \(names.prefix(Self.named).joined(separator: ", "))\(rest)"
        }
        let services = configuration.virtualServers.count
        if wantsChecks, services > 0 {
            parts.append("\(services) virtual server\(services == 1 ? "" : "s")")
        }
        return parts.isEmpty ? "nothing to do" : parts.joined(separator: "; ")
    }
}
