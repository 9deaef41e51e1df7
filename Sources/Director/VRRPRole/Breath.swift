import Timekeeping

/// When a process with real-time priority pauses though it has work: RLIMIT_RTTIME kills one that has not
/// slept for seconds, and a flood of events from outside must not bring that about. Nothing else of the
/// machine gets much time under a flood either.
struct Breath {
    /// How long a pause is: shorter than any timer of the protocol can tell.
    static let length = Interval.microseconds(500)
    /// From one pause to the next.
    static let spacing = Interval.milliseconds(100)

    private var last: Instant?

    /// True at most once in `spacing`; the caller then sleeps.
    mutating func isDue(at now: Instant) -> Bool {
        if let last, now - last < Self.spacing { return false }
        defer { last = now }
        return last != nil
    }
}
