import FoundationEssentials
import LinuxIO

/// `holdfast lab guest` and `holdfast lab prepare` behind their command lines.
package enum GuestCommand {
    /// Runs the job to its end and tells on the error output what went wrong. The command's exit status;
    /// 124 when the time was up, 125 when the guest could not run, 128 and the signal's number when
    /// interrupted.
    package static func run(_ job: GuestJob) -> Int32 {
        do {
            let cache = try GuestCache.standard(environment: ProcessInfo.processInfo.environment)
            let kernel = try cache.kernel(report: StandardStream.note)
            let outcome = try GuestRun(job, kernel: kernel, cache: cache).follow()
            if outcome == .timedOut {
                StandardStream.note("holdfast: the guest was ended after \(job.timeout)")
            }
            return exitStatus(of: outcome)
        } catch {
            StandardStream.note("holdfast: \(error)")
            return 125
        }
    }

    /// The exit status that tells how a run ended, as timeout(1) and shells do.
    package static func exitStatus(of outcome: GuestRun.Outcome) -> Int32 {
        switch outcome {
        case .exited(let status): status
        case .timedOut: 124
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
