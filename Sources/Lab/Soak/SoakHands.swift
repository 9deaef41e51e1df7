// Does to a running pair what a soak's schedule says, and repairs what has to be repaired for it to become
// well again: cables, loss, dead servers, and daemons as the unit starts them.

import FoundationEssentials
import LinuxIO
import Timekeeping

/// The hands of a soak.
final class SoakHands {
    let session: LabSession
    private let plan: LabPlan
    private let pair: LabPair
    private let daemon: DaemonProgram
    private let folder: String
    private let executable: String
    /// Which configuration each director has.
    private(set) var variants: [String: Int] = [:]
    /// What was seen that must not be, since the round began.
    private(set) var complaints: [String] = []
    /// The next server to die.
    private var victim = 0

    /// How long a daemon with a small table may take to end: every role's own limit, and a busy machine.
    private static let stopping = Interval.seconds(25)
    /// How long a dead server may stay in the tables: a check's interval, its tries, and a busy machine.
    private static let detection = Interval.seconds(25)

    init(
        _ session: LabSession, _ plan: LabPlan, _ pair: LabPair, _ daemon: DaemonProgram, folder: String
    )
        throws
    {
        self.session = session
        self.plan = plan
        self.pair = pair
        self.daemon = daemon
        self.folder = folder
        executable = try FileManager.default.destinationOfSymbolicLink(atPath: HostFacts.ownExecutable)
    }

    // MARK: - The pair

    /// The file of a director.
    func path(_ director: String) -> String { "\(folder)/\(director).conf" }

    /// Gives a director one of the configurations; it must be told.
    func write(_ director: String, variant: Int) throws {
        try Files.replace(path(director), with: Array(SoakFiles.text(of: director, variant: variant).utf8))
        variants[director] = variant
    }

    /// Starts a director's daemon.
    func start(_ director: String) throws {
        try session.startDaemon(
            daemon.arguments(configuration: path(director), director: director, folder: folder), on: director)
    }

    /// A director's processes; nil when its daemon does not run.
    func host(_ director: String) -> SoakHost? {
        session.ending(of: director) == nil ? session.process(of: director).map(SoakHost.init) : nil
    }

    /// Runs a command in a node's namespace, and goes on hearing what the agents say.
    @discardableResult
    func run(_ words: [String], in node: String, timeout: Interval = .seconds(60)) throws -> Completion {
        try session.network.program(in: node, words).run(timeout: timeout)
    }

    /// Runs the operator's tool on a director.
    @discardableResult
    func holdfast(_ director: String, _ words: String...) throws -> Completion {
        try run([executable] + words, in: director)
    }

    private func complain(_ text: String) { complaints.append(text) }

    /// Takes what was complained of.
    func takeComplaints() -> [String] {
        defer { complaints = [] }
        return complaints
    }

    // MARK: - Faults

    /// Carries out a fault to its end; the server that was dead meanwhile, if any.
    func perform(_ fault: SoakFault) throws -> SoakRound.DeadServer? {
        switch fault {
        case .killRoles(let director, let roles): try kill(roles, of: director)
        case .hangRole(let director, let role): try hang(role, of: director)
        case .killSupervisor(let director): try killSupervisor(director)
        case .killAll(let director): try killAll(director)
        case .restart(let director): try restart(director)
        case .freeze(let director, let time): try freeze(director, for: time)
        case .cable(let director, let time): try unplug(director, for: time)
        case .flap(let director, let times): try flap(director, times)
        case .partition(let time): try partition(for: time)
        case .loss(let director, let percent, let time): try lose(percent, to: director, for: time)
        case .clearTable(let director): try run(["ipvsadm", "-C"], in: director)
        case .changeWeight(let director): try changeWeight(director)
        case .removeAddress:
            try run(
                ["ip", "address", "del", "\(SoakFiles.address)/24", "dev", "eth0"], in: LabPlan.directorA)
        case .reloadStorm(let director, let times): try reloadStorm(director, times)
        case .reload(let director, let variant): try reload(director, variant)
        case .badFile(let director): try reloadHalf(director)
        case .killServer(let time, let roles): return try killServer(for: time, roles)
        case .switchOver: try switchOver()
        }
        return nil
    }

    private func kill(_ roles: [String], of director: String) throws {
        let found = host(director)?.roles ?? [:]
        for role in roles {
            guard let pid = found[role] else { return complain("\(director) has no \(role)") }
            try? Signal.kill.send(to: pid)
        }
    }

    private func hang(_ role: String, of director: String) throws {
        guard let pid = host(director)?.roles[role] else { return complain("\(director) has no \(role)") }
        try? Signal.stop.send(to: pid)
        let isReplaced = try session.run(for: .seconds(40)) { [self] in
            host(director)?.roles[role].map { $0 != pid } ?? false
        }
        guard !isReplaced else { return }
        complain("\(role) of \(director) hung for 40 s and nobody noticed")
        try? Signal.continue.send(to: pid)
    }

    /// What the unit does after an end: ExecStopPost, and a start.
    private func begin(_ director: String, after pause: Interval) throws {
        let end = try run([daemon.path, "--cleanup", "--log-console"], in: director)
        if !end.status.isSuccess { complain("--cleanup on \(director): \(end.status) \(end.error.text)") }
        try session.run(for: pause)
        try start(director)
    }

    private func awaitEnd(of director: String) throws {
        let hasEnded = try session.run(for: Self.stopping) { [self] in session.ending(of: director) != nil }
        guard !hasEnded else { return }
        complain("\(director) did not end within \(Self.stopping)")
        session.killAll(in: director)
        try session.run(for: .seconds(5)) { [self] in session.ending(of: director) != nil }
    }

    private func killSupervisor(_ director: String) throws {
        guard let pid = host(director)?.supervisor else { return complain("\(director) does not run") }
        session.expectEnd(of: director)
        try? Signal.kill.send(to: pid)
        try awaitEnd(of: director)
        // Nobody watches the others, who withdraw by themselves.
        let isAlone = try session.run(for: .seconds(15)) { [self] in session.inhabitants(of: director).isEmpty
        }
        if !isAlone { complain("roles of \(director) outlived their supervisor by 15 s") }
        session.killAll(in: director)
        try begin(director, after: .seconds(1))
    }

    private func killAll(_ director: String) throws {
        session.killAll(in: director)
        try awaitEnd(of: director)
        try begin(director, after: .seconds(1))
    }

    private func restart(_ director: String) throws {
        session.send(.terminate, to: director)
        try awaitEnd(of: director)
        if let end = session.ending(of: director), !end.isSuccess { complain("\(director) ended: \(end)") }
        try begin(director, after: .zero)
    }

    private func freeze(_ director: String, for time: Interval) throws {
        session.freeze(director)
        try session.run(for: time)
        for pid in session.inhabitants(of: director).reversed() { try? Signal.continue.send(to: pid) }
    }

    private func unplug(_ director: String, for time: Interval) throws {
        try session.network.setCables(director, up: false)
        try session.run(for: time)
        try session.network.setCables(director, up: true)
    }

    private func flap(_ director: String, _ times: Int) throws {
        for _ in 0..<times {
            try session.network.setCables(director, up: false)
            try session.run(for: .milliseconds(60))
            try session.network.setCables(director, up: true)
            try session.run(for: .milliseconds(60))
        }
    }

    private func partition(for time: Interval) throws {
        func rule(_ action: String) throws {
            for director in LabPlan.directors {
                try must(
                    ["iptables", "-w", "-t", "raw", action, "PREROUTING", "-p", "112", "-j", "DROP"], director
                )
            }
        }
        try rule("-I")
        defer { try? rule("-D") }
        try session.run(for: time)
    }

    /// A command of the lab's own, without which the fault is none.
    private func must(_ words: [String], _ node: String) throws {
        let end = try run(words, in: node)
        guard end.status.isSuccess else {
            throw LabError("\(words.joined(separator: " ")): \(end.error.text)")
        }
    }

    private func lose(_ percent: Int, to director: String, for time: Interval) throws {
        let port = LabScript.port(director, .front)
        try must(
            [
                "tc", "qdisc", "add", "dev", port, "root", "netem", "loss", "\(percent)%", "delay", "3ms",
                "2ms",
            ], LabScript.hub)
        defer { _ = try? run(["tc", "qdisc", "del", "dev", port, "root"], in: LabScript.hub) }
        try session.run(for: time)
    }

    private func changeWeight(_ director: String) throws {
        let service = "\(SoakFiles.address):80"
        let words = ["ipvsadm", "-e", "-t", service, "-r", "\(SoakFiles.servers[1]):80", "-g", "-w", "7"]
        try must(words, director)
    }

    private func reloadStorm(_ director: String, _ times: Int) throws {
        guard let pid = host(director)?.supervisor else { return complain("\(director) does not run") }
        let last = variants[director] ?? 0
        for number in 0..<times {
            try write(director, variant: number % SoakFiles.variants)
            try? Signal.hangup.send(to: pid)
            try session.run(for: .milliseconds(100))
        }
        try reload(director, last)
    }

    private func reload(_ director: String, _ variant: Int) throws {
        try write(director, variant: variant)
        let end = try holdfast(director, "reload", "--wait")
        if !end.status.isSuccess {
            complain("a good file was not taken by \(director): \(end.status) \(end.error.text)")
        }
    }

    private func reloadHalf(_ director: String) throws {
        let variant = variants[director] ?? 0
        try Files.replace(path(director), with: Array(SoakFiles.half(of: director).utf8))
        let end = try holdfast(director, "reload", "--wait")
        if end.status != .exited(1) { complain("half a file on \(director) was answered by \(end.status)") }
        try write(director, variant: variant)
    }

    private func killServer(for time: Interval, _ roles: [String]) throws -> SoakRound.DeadServer? {
        let address = SoakFiles.servers[victim % SoakFiles.servers.count]
        victim += 1
        guard
            let node = plan.nodes.first(where: { node in node.links.contains { "\($0.address)" == address } })
        else { throw LabError("the lab has no \(address)") }
        session.kill(LabPair.serverProcess(node.name))
        let isOut = try session.run(for: Self.detection) { [self] in
            !LabPlan.directors.contains { director in
                session.trace.table(director).contains { $0.hasPrefix("\(address):") && !$0.hasSuffix("*0") }
            }
        }
        if !isOut { complain("\(address) was dead for \(Self.detection) and still in a table") }
        let out = Clock.now()
        try kill(roles, of: LabPlan.directorA)
        try session.run(for: time)
        let until = Clock.now()
        try pair.startServer(node)
        return isOut ? SoakRound.DeadServer(address: address, from: out, until: until) : nil
    }

    private func switchOver() throws {
        let there = try holdfast(LabPlan.directorA, "switch", SoakFiles.instance)
        if !there.status.isSuccess { complain("switch: \(there.status) \(there.error.text)") }
        try session.run(for: .seconds(1))
        let back = try holdfast(LabPlan.directorA, "switch", SoakFiles.instance, "--back")
        if !back.status.isSuccess { complain("switch --back: \(back.status) \(back.error.text)") }
    }
}
