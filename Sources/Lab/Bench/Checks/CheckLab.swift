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
    private let host: BenchHost
    private let servers: ChildProcess
    private var victims: [Endpoint: Listener] = [:]

    /// Builds it; `folder` holds files of the run, `tool` is the program whose agents are the servers.
    init(folder: String, tool: String) throws {
        host = try BenchHost(folder: folder, for: "checks")
        do {
            try HostPrograms.run(host.ip, ["route", "add", "local", CheckSetup.addresses, "dev", "lo"])
            let serve = AgentCommand.serve(name: "server", ports: CheckSetup.ports)
            servers = try ChildProcess(
                Program(tool, ["lab-agent"] + serve.arguments),
                ChildStreams(input: .pipe, output: .null, error: .inherit))
        } catch {
            host.close()
            throw error
        }
    }

    func close() {
        try? host.stop()
        if servers.exitStatus == nil { BenchHost.end(servers) }
        host.close()
    }

    // MARK: The daemon

    /// Starts it with these checks, and waits until all of them are made: the kernel's table is whole, and
    /// the random part of the first delay is over.
    func start(_ program: DaemonProgram, _ setup: CheckSetup) throws {
        try host.write(setup.configuration)
        for place in 0..<setup.victims { try revive(setup.victim(place)) }
        try host.start(program)
        let isWhole = try wait(.seconds(180)) { try tableSize() == setup.count + setup.victims }
        guard isWhole else {
            throw LabError(
                "\(program.path) has \(try tableSize()) servers in the table, not "
                    + "\(setup.count + setup.victims)")
        }
        try pass(.seconds(1) + CheckSetup.delayLoop * 3)
    }

    /// Ends it.
    func stop() throws { try host.stop() }

    /// The daemon's processes, itself first.
    var processes: [Int32] { host.processes }

    /// `body`, with what the daemon said last in any error of it.
    func quoting<Value>(_ body: (CheckLab) throws -> Value) throws -> Value {
        try host.quoting { try body(self) }
    }

    /// The one that makes the probes.
    func checker() throws -> Int32 {
        let all = processes
        let named = all.first { Self.words(of: $0).contains("checker") }
        // keepalived -C has one child, and our roles say what they are.
        guard let pid = named ?? all.dropFirst().last else { throw LabError("no process makes probes") }
        return pid
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
        guard let own = ProcessLoad(of: checker)?.processor else { throw LabError("the checker is gone") }
        return CheckUsage(
            at: count.at, probes: count.begun, processor: own, processorInAll: host.processor)
    }

    /// The servers in the kernel's table.
    func tableSize() throws -> Int { try host.tableSize() }

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
            Scheduling.sleep(min(.milliseconds(10), end - Clock.now()))
            welcome()
            counts.append(try count())
        }
        try host.requireDaemon()
        return counts
    }

    /// System calls a probe of the checker in three seconds; nil without strace.
    func systemCalls() throws -> Double? {
        guard let strace = HostPrograms.find("strace") else { return nil }
        let (pid, file) = (try checker(), "\(host.folder)/strace")
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
        if tracer.exitStatus == nil { BenchHost.end(tracer) }
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
            try host.ipvs.destinations(of: service).contains { $0.endpoint == victim }
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
            Scheduling.sleep(.milliseconds(2))
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
