// Puts a pair into a built lab: servers, witness, daemons. Shared by the drill and by `holdfast lab`.

import ConfigModel
import LinuxIO
import LoadBalancing
import NetTypes
import Timekeeping

/// A pair of directors in a lab.
struct LabPair {
    private let pair: PairFiles
    private let plan: LabPlan
    private let session: LabSession
    /// How long the pair may take to get ready.
    static let patience = Interval.seconds(40)

    init(_ pair: PairFiles, plan: LabPlan, session: LabSession) {
        self.pair = pair
        self.plan = plan
        self.session = session
    }

    /// The name of the process that serves on a node.
    static func serverProcess(_ node: String) -> String { "\(node)-server" }

    /// Starts the real servers.
    func startServers() throws {
        for node in plan.nodes where !node.ports.isEmpty { try startServer(node) }
    }

    /// Starts one real server.
    func startServer(_ node: LabNode) throws {
        try session.start(
            .serve(name: node.name, ports: node.ports), in: node.name, name: Self.serverProcess(node.name))
    }

    /// Starts the witness.
    func startWatcher(countingRevisits: Bool) throws {
        var namespaces: [String: String] = [:]
        for node in [LabPlan.observer] + LabPlan.directors { namespaces[node] = session.network.path(node) }
        let watch = WatchSettings(
            namespaces: namespaces, service: plan.service, countsRevisits: countingRevisits)
        try session.start(.watch(watch), in: nil, name: "watcher")
    }

    /// Does what the example asks of the operator, then starts both daemons.
    func startDaemons(_ daemon: DaemonProgram, folder: String) throws {
        for director in LabPlan.directors {
            guard let path = pair.paths[director], let configuration = pair.configurations[director] else {
                continue
            }
            for mark in HandMadeRules.marks(of: configuration) { try addRule(mark, on: director) }
            try session.startDaemon(
                daemon.arguments(configuration: path, director: director, folder: folder), on: director)
        }
    }

    private func addRule(_ mark: FirewallMark, on director: String) throws {
        let iptables = try HostPrograms.require("iptables", package: "iptables")
        let other = director == LabPlan.directorA ? LabPlan.directorB : LabPlan.directorA
        let rule = HandMadeRules.arguments(
            mark: mark, service: plan.service, peer: LabPlan.mac(ofDirector: other))
        let end = try session.network.program(in: director, [iptables] + rule).run(timeout: .seconds(20))
        guard end.status.isSuccess else { throw LabError("iptables on \(director): \(end.error.text)") }
    }

    /// Waits until the director with the higher priority holds the address and both have all destinations.
    func waitUntilReady() throws {
        let isReady = try session.run(for: Self.patience) {
            let trace = session.trace
            return trace.holds(pair.master) && !trace.holds(pair.backup) && isComplete(pair.master)
                && isComplete(pair.backup)
        }
        guard isReady else { throw LabError("the pair did not get ready: \(condition)") }
    }

    private func isComplete(_ director: String) -> Bool {
        let servers = pair.configurations[director]?.virtualServers.map(\.realServers.count) ?? []
        return session.trace.table(director).count { !$0.hasSuffix("*0") } >= servers.reduce(0, +)
    }

    private var condition: String {
        let directors = LabPlan.directors.map { director in
            let held = session.trace.holds(director) ? "holds" : "does not hold"
            let count = session.trace.table(director).count
            return "\(director) \(held) \(plan.service.address) and has \(count) destinations"
                + (session.logs[director] ?? []).suffix(5).map { "\n    \($0)" }.joined()
        }
        return directors.joined(separator: "\n  ")
    }
}
