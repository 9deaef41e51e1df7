// Two directors with one daemon in namespaces of their own, and what the bench does to them.

import FoundationEssentials
import LinuxIO
import NetTypes
import Timekeeping

/// A pair that runs, or has just been ended. Whoever makes one MUST call `close`.
final class ElectionPair {
    private let daemon: DaemonProgram
    private let session: LabSession
    private let ip: String
    private let folder: String
    private let setup: ElectionSetup
    private static let prober = "client"

    /// Builds the network; the directors serve the client themselves. `folder` holds files of this pair.
    init(_ setup: ElectionSetup, daemon: DaemonProgram, folder: String, signals: SignalSource) throws {
        self.daemon = daemon
        self.folder = folder
        self.setup = setup
        ip = try HostPrograms.require("ip", package: "iproute2")
        session = try LabSession(
            LabPlan(pairServing: ElectionSetup.service), instance: "VI_1", signals: signals)
        do {
            for director in LabPlan.directors {
                let text = setup.configuration(of: director)
                try Files.replace("\(folder)/\(director).conf", with: Array(text.utf8))
                try session.start(
                    .serve(name: director, ports: [ElectionSetup.service.port]), in: director,
                    name: "\(director)-server")
            }
            var namespaces: [String: String] = [:]
            for node in [LabPlan.observer] + LabPlan.directors {
                namespaces[node] = session.network.path(node)
            }
            let watch = WatchSettings(
                namespaces: namespaces, service: ElectionSetup.service, countsRevisits: false)
            try session.start(.watch(watch), in: nil, name: "watcher")
        } catch {
            session.close()
            throw error
        }
    }

    func close() { session.close() }

    var trace: Trace { session.trace }

    /// Follows the lab until `condition` holds; whether it did in time.
    @discardableResult
    func run(for limit: Interval, until condition: () throws -> Bool = { false }) throws -> Bool {
        try session.run(for: limit, until: condition)
    }

    /// Starts the client: a new connection every millisecond.
    func startClient() throws {
        let settings = ProbeSettings(
            target: ElectionSetup.service, interval: .milliseconds(1), connections: 0,
            timeout: Self.probeTimeout)
        try session.start(.probe(settings), in: LabPlan.client, name: Self.prober)
    }

    /// After this a request counts as lost.
    static let probeTimeout = Interval.milliseconds(250)

    /// Starts both daemons and waits until the first is master and has said so a few times.
    func startDaemons() throws {
        let begin = Clock.now()
        for director in LabPlan.directors {
            try session.startDaemon(
                daemon.arguments(
                    configuration: "\(folder)/\(director).conf", director: director, folder: folder)
                    + (daemon.isHoldfast ? [] : ["-P"]),
                on: director)
        }
        let settled = setup.bound + setup.interval * 2
        let isReady = try run(for: settled + .seconds(15)) {
            let now = Clock.now()
            guard now - begin > .milliseconds(400), trace.holds(LabPlan.directorA),
                !trace.holds(LabPlan.directorB),
                let last = trace.adverts.last, last.director == LabPlan.directorA
            else { return false }
            let first = trace.holdings.last { $0.director == LabPlan.directorA }?.at ?? now
            return now - first > max(setup.interval * 2, .milliseconds(100))
        }
        guard isReady else {
            let log = LabPlan.directors.flatMap { (session.logs[$0] ?? []).suffix(6) }
            throw LabError("\(daemon.path) did not get ready:\n" + log.joined(separator: "\n"))
        }
    }

    /// The processes of the daemon on a director, its supervisor first.
    func processes(of director: String) -> [Int32] {
        session.inhabitants(of: director).filter { pid in
            let name = ProcessLoad.name(of: pid)
            return name.hasPrefix("keepalived") || name.hasPrefix("holdfastd")
        }
    }

    /// The process that does the election.
    func electionProcess(of director: String) throws -> Int32 {
        let processes = processes(of: director)
        let named = processes.first { ProcessLoad.name(of: $0).hasSuffix("-vrrp") }
        // keepalived with -P has a parent and the one child, both of one name.
        guard let process = named ?? processes.last, processes.count > 1 else {
            throw LabError("no vrrp process among \(processes.map { ProcessLoad.name(of: $0) })")
        }
        return process
    }

    /// Does it to the first director; when.
    func strike(_ fault: ElectionFault) throws -> Instant {
        let director = LabPlan.directorA
        session.expectEnd(of: director)
        let victims = processes(of: director)
        let role = fault == .role ? try electionProcess(of: director) : 0
        let at = Clock.now()
        switch fault {
        case .crash, .kill:
            for victim in victims { try? Signal.stop.send(to: victim) }
            if fault == .crash { try session.network.setCables(director, up: false) }
            // Children first: a stopped process whose parent ends is woken, and would resign.
            for victim in victims.reversed() { try? Signal.kill.send(to: victim) }
        case .link: try session.network.setCables(director, up: false)
        case .freeze: for victim in victims { try? Signal.stop.send(to: victim) }
        case .stop: session.send(.terminate, to: director)
        case .role: try? Signal.kill.send(to: role)
        }
        return at
    }

    /// Ends both daemons and puts the network right.
    func reset() throws {
        for director in LabPlan.directors {
            session.expectEnd(of: director)
            let victims = processes(of: director)
            for victim in victims { try? Signal.stop.send(to: victim) }
            for victim in victims.reversed() { try? Signal.kill.send(to: victim) }
            for victim in victims { try? Signal.continue.send(to: victim) }
        }
        try run(for: .seconds(10)) { LabPlan.directors.allSatisfy { processes(of: $0).isEmpty } }
        // What the killed wrote of themselves keeps keepalived from starting again.
        for name in try Files.names(in: folder) where name.hasSuffix(".pid") {
            try Files.remove("\(folder)/\(name)")
        }
        try session.network.setCables(LabPlan.directorA, up: true)
        for director in LabPlan.directors {
            _ = try? HostPrograms.run(
                ip,
                [
                    "-n", session.network.script.namespace(director), "address", "flush", "dev", "eth0", "to",
                    "\(ElectionSetup.service.address)/32",
                ])
        }
        try run(for: .seconds(5)) { LabPlan.directors.allSatisfy { !trace.holds($0) } }
    }
}
