import Timekeeping

/// When a role that died is started again: at once the first time, since a virtual address is waiting, then
/// with growing pauses, so that a role which cannot live does not take the machine with it.
package struct RestartPolicy: Hashable, Sendable {
    /// The pause after the second death in a row; doubled by each further one.
    package static let firstPause = Interval.milliseconds(100)
    /// No pause is longer.
    package static let longestPause = Interval.seconds(5)
    /// A role that lived this long has shown that it can; its next death counts as the first.
    package static let proof = Interval.seconds(20)

    private var startedAt: Instant?
    /// Deaths in a row.
    package private(set) var deaths = 0

    /// A role that has not been started.
    package init() {}

    /// The role was started.
    package mutating func started(at now: Instant) { startedAt = now }

    /// The role died; when to start it again.
    package mutating func ended(at now: Instant) -> Instant {
        if let startedAt, now - startedAt >= Self.proof { deaths = 0 }
        startedAt = nil
        deaths += 1
        guard deaths > 1 else { return now }
        return now + min(Self.longestPause, Self.firstPause * (1 << Int64(min(deaths - 2, 10))))
    }
}
