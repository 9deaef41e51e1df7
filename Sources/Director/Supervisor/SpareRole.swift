import LinuxIO
import Timekeeping

/// The running role has not finished a line of its ledger: it is no time to open it.
struct LedgerInUse: Error, CustomStringConvertible {
    var description: String { "the ledger is being written" }
}

/// A second vrrp role that has done everything for which it needs no assignment, and waits for one. Between
/// the death of a master's role and the next advert lies a wake then, and not the start of a program, for
/// which leases of some tens of milliseconds leave no time.
struct SpareRole {
    private var process: RoleProcess?
    private var policy = RestartPolicy()
    /// When one that ended by itself may be followed by another.
    private var startAt: Instant?
    /// Told to go, and not to be used any more.
    private var isGoing = false

    /// When `keep` has something to do.
    var nextDeadline: Instant? { process == nil ? startAt : nil }

    /// Has one there, made by `start`.
    mutating func keep(at now: Instant, start: () throws -> RoleProcess) throws {
        guard process == nil, startAt.map({ $0 <= now }) ?? true else { return }
        startAt = nil
        policy.started(at: now)
        do {
            process = try start()
        } catch {
            startAt = policy.ended(at: now)
            throw error
        }
    }

    /// The one that waits, for its assignment; nil when there is none.
    mutating func take() -> RoleProcess? {
        guard let process, !isGoing else { return nil }
        self.process = nil
        guard process.reap() == nil else {
            process.close()
            return nil
        }
        return process
    }

    /// Has none there. It is killed: by a mere end of its channel it would learn that the daemon is gone.
    mutating func dismiss() {
        startAt = nil
        guard let process, !isGoing else { return }
        isGoing = true
        process.kill()
    }

    /// False when `ready` is another process's. A spare role says nothing, so that all news of it is its end.
    mutating func handle(_ ready: Ready<SupervisorWake>, at now: Instant) -> Bool {
        guard let process, process.owns(ready.registration) else { return false }
        guard process.reap() != nil else {
            if process.frames(ready).ended {
                process.hasHungUp(at: now)
                process.kill()
            }
            return true
        }
        process.close()
        self.process = nil
        if !isGoing { startAt = policy.ended(at: now) }
        isGoing = false
        return true
    }
}
