import ConfigModel
import Timekeeping

/// The scripts of notifications: which run, which wait, in which order. A value; the processes are kept by
/// `NotificationRunner`.
///
/// Of one subject one script runs at a time, in the order in which things happened, so that what a script is
/// told last is how things are. Subjects do not wait for each other. When a subject has more to tell than
/// `waitingLimit`, its oldest notification that has not begun is left out; the newest never is.
///
/// Starting a process takes the supervisor's time, which the roles need more: few are started at a time, with
/// a pause as long as their start took.
struct NotificationQueue {
    /// So many notifications of one subject wait; beyond that the oldest is left out.
    static let waitingLimit = 16
    /// So many scripts run at once.
    static let runningLimit = 64
    /// So many are started in one turn of the loop.
    static let burst = 2
    /// So long a script may run before it is sent TERM.
    static let timeout = Interval.seconds(60)
    /// From TERM to KILL.
    static let grace = Interval.seconds(2)

    /// A script that runs or is to be started.
    struct Run: Hashable {
        var number: UInt64
        var script: NotifyScript
    }

    private struct Lane {
        /// Scripts of the notification that has begun.
        var begun: [NotifyScript] = []
        var waiting: [Notification] = []
        var isBusy = false

        mutating func next() -> NotifyScript? {
            while begun.isEmpty {
                guard !waiting.isEmpty else { return nil }
                begun = waiting.removeFirst().scripts
            }
            return begun.removeFirst()
        }
    }

    private struct Active {
        var subject: Notification.Subject
        var terminateAt: Instant?
        var killAt: Instant
    }

    private var lanes: [Notification.Subject: Lane] = [:]
    /// Subjects that have something to run and nothing running, in the order they came.
    private var ready: [Notification.Subject] = []
    private var active: [UInt64: Active] = [:]
    private var lastNumber: UInt64 = 0
    private var pauseUntil = Instant(nanoseconds: .min)
    private var end: Instant?
    /// Notifications that were left out.
    private(set) var dropped: UInt64 = 0

    /// Nothing runs and nothing waits.
    var isIdle: Bool { lanes.isEmpty }

    /// When `startable`, `expired` or `overdue` have something to say.
    var nextDeadline: Instant? {
        let ends = active.values.reduce(nil as Instant?) {
            Instant?.earlier($0, $1.terminateAt ?? $1.killAt)
        }
        let start = ready.isEmpty || active.count >= Self.runningLimit ? nil : pauseUntil
        return Instant?.earlier(ends, start)
    }

    /// Something happened. After `finish` nothing is taken any more.
    mutating func add(_ notification: Notification) {
        guard !notification.scripts.isEmpty, end == nil else { return }
        var lane = lanes[notification.subject] ?? Lane()
        if !lane.isBusy, lane.begun.isEmpty, lane.waiting.isEmpty { ready.append(notification.subject) }
        lane.waiting.append(notification)
        if lane.waiting.count > Self.waitingLimit {
            lane.waiting.removeFirst()
            dropped += 1
        }
        lanes[notification.subject] = lane
    }

    /// What is to be started now.
    mutating func startable(at now: Instant) -> [Run] {
        guard now >= pauseUntil else { return [] }
        var runs: [Run] = []
        while runs.count < Self.burst, active.count < Self.runningLimit, !ready.isEmpty {
            let subject = ready.removeFirst()
            guard let script = lanes[subject]?.next() else { continue }
            lanes[subject]?.isBusy = true
            lastNumber += 1
            let terminateAt = end.map { min($0, now + Self.timeout) } ?? now + Self.timeout
            active[lastNumber] = Active(
                subject: subject, terminateAt: terminateAt, killAt: terminateAt + Self.grace)
            runs.append(Run(number: lastNumber, script: script))
        }
        return runs
    }

    /// Starting the last ones took this time, until `now`.
    mutating func paused(for time: Interval, at now: Instant) { pauseUntil = now + time }

    /// The script of this run has ended, or could not be started: the next of its subject is due.
    mutating func ended(_ number: UInt64) {
        guard let subject = active.removeValue(forKey: number)?.subject else { return }
        lanes[subject]?.isBusy = false
        if let lane = lanes[subject], lane.begun.isEmpty, lane.waiting.isEmpty {
            lanes[subject] = nil
        } else {
            ready.append(subject)
        }
    }

    /// The runs that are to be sent TERM.
    mutating func expired(at now: Instant) -> [UInt64] {
        let late = active.filter { $0.value.terminateAt.map { $0 <= now } ?? false }.keys.sorted()
        for number in late {
            active[number]?.terminateAt = nil
            active[number]?.killAt = now + Self.grace
        }
        return late
    }

    /// The runs that did not listen to TERM and are to be sent KILL; again after `grace` while they last.
    mutating func overdue(at now: Instant) -> [UInt64] {
        let late = active.filter { $0.value.terminateAt == nil && $0.value.killAt <= now }.keys.sorted()
        for number in late { active[number]?.killAt = now + Self.grace }
        return late
    }

    /// The daemon ends: what waits may still run until `deadline`, what runs then is sent TERM, and nothing
    /// new is taken.
    mutating func finish(by deadline: Instant) {
        end = deadline
        for (number, run) in active {
            active[number]?.terminateAt = run.terminateAt.map { min($0, deadline) }
        }
    }

    /// Leaves out what has not begun, once the end has come.
    mutating func giveUpWaiting(at now: Instant) {
        guard let end, end <= now else { return }
        ready = []
        for subject in lanes.keys.filter({ lanes[$0]?.isBusy == false }) { drop(subject) }
        for subject in lanes.keys {
            dropped += UInt64(lanes[subject]?.waiting.count ?? 0)
            lanes[subject]?.waiting = []
            lanes[subject]?.begun = []
        }
    }

    private mutating func drop(_ subject: Notification.Subject) {
        dropped += UInt64(lanes[subject]?.waiting.count ?? 0)
        lanes[subject] = nil
    }
}
