// A network namespace of its own with one daemon in it, and the kernel's IPVS table of that namespace.

import FoundationEssentials
import KernelNet
import LinuxIO
import LoadBalancing
import Timekeeping

/// Where the benches of checks and of tables run a daemon. Whoever makes one MUST call `close`: until then
/// this thread is in the namespace.
final class BenchHost {
    let ip: String
    let folder: String
    let ipvs: IPVSClient
    private let name: String
    private let home: Namespace
    private var daemon: ChildProcess?
    private var isClosed = false

    /// Makes the namespace, its loopback interface up; `folder` holds files of the run. `purpose` is a word
    /// in its name.
    init(folder: String, for purpose: String) throws {
        self.folder = folder
        ip = try HostPrograms.require("ip", package: "iproute2")
        // Named as the lab's are, so that what a killed run leaves is found.
        name = "hf\(HostFacts.process)-\(purpose)"
        home = try Namespace.currentNetwork()
        try HostPrograms.run(ip, ["netns", "add", name])
        do {
            try Namespace(path: "/run/netns/\(name)").enter()
            try HostPrograms.run(ip, ["link", "set", "lo", "up"])
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
        try? home.enter()
        _ = try? HostPrograms.run(ip, ["netns", "delete", name])
    }

    /// Ends a child and its whole group.
    static func end(_ child: ChildProcess) {
        child.sendToGroup(.kill)
        while (try? child.reap()) == .some(nil) { Scheduling.sleep(.milliseconds(5)) }
    }

    // MARK: The daemon

    /// Writes what the daemon reads when it starts, or is told to read again.
    func write(_ configuration: String) throws { try Files.replace(file, with: Array(configuration.utf8)) }

    private var file: String { "\(folder)/bench.conf" }

    /// Starts it with what was written, without VRRP.
    func start(_ program: DaemonProgram) throws {
        let log = try Files.openForAppending("\(folder)/daemon.log")
        let words = program.arguments(configuration: file, director: "bench", folder: folder) + ["-C"]
        daemon = try ChildProcess(
            Program(words[0], Array(words.dropFirst()), environment: HostPrograms.environment),
            ChildStreams(output: .descriptor(log.descriptor), error: .descriptor(log.descriptor)))
    }

    /// Tells it to read its file again.
    func reload() { daemon?.send(.hangup) }

    /// An error when it has ended.
    func requireDaemon() throws {
        guard (try? daemon?.reap()) ?? nil == nil else { throw LabError("the daemon has ended") }
    }

    /// Ends it; what it does not clean up goes with the namespace.
    func stop() throws {
        guard let daemon else { return }
        self.daemon = nil
        let all = Self.family(of: daemon.pid)
        daemon.send(.terminate)
        let deadline = Clock.now() + .seconds(60)
        while (try? daemon.reap()) == .some(nil), Clock.now() < deadline {
            Scheduling.sleep(.milliseconds(20))
        }
        for pid in all where ProcessLoad(of: pid) != nil { try? Signal.kill.send(to: pid) }
        if daemon.exitStatus == nil { Self.end(daemon) }
        for pid in (try? Files.names(in: folder)) ?? [] where pid.hasSuffix(".pid") {
            try? Files.remove("\(folder)/\(pid)")
        }
        _ = try? ipvs.apply(try ipvs.observe().map { .deleteService($0.identity) })
    }

    /// The daemon's processes, itself first.
    var processes: [Int32] { daemon.map { Self.family(of: $0.pid) } ?? [] }

    /// What they have used of processors so far, all together.
    var processor: Interval { processes.compactMap { ProcessLoad(of: $0)?.processor }.reduce(.zero, +) }

    private static func family(of pid: Int32) -> [Int32] {
        let text = (try? Files.read("/proc/\(pid)/task/\(pid)/children", limit: 1 << 16)) ?? []
        let children = String(decoding: text, as: UTF8.self).split(separator: " ").compactMap { Int32($0) }
        return [pid] + children.flatMap(family)
    }

    // MARK: The table

    /// The servers in the kernel's table.
    func tableSize() throws -> Int {
        let text = try Files.read("/proc/thread-self/net/ip_vs", limit: 64 << 20)
        return IPVSText.destinations(String(decoding: text, as: UTF8.self)).count
    }

    /// `body`, with what the daemon said last in any error of it.
    func quoting<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            let log = (try? Files.read("\(folder)/daemon.log", limit: 64 << 20)) ?? []
            let last = String(decoding: log, as: UTF8.self).split(separator: "\n").suffix(5)
            throw LabError("\(error)\n" + last.joined(separator: "\n"))
        }
    }
}
