import FoundationEssentials
import LinuxIO

/// `holdfast lab guest` and `holdfast lab prepare` behind their command lines.
package enum GuestCommand {
    /// Runs the job to its end and tells on the error output what went wrong. The command's exit status;
    /// 124 when the time was up, 125 when the guest could not run (in several boots), 128 and the signal's
    /// number when interrupted.
    package static func run(_ job: GuestJob) -> Int32 {
        do {
            let cache = try GuestCache.standard(environment: ProcessInfo.processInfo.environment)
            let kernel = try cache.kernel(report: StandardStream.note)
            let outcome = try follow(job, kernel: kernel, cache: cache)
            if outcome == .timedOut {
                StandardStream.note("holdfast: the guest was ended after \(job.timeout)")
            }
            return exitStatus(of: outcome)
        } catch {
            StandardStream.note("holdfast: \(error)")
            return 125
        }
    }

    /// Runs the job in a guest to its end, in another guest when the first did not come up.
    static func follow(_ job: GuestJob, kernel: GuestKernel, cache: GuestCache) throws -> GuestRun.Outcome {
        try firstStarted {
            let run = try GuestRun(job, kernel: kernel, cache: cache)
            let outcome = try run.follow()
            if outcome == .neverStarted {
                StandardStream.note("holdfast: the guest's kernel did not start; boot log: \(run.console)")
            }
            return outcome
        }
    }

    /// A kernel that does not come up is given this many boots in all.
    static let boots = 3

    /// How the first run that started a guest ended; `.neverStarted` when none of `boots` did.
    static func firstStarted(_ run: () throws -> GuestRun.Outcome) rethrows -> GuestRun.Outcome {
        for _ in 1..<boots {
            let outcome = try run()
            if outcome != .neverStarted { return outcome }
        }
        return try run()
    }

    /// The exit status that tells how a run ended, as timeout(1) and shells do.
    package static func exitStatus(of outcome: GuestRun.Outcome) -> Int32 {
        switch outcome {
        case .exited(let status): status
        case .timedOut: 124
        case .neverStarted: 125
        case .interrupted(let signal): 128 + signal.rawValue
        }
    }

    /// Fills the cache; 0, or 1 when that failed.
    package static func prepare(refresh: Bool) -> Int32 {
        do {
            let cache = try GuestCache.standard(environment: ProcessInfo.processInfo.environment)
            let kernel = try cache.kernel(refresh: refresh, report: StandardStream.note)
            StandardStream.show("Linux \(kernel.release) in \(cache.folder)\n")
            return 0
        } catch {
            StandardStream.note("holdfast: \(error)")
            return 1
        }
    }
}
