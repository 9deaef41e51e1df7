import HealthChecks
import LinuxIO
import Timekeeping

/// Runs check scripts through the exec role.
final class ScriptRunner<Token> {
    private let loop: EventLoop<Token>
    private let token: (UInt64) -> Token
    private var children: [UInt64: (child: ChildProcess, registration: Registration, name: String)] = [:]
    private var running = RunningScripts()
    private var waiting: [UInt64: (program: Program, name: String)] = [:]

    init(in loop: EventLoop<Token>, token: @escaping (UInt64) -> Token) {
        self.loop = loop
        self.token = token
    }

    var nextDeadline: Instant? { running.nextDeadline }

    /// Accepts `script` as `user`, and with `rootsOwn` only if nobody but root can change it; the outcome
    /// when it cannot be started at all. `advance` starts it.
    func run(
        _ run: UInt64, _ script: ScriptCheck, named name: String = "", as user: ScriptAccounts.Found,
        rootsOwn: Bool, at now: Instant
    ) -> ScriptOutcome? {
        let account: UserAccount
        switch user {
        case .account(let known): account = known
        case .refused(let why): return .unavailable(why)
        }
        if let refusal = running.begin(run, script, named: name, at: now) { return .unavailable(refusal) }
        let program = ExecRole.program(
            script.command, as: account, rootsOwn: rootsOwn, parent: HostFacts.process)
        waiting[run] = (program, script.command.first ?? "")
        return nil
    }

    private func start(_ run: UInt64, _ program: Program, _ name: String) -> ScriptOutcome? {
        do {
            let child = try ChildProcess(
                program, ChildStreams(input: .null, output: .null, error: .null))
            children[run] = (child, try loop.register(child.descriptor, .read, token(run)), name)
            return nil
        } catch {
            _ = running.end(run)
            return .unavailable("\(error)")
        }
    }

    /// Asks a run to end.
    func terminate(_ run: UInt64, at now: Instant) {
        waiting[run] = nil
        if running.terminate(run, at: now) { children[run]?.child.sendToGroup(.terminate) }
    }

    /// Asks all runs to end: their checker is gone.
    func terminateAll(at now: Instant) { for run in running.all { terminate(run, at: now) } }

    /// Ends every run without grace: the daemon stops.
    func killAll() { for entry in children.values { entry.child.sendToGroup(.kill) } }

    /// Kills what did not listen to TERM, and starts the next few of those that wait; the outcomes of those
    /// that could not be started.
    func advance(to now: Instant) -> [(run: UInt64, outcome: ScriptOutcome)] {
        for run in running.overdue(at: now) { children[run]?.child.sendToGroup(.kill) }
        var failed: [(run: UInt64, outcome: ScriptOutcome)] = []
        for run in running.expired(at: now) {
            waiting[run] = nil
            failed.append((run, .unavailable("too many scripts: some could not be started in time")))
        }
        let next = running.startable(at: now)
        guard !next.isEmpty else { return failed }
        let begin = Clock.now()
        for run in next {
            guard let (program, name) = waiting.removeValue(forKey: run) else { continue }
            if let outcome = start(run, program, name) { failed.append((run, outcome)) }
        }
        let end = Clock.now()
        running.paused(for: end - begin, at: end)
        return failed
    }

    /// The process of `run` may have ended; its outcome when the checker waits for one.
    func reap(_ run: UInt64) -> ScriptOutcome? {
        guard let entry = children[run], let how = try? entry.child.reap(endingGroup: true) else {
            return nil
        }
        loop.unregister(entry.registration)
        children[run] = nil
        guard running.end(run) else { return nil }
        return ScriptOutcome(how, of: entry.name)
    }
}

extension ScriptOutcome {
    /// How the process of the program `name` ended, which was to become it.
    init(_ how: Termination, of name: String) {
        self =
            switch (ExecRole.Failure(how), how) {
            case (.failed?, _): .unavailable("\(name) could not be started")
            case (.insecure?, _): .unavailable("somebody other than root can change \(name)")
            case (.missing?, _): .unfit("program missing")
            case (.unfit?, _): .unfit("program cannot be executed")
            case (nil, .exited(let status)): .status(status)
            case (nil, .signalled(let number)): .signal(number)
            }
    }
}
