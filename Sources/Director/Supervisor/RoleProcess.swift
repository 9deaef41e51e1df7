import LinuxIO

/// What wakes the supervisor.
enum SupervisorWake: Hashable {
    case signals
    case roleEnded(RoleName)
    case roleSpeaks(RoleName)
    case scriptEnded(UInt64)
    case tables(TablesEvent)

    /// A role's word or end, or a signal: what goes before the scripts' ends.
    var isOfRole: Bool {
        switch self {
        case .signals, .roleEnded, .roleSpeaks: true
        case .scriptEnded, .tables: false
        }
    }
}

/// The process of one role as the supervisor holds it.
final class RoleProcess {
    let role: RoleName
    private let child: ChildProcess
    private let loop: EventLoop<SupervisorWake>
    private let port: ChannelPort<SupervisorWake>
    private let registration: Registration

    /// Starts this binary again as `role`, with its channel and its ledger.
    init(
        _ role: RoleName, options: Options, environment: [String: String], ledger: consuming OwnedFD?,
        loop: EventLoop<SupervisorWake>
    ) throws {
        var pair = try MessageChannel.pair()
        let ours = pair.takeFirst()
        let theirs = pair.takeSecond()
        var program = Program(
            HostFacts.ownExecutable, ["--role", role.rawValue] + options.roleArguments,
            environment: environment.filter { $0.key == "JOURNAL_STREAM" })
        program.arguments[0] = "holdfastd"
        var inherited = [Inheritance.channel: theirs.descriptor]
        if let descriptor = ledger?.descriptor { inherited[Inheritance.ledger] = descriptor }
        child = try ChildProcess(
            program, ChildStreams(input: .null, output: .null, error: .inherit, inherited: inherited))
        self.role = role
        self.loop = loop
        do {
            port = try ChannelPort(
                MessageChannel(
                    adopting: ours, limits: MessageChannel.Limits(frame: 256 << 20, queue: 512 << 20)),
                in: loop, as: .roleSpeaks(role))
            registration = try loop.register(child.descriptor, .read, .roleEnded(role))
        } catch {
            child.send(.kill)
            throw error
        }
    }

    func send(_ command: RoleCommand) throws { try port.send(command.encoded()) }

    /// The frames that came; what ends a channel ends its role.
    func frames(_ ready: Ready<SupervisorWake>) -> MessageChannel.Received { port.handle(ready) }

    func kill() { child.send(.kill) }

    /// How it ended; nil while it runs.
    func reap() -> Termination? { (try? child.reap(endingGroup: true)) ?? nil }

    /// Hears nothing more.
    func closeChannel() { port.close() }

    /// Leaves the loop.
    func close() {
        port.close()
        loop.unregister(registration)
    }
}
