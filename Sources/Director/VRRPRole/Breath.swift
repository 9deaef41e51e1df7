import Timekeeping

/// When a process with real-time priority pauses though it has work: RLIMIT_RTTIME kills one that has not
/// slept for seconds, and a flood of events from outside must not bring that about. Nothing else of the
/// machine gets much time under a flood either. One that waits for its next timer sleeps anyway.
struct Breath {
    /// How long a pause is: shorter than any timer of the protocol can tell.
    static let length = Interval.microseconds(500)
    /// From one pause to the next.
    static let spacing = Interval.milliseconds(100)

    /// When the process last slept, or first could have.
    private var last: Instant?

    /// A wait for events took from `start` to `end`: one that took longer than a pause was asleep.
    mutating func waited(from start: Instant, to end: Instant) {
        if end - start >= Self.length { last = end }
    }

    /// True at most once in `spacing`; the caller then sleeps.
    mutating func isDue(at now: Instant) -> Bool {
        if let last, now - last < Self.spacing { return false }
        defer { last = now }
        return last != nil
    }
}
