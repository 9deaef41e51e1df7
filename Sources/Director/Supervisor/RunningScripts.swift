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
    /// Of these, those whose last run had to be ended: they leave room for the others.
    static let suspectLimit = limit / 2
    /// So many are started in one turn of the loop.
    static let burst = 2
    /// A script that could not be started for so long, or for half of its timeout, is not started at all.
    static let patience = Interval.seconds(2)
    /// From TERM to KILL.
    static let grace = Interval.seconds(2)

    /// What runs once at a time.
    private struct Identity: Hashable {
        var script: ScriptCheck
        var name: String
    }

    private struct Run {
        var identity: Identity
        var isSuspect: Bool
        /// Until it is started: when to give up.
        var startBy: Instant?
        var killAt: Instant?
    }

    private var runs: [UInt64: Run] = [:]
    private var queue: [UInt64] = []
    /// What had to be ended when it ran last, the latest at the end; at most `remembered`.
    private var suspects: [Identity] = []
    private static let remembered = 1024
    private var pauseUntil = Instant(nanoseconds: .min)

    /// The earliest KILL, or the next start.
    var nextDeadline: Instant? {
        let kill = runs.values.reduce(nil as Instant?) { Instant?.earlier($0, $1.killAt) }
        guard !queue.isEmpty else { return kill }
        let expiry = queue.reduce(kill) { Instant?.earlier($0, runs[$1]?.startBy) }
        return next.isEmpty ? expiry : Instant?.earlier(expiry, pauseUntil)
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
        let identity = Identity(script: script, name: name)
        guard !runs.values.contains(where: { $0.identity == identity }) else {
            return "its former run has not ended"
        }
        let half = Interval(nanoseconds: script.timeout.nanoseconds / 2)
        runs[run] = Run(
            identity: identity, isSuspect: suspects.contains(identity),
            startBy: now + min(Self.patience, half))
        queue.append(run)
        return nil
    }

    /// The runs to be started now, in the order they came.
    mutating func startable(at now: Instant) -> [UInt64] {
        guard now >= pauseUntil else { return [] }
        let next = next
        queue.removeAll { next.contains($0) }
        for run in next { runs[run]?.startBy = nil }
        return next
    }

    /// Those that there is room for, as many as are started in one turn.
    private var next: [UInt64] {
        var room = min(Self.burst, Self.limit - count)
        guard room > 0 else { return [] }
        var suspectRoom = Self.suspectLimit - runs.values.count { $0.isSuspect && $0.startBy == nil }
        var next: [UInt64] = []
        for run in queue where room > 0 {
            let isSuspect = runs[run]?.isSuspect ?? false
            guard !isSuspect || suspectRoom > 0 else { continue }
            room -= 1
            suspectRoom -= isSuspect ? 1 : 0
            next.append(run)
        }
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
        suspects.removeAll { $0 == entry.identity }
        if suspects.count == Self.remembered { suspects.removeFirst() }
        suspects.append(entry.identity)
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
        if entry.killAt == nil { suspects.removeAll { $0 == entry.identity } }
        return entry.killAt == nil
    }
}
