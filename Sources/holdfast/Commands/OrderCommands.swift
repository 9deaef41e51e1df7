import ArgumentParser
import ControlProtocol
import Lab
import LinuxIO
import LoadBalancing
import NetTypes
import Timekeeping

private let targetHelp: ArgumentHelp =
    "192.0.2.21, 192.0.2.21:80, or either with @192.0.2.100:80/tcp for one service alone."

/// Why and how long: what the commands that set something have in common.
struct OrderOptions: ParsableArguments {
    @Argument(help: targetHelp) var target: String
    @Option(help: "Why, for whoever asks.") var reason: String?
    @Option(name: .customLong("for"), help: "It ends by itself after so long: 90, 90s, 30m, 2h, 3d.")
    var duration: String?
    @OptionGroup var daemon: SocketOptions

    func validate() throws {
        if let duration, OrderWords.seconds(duration) == nil {
            throw ValidationError("--for is 1 second to 30 days: 90, 90s, 30m, 2h, 3d")
        }
        if let reason, !ControlOrder.isPlain(reason) {
            throw ValidationError("--reason is 1 to \(ControlOrder.textLimit) printable ASCII characters")
        }
    }

    /// Has it done, and says of which servers.
    func send(_ admin: ControlOrder.Admin) throws {
        try OrderCommands.send(
            ControlOrder(admin, target, reason: reason, seconds: duration.flatMap(OrderWords.seconds)),
            to: daemon)
    }
}

/// What all of these commands do.
private enum OrderCommands {
    static let discussion = """
        An address means that server in every service; the answer says of which. What is set stands above \
        the configured weight and what checks ask for; a server that is down stays out all the same. It \
        outlives reloads and the daemon, not the machine. The other director of a pair is not told: set it \
        there, too.

        Exit status: 0 when the kernel's table is so, 1 when no server has this name, 3 when no daemon runs, \
        69 when it does not answer, 75 when it is in force and a role is still busy with it, or it could not \
        be written down, 77 when this user may not.
        """

    static func send(_ order: ControlOrder, to daemon: SocketOptions) throws {
        guard ServerTarget(order.target) != nil else {
            throw ValidationError("\(order.target) is no address of a server: 192.0.2.21, 192.0.2.21:80, ...")
        }
        let (_, end) = try daemon.ask(.order(order))
        guard end.outcome == .done else { return try Exit.unless(end) }
        if let message = end.message { StandardStream.show(message + "\n") }
    }
}

/// `holdfast drain`.
struct DrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain", abstract: "Give servers no new connections; those they have go on.",
        discussion: OrderCommands.discussion + " With --wait 75 when connections are left.")

    @OptionGroup var order: OrderOptions
    @Option(help: "Return when no connection is open any more, after so long at the latest: 90, 30m, 2h.")
    var wait: String?

    func validate() throws {
        if let wait, OrderWords.seconds(wait) == nil {
            throw ValidationError("--wait is 1 second to 30 days: 90, 90s, 30m, 2h, 3d")
        }
    }

    func run() throws {
        try order.send(.drain)
        guard let wait = wait.flatMap(OrderWords.seconds), let target = ServerTarget(order.target) else {
            return
        }
        let end = Clock.now() + .seconds(Int64(wait))
        while true {
            let (lines, answer) = try order.daemon.ask(.status)
            try Exit.unless(answer)
            let left = OrderWords.connections(in: lines) { address, service in
                guard let server = Endpoint(address), let service = ServiceIdentity(service) else {
                    return false
                }
                return target.means(ServerName(service: service, server: server))
            }
            if left == 0 { return }
            guard Clock.now() < end else {
                throw Exit.because("\(left) connections are open", ExitCode(75))
            }
            Pause.sleep(.seconds(1))
        }
    }
}

/// `holdfast maint`.
struct MaintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "maint", abstract: "Take servers out of the table, whatever their checks say.",
        discussion: OrderCommands.discussion)

    @OptionGroup var order: OrderOptions

    func run() throws { try order.send(.maint) }
}

/// `holdfast weight`.
struct WeightCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "weight", abstract: "Give servers another weight than the configured one.",
        discussion: OrderCommands.discussion)

    @OptionGroup var order: OrderOptions
    @Argument(help: "0 to 2147483647.") var weight: UInt32

    func validate() throws {
        guard weight <= Int32.max else { throw ValidationError("a weight is 0 to 2147483647") }
    }

    func run() throws { try order.send(.weight(weight)) }
}

/// `holdfast ready`.
struct ReadyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ready", abstract: "End what drain, maint or weight has set.",
        discussion: OrderCommands.discussion)

    @Argument(help: targetHelp) var target: String
    @OptionGroup var daemon: SocketOptions

    func run() throws { try OrderCommands.send(ControlOrder(.ready, target), to: daemon) }
}
