import ConfigModel
import LinuxIO
import Timekeeping

/// What wakes the supervisor.
enum SupervisorWake: Hashable {
    case signals
    case roleEnded(RoleName)
    case roleSpeaks(RoleName)
    case scriptEnded(UInt64)
    case trackScriptEnded(UInt64)
    case filesChanged
    case trackedProcessEnded(Int32)
    case notifyEnded(UInt64)
    case readerEnded(NotifyPipe.Kind)
    case tables(TablesEvent)
    case refusal(TablesEvent)
    case control(ControlWake)

    /// A role's word or end, or a signal: what goes before the scripts' ends.
    var isOfRole: Bool {
        switch self {
        case .signals, .roleEnded, .roleSpeaks: true
        case .scriptEnded, .trackScriptEnded, .filesChanged, .trackedProcessEnded, .notifyEnded,
            .readerEnded, .tables, .refusal, .control:
            false
        }
    }
}

/// The process of one role as the supervisor holds it.
final class RoleProcess {
    /// How long a process may take to end after it has closed its channel.
    private static let farewell = Interval.milliseconds(100)

    let role: RoleName
    /// When it is to be killed; nil while its channel is open.
    private(set) var killAt: Instant?
    private let child: ChildProcess
    private let loop: EventLoop<SupervisorWake>
    private let port: ChannelPort<SupervisorWake>
    private var said = SaidLists()
    private let registration: Registration
    /// Where the checker is given sockets.
    private let sockets: DescriptorChannel?

    /// Starts this binary again as `role`, with its channel, its ledger, and `estate` by the numbers that it
    /// has there.
    init(
        _ role: RoleName, options: Options, environment: [String: String], ledger: consuming OwnedFD?,
        estate: [Int32: Descriptor], loop: EventLoop<SupervisorWake>
    ) throws {
        var pair = try MessageChannel.pair()
        let ours = pair.takeFirst()
        let theirs = pair.takeSecond()
        var program = Program(
            HostFacts.ownExecutable, ["--role", role.rawValue] + options.roleArguments,
            environment: environment.filter { $0.key == "JOURNAL_STREAM" })
        program.arguments[0] = options.guise.rawValue
        var inherited = estate
        inherited[Inheritance.channel] = theirs.descriptor
        if let descriptor = ledger?.descriptor { inherited[Inheritance.ledger] = descriptor }
        var takingEnd: OwnedFD?
        if role == .checker {
            var pair = try DescriptorChannel.pair()
            sockets = DescriptorChannel(adopting: pair.takeFirst())
            takingEnd = pair.takeSecond()
        } else {
            sockets = nil
        }
        if let descriptor = takingEnd?.descriptor { inherited[Inheritance.sockets] = descriptor }
        child = try ChildProcess(
            program, ChildStreams(input: .null, output: .null, error: .inherit, inherited: inherited))
        // Without a later use an optimised build may close them as soon as their numbers are known.
        theirs.close()
        takingEnd.take()?.close()
        self.role = role
        self.loop = loop
        do {
            port = try ChannelPort(
                MessageChannel(
                    adopting: ours,
                    limits: MessageChannel.Limits(
                        frame: 256 << 20, incoming: RoleReport.frameLimit(of: role), queue: 512 << 20)),
                in: loop, as: .roleSpeaks(role))
            registration = try loop.register(child.descriptor, .read, .roleEnded(role))
        } catch {
            child.send(.kill)
            throw error
        }
    }

    var pid: Int32 { child.pid }

    /// True when news under `registration` are of this process.
    func owns(_ registration: Registration) -> Bool {
        registration == self.registration || port.owns(registration)
    }

    func send(_ command: RoleCommand) throws { try port.send(said.shortening(command).encoded()) }

    /// The frames that came; what ends a channel ends its role.
    func frames(_ ready: Ready<SupervisorWake>) -> MessageChannel.Received { port.handle(ready) }

    /// Asks for a sign of life: a frame without content, answered by one.
    func ask() throws { try port.send([]) }

    /// Gives the checker a socket.
    func give(_ number: UInt64, _ socket: borrowing OwnedFD) throws(Errno) {
        try sockets?.send(number, socket.descriptor)
    }

    func kill() { child.send(.kill) }

    /// It has closed its channel: it is ending, and may say how it ended until then.
    func hasHungUp(at now: Instant) {
        port.close()
        killAt = now + Self.farewell
    }

    /// Kills a process that has hung up and goes on.
    func advance(to now: Instant) {
        guard let killAt, killAt <= now else { return }
        self.killAt = nil
        kill()
    }

    /// How it ended; nil while it runs.
    func reap() -> Termination? { (try? child.reap(endingGroup: true)) ?? nil }

    /// Leaves the loop.
    func close() {
        port.close()
        loop.unregister(registration)
    }
}
