// A built lab with everything that runs in it, and the one loop that follows it. Used by the drill and by
// `holdfast lab`.

import ConfigModel
import FoundationEssentials
import LinuxIO
import NetTypes
import Timekeeping

/// This process was told to stop.
struct Interrupted: Error, Hashable, Sendable {
    /// By which signal.
    let signal: Signal
}

/// A lab that is up. Whoever makes one MUST call `close`, whatever happens between.
final class LabSession {
    private enum Event: Hashable { case output(Int), error(Int), ended(Int), signal }

    private final class Process {
        let name: String
        let node: String
        let isDaemon: Bool
        let child: ChildProcess
        var lines = LineBuffer()
        var errorLines = LineBuffer()
        var registrations: [Event: Registration] = [:]
        var mayEnd = false
        var ended: Termination?

        init(name: String, node: String, isDaemon: Bool, child: ChildProcess) {
            self.name = name
            self.node = node
            self.isDaemon = isDaemon
            self.child = child
        }
    }

    /// The namespaces.
    let network: LabNetwork
    /// What the agents saw so far.
    private(set) var trace = Trace()
    /// When processes ended, by name.
    private(set) var endings: [String: Instant] = [:]
    /// The daemons' last log lines by director.
    private(set) var logs: [String: [String]] = [:]
    private let instance: String
    private let executable: String
    /// Told of every line a daemon logs, with the director's name.
    var onLog: (String, String) -> Void = { _, _ in }
    private let loop: EventLoop<Event>
    private let signals: SignalSource
    private var processes: [Process] = []
    private var readyAgents: Set<String> = []
    private static let logLimit = 400

    /// Builds the network of `plan`; `instance` is the vrrp_instance whose state is followed.
    init(_ plan: LabPlan, instance: String, signals: SignalSource) throws {
        self.instance = instance
        self.signals = signals
        executable = try FileManager.default.destinationOfSymbolicLink(atPath: HostFacts.ownExecutable)
        loop = try EventLoop()
        _ = try loop.register(signals.descriptor, .read, .signal)
        network = try LabNetwork(plan)
    }

    /// Ends everything and removes the namespaces.
    func close() {
        for process in processes where process.ended == nil { process.child.sendToGroup(.kill) }
        network.remove()
        for process in processes { _ = try? process.child.reap() }
    }

    // MARK: - Processes

    /// Starts an agent in a node and waits until it is ready.
    func start(_ agent: AgentCommand, in node: String?, name: String) throws {
        let words = [executable, "lab-agent"] + agent.arguments
        let program =
            node.map { network.program(in: $0, words) }
            ?? Program(executable, Array(words.dropFirst()), environment: HostPrograms.environment)
        readyAgents.remove(name)
        try add(program, name: name, node: node ?? "", isDaemon: false)
        let isReady = try run(for: .seconds(20)) { [self] in readyAgents.contains(name) }
        guard isReady else { throw LabError("\(name) did not get ready") }
    }

    /// Starts a director's daemon.
    func startDaemon(_ arguments: [String], on director: String) throws {
        try add(network.program(in: director, arguments), name: director, node: director, isDaemon: true)
    }

    private func add(_ program: Program, name: String, node: String, isDaemon: Bool) throws {
        let child = try ChildProcess(program, ChildStreams(input: .pipe, output: .pipe, error: .pipe))
        let process = Process(name: name, node: node, isDaemon: isDaemon, child: child)
        let index = processes.count
        processes.append(process)
        let wanted: [(Event, Descriptor?)] = [
            (.output(index), child.outputDescriptor), (.error(index), child.errorDescriptor),
            (.ended(index), child.descriptor),
        ]
        for (event, descriptor) in wanted {
            guard let descriptor else { continue }
            process.registrations[event] = try loop.register(descriptor, .read, event)
        }
    }

    /// Kills every process of a node at one moment: all are stopped before the first dies, so that none can
    /// say goodbye for another.
    func killAll(in node: String) {
        for process in processes where process.node == node { process.mayEnd = true }
        let victims = inhabitants(of: node)
        for victim in victims { try? Signal.stop.send(to: victim) }
        // Children first: a stopped process whose parent ends is woken, and would resign.
        for victim in victims.reversed() { try? Signal.kill.send(to: victim) }
    }

    /// The processes of a node, children behind their parents. The watcher, which looks into all nodes in
    /// turn, is of none.
    func inhabitants(of node: String) -> [Int32] {
        let strangers = Set(processes.filter { $0.node != node }.map(\.child.pid))
        return network.processes(in: node).filter { !strangers.contains($0) }.sorted()
    }

    /// Stops the processes of a node without killing them: for the moment before its cables go.
    func freeze(_ node: String) {
        for victim in inhabitants(of: node) { try? Signal.stop.send(to: victim) }
    }

    /// Sends `signal` to the process called `name`, which may end from now on.
    func send(_ signal: Signal, to name: String) {
        for process in processes where process.name == name && process.ended == nil {
            process.mayEnd = true
            process.child.send(signal)
        }
    }

    /// The process called `name` may end from now on.
    func expectEnd(of name: String) {
        for process in processes where process.name == name { process.mayEnd = true }
    }

    /// Kills the process called `name` with its whole group.
    func kill(_ name: String) {
        for process in processes where process.name == name && process.ended == nil {
            process.mayEnd = true
            process.child.sendToGroup(.kill)
        }
    }

    /// The process called `name`, the last that was started; nil when there never was one.
    func process(of name: String) -> Int32? { processes.last { $0.name == name }?.child.pid }

    /// How the daemon of a director ended; nil while it runs.
    func ending(of name: String) -> Termination? { processes.last { $0.name == name }?.ended }

    // MARK: - The loop

    /// Follows the lab until `condition` holds or the time is up; whether it held. Throws `Interrupted` on
    /// a signal and an error when something ends that should not.
    @discardableResult
    func run(for limit: Interval, until condition: () throws -> Bool = { false }) throws -> Bool {
        let deadline = Clock.now() + limit
        while true {
            if try condition() { return true }
            let now = Clock.now()
            guard now < deadline else { return false }
            // Conditions depend on what agents say and on time passing, so look again at least so often.
            for ready in try loop.wait(until: min(deadline, now + .milliseconds(50)))
            where loop.isCurrent(ready.registration) {
                switch ready.token {
                case .signal:
                    if let signal = try signals.drain().first { throw Interrupted(signal: signal) }
                case .output(let index): try readOutput(processes[index], .output(index))
                case .error(let index): try readError(processes[index], .error(index))
                case .ended(let index): try reap(processes[index], .ended(index))
                }
            }
        }
    }

    private func forget(_ process: Process, _ event: Event) {
        if let registration = process.registrations.removeValue(forKey: event) {
            loop.unregister(registration)
        }
    }

    private func readOutput(_ process: Process, _ event: Event) throws {
        switch try process.child.readOutput() {
        case .octets(let octets):
            for line in process.lines.take(octets) {
                if process.isDaemon {
                    log(process, line)
                } else if let sighting = Sighting(line: line) {
                    if case .ready = sighting { readyAgents.insert(process.name) }
                    trace.add(sighting, service: network.plan.service.address)
                }
            }
        case .wouldBlock: break
        case .ended: forget(process, event)
        }
    }

    private func readError(_ process: Process, _ event: Event) throws {
        switch try process.child.readError() {
        case .octets(let octets): for line in process.errorLines.take(octets) { log(process, line) }
        case .wouldBlock: break
        case .ended: forget(process, event)
        }
    }

    private func log(_ process: Process, _ line: String) {
        let now = Clock.now()
        if process.isDaemon, let state = DirectorState(logLine: line, instance: instance),
            trace.states.last(where: { $0.director == process.name })?.value != state
        {
            trace.states.append(Trace.Happening(at: now, director: process.name, value: state))
        }
        if process.isDaemon { onLog(process.name, line) }
        logs[process.name, default: []].append(line)
        if logs[process.name, default: []].count > Self.logLimit { logs[process.name]?.removeFirst() }
    }

    private func reap(_ process: Process, _ event: Event) throws {
        guard let status = try process.child.reap() else { return }
        forget(process, event)
        process.ended = status
        endings[process.name] = Clock.now()
        guard !process.mayEnd else { return }
        let last = (logs[process.name] ?? []).suffix(6).map { "\n    \($0)" }.joined()
        throw LabError("\(process.name) ended unexpectedly (\(status))\(last)")
    }
}
