// One daemon with its checks, and the servers they ask, in a network namespace of their own.

import FoundationEssentials
import KernelNet
import LinuxIO
import LoadBalancing
import NetTypes
import Timekeeping

/// A namespace whose addresses are all local, with servers in it. Whoever makes one MUST call `close`: this
/// thread is in the namespace until then.
final class CheckLab {
    private let ip: String
    private let name: String
    private let folder: String
    private let home: Namespace
    private let servers: ChildProcess
    private let ipvs: IPVSClient
    private var daemon: ChildProcess?
    private var isClosed = false
    private var victims: [Endpoint: Listener] = [:]

    /// Builds it; `folder` holds files of the run, `tool` is the program whose agents are the servers.
    init(folder: String, tool: String) throws {
        self.folder = folder
        ip = try HostPrograms.require("ip", package: "iproute2")
        // Named as the lab's are, so that what a killed run leaves is found.
        name = "hf\(HostFacts.process)-checks"
        home = try Namespace.currentNetwork()
        try HostPrograms.run(ip, ["netns", "add", name])
        do {
            try Namespace(path: "/run/netns/\(name)").enter()
            try HostPrograms.run(ip, ["link", "set", "lo", "up"])
            try HostPrograms.run(ip, ["route", "add", "local", CheckSetup.addresses, "dev", "lo"])
            let serve = AgentCommand.serve(name: "server", ports: CheckSetup.ports)
            servers = try ChildProcess(
                Program(tool, ["lab-agent"] + serve.arguments),
                ChildStreams(input: .pipe, output: .null, error: .inherit))
            ipvs = try IPVSClient.open()
        } catch {
            try? home.enter()
            _ = try? HostPrograms.run(ip, ["netns", "delete", name])
            throw error
        }
    }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        try? stop()
        Self.end(servers)
        try? home.enter()
        _ = try? HostPrograms.run(ip, ["netns", "delete", name])
    }

    private static func end(_ child: ChildProcess) {
        child.sendToGroup(.kill)
        while (try? child.reap()) == .some(nil) { Pause.sleep(.milliseconds(5)) }
    }

    // MARK: The daemon

    /// Starts it with these checks, and waits until all of them are made: the kernel's table is whole, and
    /// the random part of the first delay is over.
    func start(_ program: DaemonProgram, _ setup: CheckSetup) throws {
        let file = "\(folder)/checks.conf"
        try Files.replace(file, with: Array(setup.configuration.utf8))
        for place in 0..<setup.victims { try revive(setup.victim(place)) }
        let log = try Files.openForAppending("\(folder)/daemon.log")
        let words = program.arguments(configuration: file, director: "checks", folder: folder) + ["-C"]
        daemon = try ChildProcess(
            Program(words[0], Array(words.dropFirst()), environment: HostPrograms.environment),
            ChildStreams(output: .descriptor(log.descriptor), error: .descriptor(log.descriptor)))
        let isWhole = try wait(.seconds(180)) { try tableSize() == setup.count + setup.victims }
        guard isWhole else {
            throw LabError(
                "\(program.path) has \(try tableSize()) servers in the table, not "
                    + "\(setup.count + setup.victims)")
        }
        try pass(.seconds(1) + CheckSetup.delayLoop * 3)
    }

    /// Ends it; what it does not clean up goes with the namespace.
    func stop() throws {
        guard let daemon else { return }
        self.daemon = nil
        let all = Self.family(of: daemon.pid)
        daemon.send(.terminate)
        let deadline = Clock.now() + .seconds(60)
        while (try? daemon.reap()) == .some(nil), Clock.now() < deadline { Pause.sleep(.milliseconds(20)) }
        for pid in all where ProcessLoad(of: pid) != nil { try? Signal.kill.send(to: pid) }
        if daemon.exitStatus == nil { Self.end(daemon) }
        for pid in (try? Files.names(in: folder)) ?? [] where pid.hasSuffix(".pid") {
            try? Files.remove("\(folder)/\(pid)")
        }
        _ = try? ipvs.apply(try ipvs.observe().map { .deleteService($0.identity) })
    }

    /// The daemon's processes, itself first.
    var processes: [Int32] { daemon.map { Self.family(of: $0.pid) } ?? [] }

    /// The one that makes the probes.
    func checker() throws -> Int32 {
        let all = processes
        let named = all.first { Self.words(of: $0).contains("checker") }
        // keepalived -C has one child, and our roles say what they are.
        guard let pid = named ?? all.dropFirst().last else { throw LabError("no process makes probes") }
        return pid
    }

    private static func family(of pid: Int32) -> [Int32] {
        let text = (try? Files.read("/proc/\(pid)/task/\(pid)/children", limit: 1 << 16)) ?? []
        let children = String(decoding: text, as: UTF8.self).split(separator: " ").compactMap { Int32($0) }
        return [pid] + children.flatMap(family)
    }

    private static func words(of pid: Int32) -> [String] {
        let octets = (try? Files.read("/proc/\(pid)/cmdline", limit: 4096)) ?? []
        return octets.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }

    // MARK: What is seen

    /// The connections that were begun so far.
    func count() throws -> StartCount {
        let octets = try Files.read("/proc/thread-self/net/snmp", limit: 1 << 16)
        guard let count = StartCount(snmp: String(decoding: octets, as: UTF8.self), at: Clock.now()) else {
            throw LabError("/proc/net/snmp is not what it should be")
        }
        return count
    }

    /// What the daemon has used so far.
    func usage() throws -> CheckUsage {
        let checker = try checker()
        let count = try count()
        let all = processes.compactMap { ProcessLoad(of: $0)?.processor }
        guard let own = ProcessLoad(of: checker)?.processor else { throw LabError("the checker is gone") }
        return CheckUsage(
            at: count.at, probes: count.begun, processor: own, processorInAll: all.reduce(.zero, +))
    }

    /// The servers in the kernel's table.
    func tableSize() throws -> Int {
        let text = try Files.read("/proc/thread-self/net/ip_vs", limit: 64 << 20)
        return IPVSText.destinations(String(decoding: text, as: UTF8.self)).count
    }

    /// Waits until `condition` holds; whether it did in time.
    func wait(_ limit: Interval, until condition: () throws -> Bool) throws -> Bool {
        let deadline = Clock.now() + limit
        while try !condition() {
            guard Clock.now() < deadline else { return false }
            try pass(.milliseconds(100))
        }
        return true
    }

    /// Lets time go by; the counts at every ten milliseconds.
    @discardableResult
    func pass(_ interval: Interval) throws -> [StartCount] {
        var counts = [try count()]
        let end = Clock.now() + interval
        while Clock.now() < end {
            Pause.sleep(min(.milliseconds(10), end - Clock.now()))
            welcome()
            counts.append(try count())
        }
        guard (try? daemon?.reap()) ?? nil == nil else { throw LabError("the daemon has ended") }
        return counts
    }

    /// System calls a probe of the checker in three seconds; nil without strace.
    func systemCalls() throws -> Double? {
        guard let strace = HostPrograms.find("strace") else { return nil }
        let (pid, file) = (try checker(), "\(folder)/strace")
        let tracer = try ChildProcess(
            Program(strace, ["-c", "-f", "-qq", "-o", file, "-p", "\(pid)"]),
            ChildStreams(output: .null, error: .null))
        let isTraced = try wait(.seconds(10)) {
            let status = try Files.read("/proc/\(pid)/status", limit: 1 << 14)
            return String(decoding: status, as: UTF8.self).contains("TracerPid:\t\(tracer.pid)")
        }
        let before = try count().begun
        try pass(.seconds(3))
        let probes = try count().begun - before
        tracer.send(.interrupt)
        _ = try wait(.seconds(10)) { (try? tracer.reap()) ?? nil != nil }
        if tracer.exitStatus == nil { Self.end(tracer) }
        guard isTraced, probes > 0, let octets = try? Files.read(file, limit: 1 << 20),
            let calls = SystemCallCount.total(String(decoding: octets, as: UTF8.self))
        else { return nil }
        return Double(calls) / Double(probes)
    }

    // MARK: Those that die

    /// Accepts what comes to those that are to die.
    private func welcome() {
        for listener in victims.values {
            while ((try? listener.accept()) ?? nil) != nil {}
        }
    }

    private func revive(_ victim: Endpoint) throws { victims[victim] = try Listener(on: victim) }

    /// Lets a server die, and waits until it has left the table; how long that took, nil when it stayed for
    /// twice the time. Then it comes back.
    func kill(_ victim: Endpoint, _ death: CheckSetup.Death) throws -> Interval? {
        let service = ServiceIdentity.address(.tcp, CheckSetup.deathRow)
        func isThere() throws -> Bool {
            try ipvs.endpoints(of: service).contains(victim)
        }
        let rule = ["INPUT", "-d", "\(victim.address)", "-j", "DROP"]
        switch death {
        case .refused: victims[victim] = nil
        case .silent: try filter(["-I"] + rule)
        }
        let begin = Clock.now()
        let limit = death.bound * 2
        var took: Interval?
        while took == nil, Clock.now() - begin < limit {
            Pause.sleep(.milliseconds(2))
            welcome()
            if try !isThere() { took = Clock.now() - begin }
        }
        switch death {
        case .refused: try revive(victim)
        case .silent: try filter(["-D"] + rule)
        }
        let isBack = try wait(death.bound * 4, until: isThere)
        guard isBack else { throw LabError("\(victim) is not in the table again") }
        return took
    }

    private func filter(_ words: [String]) throws {
        let iptables = try HostPrograms.require("iptables", package: "iptables")
        try HostPrograms.run(iptables, words)
    }
}
