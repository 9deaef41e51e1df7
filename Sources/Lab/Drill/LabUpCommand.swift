// `holdfast lab`: the lab without a drill, to look around in.

import FoundationEssentials
import ConfigModel
import LinuxIO
import Timekeeping
import VRRP

/// What `holdfast lab` was asked to do.
package struct LabUpOptions: Hashable, Sendable {
    /// The folder with both configurations.
    package var example: String
    /// Runs in the lab, which ends with it; empty to stay until interrupted.
    package var command: [String]
    /// The daemon's executable; nil for the `holdfastd` beside this program.
    package var daemon: String?

    /// Options.
    package init(example: String, command: [String], daemon: String?) {
        self.example = example
        self.command = command
        self.daemon = daemon
    }
}

/// The command behind its command line.
package enum LabUpCommand {
    /// Brings the lab up, here or in a guest, and takes it down in every case. The command's exit status;
    /// without a command 128 and the signal's number; 125 when the lab could not be built.
    package static func run(_ options: LabUpOptions, place: DrillPlace, guest: GuestJob) -> Int32 {
        do {
            let pair = try PairFiles(folder: options.example)
            let isNative =
                place == .native
                || (place == .auto && Privileges.effectiveUser == 0 && DrillRunner.loadModules())
            return isNative ? try runHere(options, pair) : try runInGuest(options, guest)
        } catch let interrupted as Interrupted {
            StandardStream.note("holdfast: the lab is removed")
            return 128 + interrupted.signal.rawValue
        } catch {
            StandardStream.note("holdfast: \(error)")
            return 125
        }
    }

    private static func runInGuest(_ options: LabUpOptions, _ template: GuestJob) throws -> Int32 {
        var job = template
        let executable = try FileManager.default.destinationOfSymbolicLink(atPath: HostFacts.ownExecutable)
        job.command = [executable, "lab", "up", "--place", "native", "--example", options.example]
        if let daemon = options.daemon { job.command += ["--daemon", daemon] }
        if !options.command.isEmpty { job.command += ["--"] + options.command }
        return GuestCommand.run(job)
    }

    private static func runHere(_ options: LabUpOptions, _ pair: PairFiles) throws -> Int32 {
        let signals = try SignalSource([.interrupt, .terminate, .hangup])
        Signal.pipe.ignore()
        guard DrillRunner.loadModules() else { throw LabError("this kernel has no IPVS (module ip_vs)") }
        let executable = try FileManager.default.destinationOfSymbolicLink(atPath: HostFacts.ownExecutable)
        let daemon = try DaemonProgram.find(options.daemon, beside: executable)
        guard let configuration = pair.configurations[pair.master],
            let instance = configuration.instances.first
        else { throw LabError("the configuration has no vrrp_instance") }
        let plan = try LabPlan(configuration)
        let folder = try DrillRunner.makeFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let session = try LabSession(plan, instance: instance.name, signals: signals)
        defer { session.close() }
        let inLab = LabPair(pair, plan: plan, session: session)
        try inLab.startServers()
        try inLab.startWatcher(countingRevisits: false)
        if options.command.isEmpty { session.onLog = { StandardStream.note("\($0)  \($1)") } }
        try inLab.startDaemons(daemon, folder: folder)
        try inLab.waitUntilReady()
        return try options.command.isEmpty ? stay(session) : perform(options.command, session, folder)
    }

    /// What a command in the lab is told: each node's namespace, and the service.
    static func environment(_ network: LabNetwork) -> [String: String] {
        var variables = ["HOLDFAST_LAB_SERVICE": "\(network.plan.service)"]
        for node in network.plan.nodes {
            let name = node.name.uppercased().split(separator: "-").joined(separator: "_")
            variables["HOLDFAST_LAB_\(name)"] = network.script.namespace(node.name)
        }
        return variables
    }

    private static func stay(_ session: LabSession) throws -> Int32 {
        let nodes = session.network.plan.nodes.map {
            "  ip netns exec \(session.network.script.namespace($0.name)) ..."
        }
        StandardStream.note(
            "The lab is up: the service is \(session.network.plan.service). From another terminal:\n"
                + nodes.joined(separator: "\n") + "\nCtrl-C removes it.")
        while true { try session.run(for: .seconds(3600)) }
    }

    private static func perform(_ command: [String], _ session: LabSession, _ folder: String) throws -> Int32
    {
        guard let path = HostPrograms.find(command[0]) else { throw LabError("\(command[0]): not found") }
        var environment = HostPrograms.environment
        environment.merge(Self.environment(session.network)) { $1 }
        let program = Program(path, Array(command.dropFirst()), environment: environment)
        let child = try ChildProcess(
            program, ChildStreams(input: .inherit, output: .inherit, error: .inherit))
        defer { child.sendToGroup(.kill) }
        var end: Termination?
        while end == nil {
            try session.run(for: .milliseconds(20)) {
                end = try child.reap(endingGroup: true)
                return end != nil
            }
        }
        switch end {
        case .exited(let status): return status
        case .signalled(let number): return 128 + number
        case nil: return 125
        }
    }
}
