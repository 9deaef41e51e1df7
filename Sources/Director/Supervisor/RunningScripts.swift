import HealthChecks
import LinuxIO
import Timekeeping

/// The scripts that run now and those that are being ended: TERM to the group, KILL 2 s later. A value; the
/// children themselves are kept by `ScriptRunner`.
struct RunningScripts {
    /// More at once are refused, so that a slow host does not fill up with processes.
    static let limit = 256
    /// From TERM to KILL.
    static let grace = Interval.seconds(2)

    private struct Run {
        var script: ScriptCheck
        var killAt: Instant?
    }

    private var runs: [UInt64: Run] = [:]

    /// The earliest KILL.
    var nextDeadline: Instant? { runs.values.reduce(nil) { Instant?.earlier($0, $1.killAt) } }
    /// Scripts that have not ended.
    var count: Int { runs.count }
    /// The numbers of all runs.
    var all: [UInt64] { runs.keys.sorted() }

    /// Why `script` cannot be started as `run`; nil when it can, and then it counts as running.
    mutating func begin(_ run: UInt64, _ script: ScriptCheck) -> String? {
        guard runs[run] == nil else { return "run \(run) exists" }
        guard runs.count < Self.limit else { return "\(Self.limit) scripts are running" }
        guard !runs.values.contains(where: { $0.script == script }) else {
            return "its former run has not ended"
        }
        runs[run] = Run(script: script)
        return nil
    }

    /// The run is to end; true when it is there and TERM is to be sent.
    mutating func terminate(_ run: UInt64, at now: Instant) -> Bool {
        guard let entry = runs[run], entry.killAt == nil else { return false }
        runs[run]?.killAt = now + Self.grace
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
        return entry.killAt == nil
    }
}

/// Runs check scripts through the exec role.
final class ScriptRunner<Token> {
    private let loop: EventLoop<Token>
    private let token: (UInt64) -> Token
    private var children: [UInt64: (child: ChildProcess, registration: Registration)] = [:]
    private var running = RunningScripts()

    init(in loop: EventLoop<Token>, token: @escaping (UInt64) -> Token) {
        self.loop = loop
        self.token = token
    }

    var nextDeadline: Instant? { running.nextDeadline }

    /// Starts `script` as `user`; the outcome when there is nothing to wait for.
    func run(_ run: UInt64, _ script: ScriptCheck, as user: String) -> ScriptOutcome? {
        if let refusal = running.begin(run, script) { return .unavailable(refusal) }
        do {
            let child = try ChildProcess(
                ExecRole.program(script.command, user: user),
                ChildStreams(input: .null, output: .null, error: .null))
            children[run] = (child, try loop.register(child.descriptor, .read, token(run)))
            return nil
        } catch {
            _ = running.end(run)
            return .unavailable("\(error)")
        }
    }

    /// Asks a run to end.
    func terminate(_ run: UInt64, at now: Instant) {
        if running.terminate(run, at: now) { children[run]?.child.sendToGroup(.terminate) }
    }

    /// Asks all runs to end: their checker is gone.
    func terminateAll(at now: Instant) { for run in running.all { terminate(run, at: now) } }

    /// Ends every run without grace: the daemon stops.
    func killAll() { for entry in children.values { entry.child.sendToGroup(.kill) } }

    /// Kills what did not listen to TERM.
    func advance(to now: Instant) {
        for run in running.overdue(at: now) { children[run]?.child.sendToGroup(.kill) }
    }

    /// The process of `run` may have ended; its outcome when the checker waits for one.
    func reap(_ run: UInt64) -> ScriptOutcome? {
        guard let entry = children[run], let how = try? entry.child.reap(endingGroup: true) else {
            return nil
        }
        loop.unregister(entry.registration)
        children[run] = nil
        guard running.end(run) else { return nil }
        return switch how {
        case .exited(ExecRole.failureStatus): .unavailable("the script could not be started")
        case .exited(let status): .status(status)
        case .signalled(let number): .signal(number)
        }
    }
}
