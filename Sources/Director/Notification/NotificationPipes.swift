import ConfigModel
import LinuxIO
import Timekeeping

/// The FIFOs that lines are written to, and their readers. A reader that is absent or slow costs nothing: a
/// line that finds no room is dropped and counted.
final class NotificationPipes<Token> {
    private struct Reader {
        var child: ChildProcess
        var registration: Registration
    }

    private struct Pipe {
        var configuration: NotifyPipe
        var fifo: FIFO?
        var reader: Reader?
        var policy = RestartPolicy()
        /// When the reader is to be started; nil while it runs, or when there is none.
        var startAt: Instant?
        var dropped: UInt64 = 0
        var saidFull = false
    }

    /// A reader may still read what is in its FIFO for so long after it was closed, before TERM; as long
    /// again until KILL.
    private static var farewell: Interval { .seconds(2) }

    private let loop: EventLoop<Token>
    private let log: Log
    private let token: (NotifyPipe.Kind) -> Token
    private var pipes: [NotifyPipe.Kind: Pipe] = [:]
    /// Readers of FIFOs that are closed, by their process ids.
    private var leaving: [(reader: Reader, signal: Signal, at: Instant)] = []

    init(in loop: EventLoop<Token>, log: Log, token: @escaping (NotifyPipe.Kind) -> Token) {
        self.loop = loop
        self.log = log
        self.token = token
    }

    /// No reader runs.
    var isIdle: Bool { leaving.isEmpty && pipes.values.allSatisfy { $0.reader == nil } }

    var nextDeadline: Instant? {
        let starts = pipes.values.reduce(nil as Instant?) { Instant?.earlier($0, $1.startAt) }
        return leaving.reduce(starts) { Instant?.earlier($0, $1.at) }
    }

    /// Opens what is new, closes what is gone; what stays is not touched. `advance` starts the readers.
    func configure(
        _ wanted: [NotifyPipe.Kind: NotifyPipe], _ accounts: ScriptAccounts, at now: Instant
    ) {
        for kind in NotifyPipe.Kind.allCases where pipes[kind]?.configuration != wanted[kind] {
            close(kind, at: now)
            guard let new = wanted[kind] else { continue }
            var pipe = Pipe(configuration: new)
            do {
                pipe.fifo = try FIFO(new.path, owner: owner(of: new, accounts))
                pipe.startAt = new.reader.map { _ in now }
            } catch {
                log.error("\(kind.rawValue): \(error); nothing is told there")
            }
            pipes[kind] = pipe
        }
    }

    /// Whose the FIFO is: as configured, else the reader's, which must be able to open it; else ours.
    private func owner(of pipe: NotifyPipe, _ accounts: ScriptAccounts) -> UserAccount? {
        guard pipe.owner != nil || pipe.reader != nil,
            case .account(let account) = accounts.account(of: pipe.owner ?? pipe.reader?.account)
        else { return nil }
        return account
    }

    /// Writes the line to every FIFO that such lines go to.
    func write(_ notification: Notification) {
        guard let line = notification.line else { return }
        let octets = Array((line + "\n").utf8)
        for kind in NotifyPipe.Kind.allCases where kind.takes(notification.subject) {
            guard let fifo = pipes[kind]?.fifo else { continue }
            do {
                if try fifo.write(octets) { pipes[kind]?.saidFull = false } else { drop(kind) }
            } catch {
                drop(kind)
            }
        }
    }

    private func drop(_ kind: NotifyPipe.Kind) {
        guard var pipe = pipes[kind] else { return }
        pipe.dropped += 1
        if !pipe.saidFull {
            pipe.saidFull = true
            log.warning("\(pipe.configuration.path) is full: lines are dropped, \(pipe.dropped) so far")
        }
        pipes[kind] = pipe
    }

    /// Starts readers, and ends those that do not go by themselves.
    func advance(to now: Instant, _ accounts: ScriptAccounts) {
        for kind in NotifyPipe.Kind.allCases {
            guard let startAt = pipes[kind]?.startAt, startAt <= now else { continue }
            pipes[kind]?.startAt = nil
            start(kind, accounts, at: now)
        }
        for index in leaving.indices where leaving[index].at <= now {
            leaving[index].reader.child.sendToGroup(leaving[index].signal)
            leaving[index].signal = .kill
            leaving[index].at = now + Self.farewell
        }
    }

    private func start(_ kind: NotifyPipe.Kind, _ accounts: ScriptAccounts, at now: Instant) {
        guard let pipe = pipes[kind], let script = pipe.configuration.reader else { return }
        guard case .account(let account) = accounts.account(of: script.account) else {
            return log.warning("the reader of \(pipe.configuration.path) is not run: its user cannot be used")
        }
        pipes[kind]?.policy.started(at: now)
        do {
            let child = try ChildProcess(
                ExecRole.program(
                    script.command + [pipe.configuration.path], as: account, rootsOwn: accounts.rootsOwn,
                    parent: HostFacts.process),
                ChildStreams(input: .null, output: .null, error: .null))
            pipes[kind]?.reader = Reader(
                child: child, registration: try loop.register(child.descriptor, .read, token(kind)))
        } catch {
            log.error("the reader of \(pipe.configuration.path): \(error)")
            let again = pipes[kind]?.policy.ended(at: now)
            pipes[kind]?.startAt = again
        }
    }

    /// A reader may have ended: it is started again, at once the first time, then after growing pauses.
    func reap(_ kind: NotifyPipe.Kind, at now: Instant) {
        for (index, entry) in leaving.enumerated().reversed()
        where ((try? entry.reader.child.reap(endingGroup: true)) ?? nil) != nil {
            loop.unregister(entry.reader.registration)
            leaving.remove(at: index)
        }
        guard let reader = pipes[kind]?.reader, let how = try? reader.child.reap(endingGroup: true) else {
            return
        }
        loop.unregister(reader.registration)
        pipes[kind]?.reader = nil
        let again = pipes[kind]?.policy.ended(at: now)
        pipes[kind]?.startAt = again
        log.warning("the reader of \(pipes[kind]?.configuration.path ?? "") ended: \(how); starting it again")
    }

    private func close(_ kind: NotifyPipe.Kind, at now: Instant) {
        guard let pipe = pipes.removeValue(forKey: kind) else { return }
        pipe.fifo?.remove()
        if let reader = pipe.reader { leaving.append((reader, .terminate, now + Self.farewell)) }
        if pipe.dropped > 0 { log.warning("\(pipe.configuration.path): \(pipe.dropped) lines were dropped") }
    }

    /// The daemon ends: readers get the end of what was written.
    func finish(at now: Instant) {
        for kind in NotifyPipe.Kind.allCases { close(kind, at: now) }
    }
}

extension NotifyPipe.Kind {
    /// Whether lines about `subject` go there.
    func takes(_ subject: Notification.Subject) -> Bool {
        switch (self, subject) {
        case (.all, _), (.vrrp, .instance), (.vrrp, .group), (.services, .service), (.services, .server): true
        case (.vrrp, .service), (.vrrp, .server), (.services, .instance), (.services, .group): false
        }
    }
}
