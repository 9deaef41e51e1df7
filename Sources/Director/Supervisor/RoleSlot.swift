import Timekeeping

/// What the supervisor knows of the process behind one role.
package struct RoleSlot: Hashable, Sendable {
    /// Where the role is in its life.
    package enum State: Hashable, Sendable {
        /// Not started: not needed, or ended for good.
        case absent
        /// Running since its start.
        case running
        /// It died; it is started again then.
        case pausing(until: Instant)
        /// It was told to stop; it is killed at `deadline`, which signs of life put off until `limit`.
        case stopping(deadline: Instant, limit: Instant)
    }

    /// Where the role is in its life.
    package internal(set) var state = State.absent
    /// It has reported that its first assignment is in force.
    package internal(set) var isReady = false
    /// It has reported that nothing of ours is left in the kernel.
    package internal(set) var hasCleanedUp = false
    /// It is started only to clean up behind one that could not.
    package internal(set) var isCleaner = false
    /// Why it will not be started again, when it said that it cannot work.
    package internal(set) var failure: String?
    /// When it last said something, or vrrp last advertised as a master; nil before its process is there.
    package internal(set) var heardAt: Instant?
    /// When it was asked for a sign of life that has not come.
    package internal(set) var askedAt: Instant?
    var policy = RestartPolicy()

    /// A role that has not been started.
    package init() {}

    /// There is a process.
    package var isAlive: Bool {
        switch state {
        case .running, .stopping: true
        case .absent, .pausing: false
        }
    }

    /// When the supervisor must look at it again.
    package var deadline: Instant? {
        switch state {
        case .absent, .running: nil
        case .pausing(let until): until
        case .stopping(let deadline, _): deadline
        }
    }
}
