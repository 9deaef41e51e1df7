import LinuxIO
import Timekeeping

/// A role's end of its channel to the supervisor.
final class SupervisorLink<Token, Command: Decodable, Report: Encodable> {
    private let port: ChannelPort<Token>
    private let log: Log
    /// The supervisor is gone, or speaks nonsense, which is as bad.
    private(set) var hasEnded = false
    /// When `showLife` has something to say again.
    private var lifeDueAt = Clock.now()

    init(adopting fd: consuming OwnedFD, in loop: EventLoop<Token>, as token: Token, log: Log) throws {
        let channel = MessageChannel(
            adopting: fd,
            limits: MessageChannel.Limits(frame: 256 << 20, queue: 512 << 20))
        port = try ChannelPort(channel, in: loop, as: token)
        self.log = log
    }

    /// The commands that came.
    func commands(_ ready: Ready<Token>) -> [Command] {
        let received = port.handle(ready)
        hasEnded = hasEnded || received.ended
        var commands: [Command] = []
        for frame in received.frames {
            // A frame without content asks for a sign of life, and so is the answer.
            guard !frame.isEmpty else {
                answer()
                continue
            }
            do {
                commands.append(try BinaryCoder.decode(from: frame))
            } catch {
                distrust("\(error)")
            }
        }
        return commands
    }

    /// A command makes no sense: as bad as a supervisor that is gone.
    func distrust(_ why: String) {
        log.error("a command of the supervisor makes no sense: \(why)")
        hasEnded = true
    }

    /// Says unasked, at most once a second, that what takes long goes on: the supervisor's question waits for
    /// the loop.
    func showLife(at now: Instant = Clock.now()) {
        guard now >= lifeDueAt, !hasEnded else { return }
        lifeDueAt = now + .seconds(1)
        answer()
    }

    private func answer() {
        do { try port.send([]) } catch { hasEnded = true }
    }

    /// Tells the supervisor; lost when it is gone.
    func send(_ report: Report) {
        do {
            try port.send(BinaryCoder.encode(report))
        } catch {
            if !hasEnded { log.error("cannot report to the supervisor: \(error)") }
            hasEnded = true
        }
    }
}
