import ConfigModel
import LinuxIO
import Timekeeping

/// Runs the scripts of notifications through the exec role. Nothing waits for them, and nothing depends on
/// how they end; how they fail is logged.
///
/// A script's process group is not ended with it: what it leaves in the background is its own business, as
/// with keepalived.
final class NotificationRunner<Token> {
    /// How long scripts may still run once all else of the daemon has ended.
    static var farewell: Interval { .seconds(10) }

    private let loop: EventLoop<Token>
    private let log: Log
    private let token: (UInt64) -> Token
    private var children: [UInt64: (child: ChildProcess, registration: Registration, name: String)] = [:]
    private var queue = NotificationQueue()
    private var toldDropped: UInt64 = 0

    init(in loop: EventLoop<Token>, log: Log, token: @escaping (UInt64) -> Token) {
        self.loop = loop
        self.log = log
        self.token = token
    }

    var nextDeadline: Instant? { queue.nextDeadline }

    /// Nothing runs and nothing waits.
    var isIdle: Bool { queue.isIdle }

    /// `advance` starts what is to be run.
    func add(_ notification: Notification) { queue.add(notification) }

    /// The daemon ends; what happened before is still told, for a while.
    func finish(at now: Instant) { queue.finish(by: now + Self.farewell) }

    /// Ends what took too long, and starts the next few.
    func advance(to now: Instant, _ accounts: ScriptAccounts) {
        for run in queue.expired(at: now) {
            log.warning("\(children[run]?.name ?? "a script") has run for too long; ending it")
            children[run]?.child.sendToGroup(.terminate)
        }
        for run in queue.overdue(at: now) { children[run]?.child.sendToGroup(.kill) }
        queue.giveUpWaiting(at: now)
        let next = queue.startable(at: now)
        if !next.isEmpty {
            let begin = Clock.now()
            for run in next { start(run, accounts) }
            let end = Clock.now()
            queue.paused(for: end - begin, at: end)
        }
        guard queue.dropped > toldDropped else { return }
        log.warning("scripts are too slow: \(queue.dropped - toldDropped) notifications left out")
        toldDropped = queue.dropped
    }

    private func start(_ run: NotificationQueue.Run, _ accounts: ScriptAccounts) {
        let name = run.script.command.first ?? ""
        do {
            guard case .account(let account) = accounts.account(of: run.script.account) else {
                log.warning("\(name) was not run: its user cannot be used")
                return queue.ended(run.number)
            }
            let child = try ChildProcess(
                ExecRole.program(
                    run.script.command, as: account, rootsOwn: accounts.rootsOwn, parent: HostFacts.process),
                ChildStreams(input: .null, output: .null, error: .null))
            children[run.number] = (
                child, try loop.register(child.descriptor, .read, token(run.number)), name
            )
        } catch {
            log.error("\(name) was not run: \(error)")
            queue.ended(run.number)
        }
    }

    /// The process of `run` may have ended.
    func reap(_ run: UInt64) {
        guard let entry = children[run], let how = try? entry.child.reap() else { return }
        loop.unregister(entry.registration)
        children[run] = nil
        queue.ended(run)
        switch ExecRole.Failure(how) {
        case .failed?: log.warning("\(entry.name) could not be started")
        case .insecure?: log.error("\(entry.name) was not run: somebody other than root can change it")
        case .missing?: log.warning("\(entry.name) is not there")
        case .unfit?: log.warning("\(entry.name) cannot be executed")
        case nil where how.isSuccess: break
        case nil: log.warning("\(entry.name): \(how)")
        }
    }
}
