import HealthChecks
import LinuxIO
import Timekeeping

/// The scripts that wait for their start, run, or are being ended: TERM to the group, KILL 2 s later. A
/// value; the children themselves are kept by `ScriptRunner`.
///
/// Starting a process takes the supervisor's time, which the other roles need more. Scripts are therefore
/// started few at a time, with a pause as long as their start took, and wait in between.
struct RunningScripts {
    /// So many run at once, so that a slow host does not fill up with processes.
    static let limit = 256
    /// So many are started in one turn of the loop.
    static let burst = 2
    /// A script that could not be started for so long, or for half of its timeout, is not started at all.
    static let patience = Interval.seconds(2)
    /// From TERM to KILL.
    static let grace = Interval.seconds(2)

    private struct Run {
        var script: ScriptCheck
        var name: String
        /// Until it is started: when to give up.
        var startBy: Instant?
        var killAt: Instant?
    }

    private var runs: [UInt64: Run] = [:]
    private var queue: [UInt64] = []
    private var pauseUntil = Instant(nanoseconds: .min)

    /// The earliest KILL, or the next start.
    var nextDeadline: Instant? {
        let kill = runs.values.reduce(nil as Instant?) { Instant?.earlier($0, $1.killAt) }
        guard !queue.isEmpty else { return kill }
        let expiry = queue.reduce(kill) { Instant?.earlier($0, runs[$1]?.startBy) }
        return count < Self.limit ? Instant?.earlier(expiry, pauseUntil) : expiry
    }

    /// Scripts that were started and have not ended.
    var count: Int { runs.count - queue.count }
    /// The numbers of all runs.
    var all: [UInt64] { runs.keys.sorted() }

    /// Why `script` cannot become `run`; nil when it can, and then it waits for its start. Of equal scripts
    /// of one name only one runs.
    mutating func begin(
        _ run: UInt64, _ script: ScriptCheck, named name: String = "", at now: Instant
    ) -> String? {
        guard runs[run] == nil else { return "run \(run) exists" }
        guard !runs.values.contains(where: { $0.script == script && $0.name == name }) else {
            return "its former run has not ended"
        }
        let half = Interval(nanoseconds: script.timeout.nanoseconds / 2)
        runs[run] = Run(script: script, name: name, startBy: now + min(Self.patience, half))
        queue.append(run)
        return nil
    }

    /// The runs to be started now, in the order they came.
    mutating func startable(at now: Instant) -> [UInt64] {
        guard now >= pauseUntil else { return [] }
        let next = Array(queue.prefix(min(Self.burst, max(0, Self.limit - count))))
        queue.removeFirst(next.count)
        for run in next { runs[run]?.startBy = nil }
        return next
    }

    /// Starting the last ones took this time, until `now`.
    mutating func paused(for time: Interval, at now: Instant) { pauseUntil = now + time }

    /// The runs that could not be started in time; they are over.
    mutating func expired(at now: Instant) -> [UInt64] {
        let late = queue.filter { runs[$0]?.startBy.map { $0 <= now } ?? true }
        guard !late.isEmpty else { return [] }
        queue.removeAll { late.contains($0) }
        for run in late { runs[run] = nil }
        return late
    }

    /// The run is to end; true when it was started and TERM is to be sent.
    mutating func terminate(_ run: UInt64, at now: Instant) -> Bool {
        guard let entry = runs[run], entry.killAt == nil else { return false }
        guard entry.startBy == nil else {
            queue.removeAll { $0 == run }
            runs[run] = nil
            return false
        }
        runs[run]?.killAt = now + Self.grace
        return true
    }

    /// The runs whose time after TERM is up.
    mutating func overdue(at now: Instant) -> [UInt64] {
        let late = runs.filter { $0.value.killAt.map { $0 <= now } ?? false }.keys.sorted()
        for run in late { runs[run]?.killAt = now + Self.grace }
        return late
    }

    /// The run has ended; true when the checker is to be told, since it did not ask for the end.
    mutating func end(_ run: UInt64) -> Bool {
        guard let entry = runs.removeValue(forKey: run) else { return false }
        return entry.killAt == nil
    }
}
