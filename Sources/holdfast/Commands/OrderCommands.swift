import ArgumentParser
import ControlProtocol
import LinuxIO
import LoadBalancing
import NetTypes
import Timekeeping

private let targetHelp: ArgumentHelp =
    "192.0.2.21, 192.0.2.21:80, or either with @192.0.2.100:80/tcp for one service alone."

/// Which servers, why, and what is waited for: what the commands that set something have in common.
struct OrderOptions: ParsableArguments {
    @Argument(help: targetHelp) var target: String
    @Option(help: "Why, for whoever asks.") var reason: String?
    @Option(
        help: """
            Return when it shows, after so long at the latest: when no connection is open any more, or, of \
            ready and of a weight, when the servers are up and in the table. 90, 90s, 30m, 2h, 3d.
            """)
    var wait: String?
    @OptionGroup var daemon: SocketOptions

    func validate() throws {
        if let wait, OrderWords.seconds(wait) == nil {
            throw ValidationError("--wait is 1 second to 30 days: 90, 90s, 30m, 2h, 3d")
        }
        if let reason, !ControlOrder.isPlain(reason) {
            throw ValidationError("--reason is 1 to \(ControlOrder.textLimit) printable ASCII characters")
        }
        guard ServerTarget(target) != nil else {
            throw ValidationError("\(target) is no address of a server: 192.0.2.21, 192.0.2.21:80, ...")
        }
    }

    /// Has it done, says of which servers, and waits until it shows when that is wanted.
    func carryOut(_ admin: ControlOrder.Admin, forSeconds seconds: Int? = nil) throws {
        guard let wait = wait.flatMap(OrderWords.seconds) else { return try send(admin, forSeconds: seconds) }
        let end = Clock.now() + .seconds(Int64(wait))
        guard admin == .maint else {
            try send(admin, forSeconds: seconds)
            return try settle(admin, until: end)
        }
        // What is out already must not come back to be drained.
        guard try !isInMaintenance() else { return try send(admin, forSeconds: seconds) }
        // What is taken out loses its connections: they are let end first.
        try send(.drain, forSeconds: seconds.map { min($0 + wait, ControlOrder.longest) })
        try settle(.drain, until: end, otherwise: "; drained, and not taken out")
        try send(.maint, forSeconds: seconds)
    }

    /// All servers that are meant are out of the table by an order.
    private func isInMaintenance() throws -> Bool {
        let (lines, answer) = try daemon.ask(.status)
        try Exit.unless(answer)
        let meant = lines.filter { $0["kind"] == "server" && isMeant($0) }
        return !meant.isEmpty && meant.allSatisfy { $0["admin"] == "maint" }
    }

    private func isMeant(_ line: JSONValue) -> Bool {
        isMeant(line["address"]?.text ?? "", in: line["service"]?.text ?? "")
    }

    private func isMeant(_ address: String, in service: String) -> Bool {
        guard let target = ServerTarget(target), let server = Endpoint(address),
            let service = ServiceIdentity(service)
        else { return false }
        return target.means(ServerName(service: service, server: server))
    }

    private func send(_ admin: ControlOrder.Admin, forSeconds seconds: Int?) throws {
        let order = ControlOrder(admin, target, reason: reason, seconds: seconds)
        let (_, end) = try daemon.ask(.order(order))
        guard end.outcome == .done else { return try Exit.unless(end) }
        if let message = end.message { StandardStream.show(message + "\n") }
    }

    private func settle(
        _ admin: ControlOrder.Admin, until end: Instant, otherwise: String = ""
    ) throws {
        while true {
            let (lines, answer) = try daemon.ask(.status)
            try Exit.unless(answer)
            let missing = OrderWords.missing(of: admin, in: lines) { isMeant($0, in: $1) }
            guard let missing else { return }
            guard Clock.now() < end else { throw Exit.because(missing + otherwise, ExitCode(75)) }
            Scheduling.sleep(.seconds(1))
        }
    }
}

/// How long what is set stands.
struct LimitedTime: ParsableArguments {
    @Option(name: .customLong("for"), help: "It ends by itself after so long: 90, 90s, 30m, 2h, 3d.")
    var duration: String?

    var seconds: Int? { duration.flatMap(OrderWords.seconds) }

    func validate() throws {
        if duration != nil, seconds == nil {
            throw ValidationError("--for is 1 second to 30 days: 90, 90s, 30m, 2h, 3d")
        }
    }
}

/// What all of these commands do.
private let discussion = """
    An address means that server in every service; the answer says of which. What is set stands above the \
    configured weight and what checks ask for; a server that is down stays out all the same. It outlives \
    reloads and the daemon, not the machine. The other director of a pair is not told: set it there, too.

    Exit status: 0 when the kernel's table is so, 1 when no server has this name, 3 when no daemon runs, 69 \
    when it does not answer, 75 when it is in force and a role is still busy with it, when it could not be \
    written down, or when --wait ended before it shows, 77 when this user may not.
    """

/// `holdfast drain`.
struct DrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain", abstract: "Give servers no new connections; those they have go on.",
        discussion: discussion)

    @OptionGroup var order: OrderOptions
    @OptionGroup var time: LimitedTime

    func run() throws { try order.carryOut(.drain, forSeconds: time.seconds) }
}

/// `holdfast maint`.
struct MaintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "maint", abstract: "Take servers out of the table, whatever their checks say.",
        discussion: """
            Their connections are cut. With --wait they are drained first, and taken out when no connection \
            is open any more; when some are left after so long, they stay drained.


            """ + discussion)

    @OptionGroup var order: OrderOptions
    @OptionGroup var time: LimitedTime

    func run() throws { try order.carryOut(.maint, forSeconds: time.seconds) }
}

/// `holdfast weight`.
struct WeightCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "weight", abstract: "Give servers another weight than the configured one.",
        discussion: discussion)

    @OptionGroup var order: OrderOptions
    @Argument(help: "0 to 2147483647.") var weight: UInt32
    @OptionGroup var time: LimitedTime

    func validate() throws {
        guard weight <= Int32.max else { throw ValidationError("a weight is 0 to 2147483647") }
    }

    func run() throws { try order.carryOut(.weight(weight), forSeconds: time.seconds) }
}

/// `holdfast ready`.
struct ReadyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ready", abstract: "End what drain, maint or weight has set.",
        discussion: discussion)

    @OptionGroup var order: OrderOptions

    func run() throws { try order.carryOut(.ready) }
}
