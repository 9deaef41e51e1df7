import ArgumentParser
import ControlProtocol
import LinuxIO
import LoadBalancing
import Timekeeping

/// `holdfast recheck`.
struct RecheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recheck",
        abstract: "Make checks now instead of when they are due, and say what they say.",
        discussion: """
            A probe that is under way counts; afterwards the schedule goes on from there. What a probe says \
            has the same effect as any other.

            Exit status: 0 when all of them are good, 1 when one is not, or when there is none to make, 3 \
            when no daemon runs, 69 when it does not answer, 75 when they have not ended in time, 77 when \
            this user may not.
            """)

    @Argument(help: "192.0.2.21, 192.0.2.21:80@192.0.2.100:80/tcp, 192.0.2.100:80/tcp; all without it.")
    var target: String?
    @Option(help: "How long to wait for them: 90, 90s, 30m.") var wait = "30s"
    @OptionGroup var daemon: SocketOptions

    func validate() throws {
        guard OrderWords.seconds(wait) != nil else {
            throw ValidationError("--wait is 1 second to 30 days: 90, 90s, 30m, 2h, 3d")
        }
        if let target, ServerTarget(target) == nil, ServiceIdentity(target) == nil {
            throw ValidationError(
                "\(target) is no server, as 192.0.2.21:80, and no service, as 192.0.2.100:80/tcp")
        }
    }

    func run() throws {
        let before = try status()
        let (begun, end) = try daemon.ask(.recheck(target: target))
        guard end.outcome == .done else { return try Exit.unless(end) }
        let progress = RecheckProgress(begun, before: before)
        guard progress.canTell else {
            throw Exit.because(
                "the checks are made, but the daemon is older than this program and does not say when they "
                    + "have ended: see holdfast status", ExitCode(75))
        }
        let limit = Clock.now() + .seconds(Int64(OrderWords.seconds(wait) ?? 30))
        while true {
            let now = try status()
            let left = progress.left(in: now)
            guard left > 0 else {
                let outcome = progress.outcome(in: now)
                StandardStream.show(outcome.text)
                if !outcome.isGood { throw ExitCode(1) }
                return
            }
            guard Clock.now() < limit else {
                StandardStream.show(progress.outcome(in: now).text)
                throw Exit.because("\(left) checks have not ended", ExitCode(75))
            }
            Scheduling.sleep(.milliseconds(250))
        }
    }

    private func status() throws -> [JSONValue] {
        let (lines, end) = try daemon.ask(.status)
        try Exit.unless(end)
        return lines
    }
}
