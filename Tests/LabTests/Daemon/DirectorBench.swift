import Glibc
import Lab
import LinuxIO
import Testing
import Timekeeping

/// Directors on a segment of two hosts, seen from outside: their addresses, tables, logs and processes.
final class DirectorBench {
    static let vip = "192.0.2.100"
    let segment: Segment
    let directory: String

    init(withClient: Bool = false, withServer: Bool = false) throws {
        directory = "/run/holdfast-daemon-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        try Files.createDirectory(directory, mode: 0o755)
        segment = try Segment(withClient: withClient, withServer: withServer)
    }

    deinit { _ = try? Program("/bin/rm", ["-rf", directory]).run(timeout: .seconds(60)) }

    var a: Segment.Host { segment.a }
    var b: Segment.Host { segment.b }

    /// One instance of version 2, one second between adverts.
    static func instance(
        _ priority: Int, interface: String = "eth0", vip: String = DirectorBench.vip
    ) -> String {
        """
        vrrp_instance VI_1 {
            state BACKUP
            interface \(interface)
            virtual_router_id 51
            priority \(priority)
            advert_int 1
            virtual_ipaddress {
                \(vip)/24
            }
        }

        """
    }

    /// A check whose verdict comes within a second and a half.
    static let quickCheck = """
        TCP_CHECK {
            connect_timeout 1
            delay_loop 0.5
            retry 0
            warmup 0
        }
        """

    /// A service whose servers have what `body` says of each by its place; with nothing they have no checks,
    /// so that its table is known from the start.
    static func service(
        _ servers: [String], port: Int = 80, options: String = "", body: (Int) -> String = { _ in "weight 1" }
    ) -> String {
        let list = servers.enumerated()
            .map { "    real_server \($1) \(port) {\n\(body($0))\n    }\n" }.joined()
        return """
            virtual_server \(vip) \(port) {
                lb_algo rr
                lb_kind DR
                protocol TCP
                \(options)
            \(list)}

            """
    }

    func write(_ name: String, _ text: String) throws -> String {
        let path = "\(directory)/\(name).conf"
        try Files.replace(path, with: Array(text.utf8))
        return path
    }

    /// Starts a director on `host` from `text`; `name` is that of its files.
    func start(
        _ name: String, on host: Segment.Host, _ text: String, flags: [String] = []
    ) throws -> ChildProcess {
        try host.start(
            Tools.holdfastd, ["-n", "-l", "-D", "-f", try write(name, text)] + flags,
            log: "\(directory)/\(name).log")
    }

    /// A part of the lab that works for some seconds; it ends with its input. What it sees is called `name`.
    func agent(
        _ words: String, on host: Segment.Host, for seconds: Int, name: String? = nil
    ) throws -> ChildProcess {
        try host.start(
            "/bin/sh", ["-c", "sleep \(seconds) | exec \(Tools.holdfast) lab-agent \(words)"],
            log: "\(directory)/\(name ?? host.address).seen")
    }

    /// What an agent has seen so far.
    func sightings(_ name: String) -> [Sighting] {
        let text = (try? Files.read("\(directory)/\(name).seen", limit: 1 << 26)) ?? []
        return String(decoding: text, as: UTF8.self).split(separator: "\n").compactMap { Sighting(line: $0) }
    }

    func log(_ name: String) -> String {
        String(decoding: (try? Files.read("\(directory)/\(name).log", limit: 1 << 20)) ?? [], as: UTF8.self)
    }

    /// Waits until the log of `name` has `text`; false after `limit`.
    func waitForLog(_ name: String, _ text: String, _ limit: Interval = .seconds(60)) -> Bool {
        Tools.wait(limit) { log(name).contains(text) } != nil
    }

    func waitForAddress(
        _ host: Segment.Host, _ held: Bool = true, _ limit: Interval = .seconds(60)
    ) throws -> Bool {
        try Tools.wait(limit) { try host.holds(Self.vip) == held } != nil
    }

    /// Has `client` have the virtual address, too, and speak to a with it.
    func claimAddress(at client: Segment.Host) throws {
        try Tools.ip(["-n", client.name, "address", "add", Self.vip + "/32", "dev", "br0"])
        let route = ["dev", "br0", "src", Self.vip]
        try Tools.ip(["-n", client.name, "route", "add", a.address + "/32"] + route)
    }

    /// Has it ask where a's own address is, and say who asks.
    func sayClaim(of client: Segment.Host) throws {
        try Tools.ip(["-n", client.name, "neighbour", "flush", "dev", "br0"])
        _ = try client.run("/bin/bash", "-c", "echo > /dev/udp/\(a.address)/9")
    }

    /// Runs the operator's tool on `host`, whatever its exit status.
    func holdfast(
        _ host: Segment.Host, _ arguments: String..., as user: [String] = []
    ) throws -> Completion {
        try holdfast(host, arguments, as: user)
    }

    func holdfast(
        _ host: Segment.Host, _ arguments: [String], as user: [String] = []
    ) throws -> Completion {
        try Program(
            Tools.ipPath, ["netns", "exec", host.name] + user + [Tools.holdfast] + arguments,
            environment: Tools.environment
        ).run(timeout: .seconds(60))
    }

    /// How a director ended; nil when it did not within `limit`.
    func end(_ child: ChildProcess, _ limit: Interval = .seconds(40)) -> Termination? {
        _ = Tools.wait(limit) { (try? child.reap()) ?? nil != nil }
        return child.exitStatus
    }

    /// The processes of a director's roles by the role's name.
    func roles(of child: ChildProcess) -> [String: Int32] {
        let list = (try? Files.read("/proc/\(child.pid)/task/\(child.pid)/children", limit: 1 << 16)) ?? []
        var roles: [String: Int32] = [:]
        for word in String(decoding: list, as: UTF8.self).split(separator: " ") {
            guard let pid = Int32(word), let line = try? Files.read("/proc/\(pid)/cmdline", limit: 4096),
                let name = try? Files.read("/proc/\(pid)/comm", limit: 64)
            else { continue }
            let words = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            guard words.count > 2, words[1] == "--role" else { continue }
            roles[String(decoding: name, as: UTF8.self) == "holdfastd-spare\n" ? "spare" : words[2]] = pid
        }
        return roles
    }

    /// A line of /proc/PID/status without its name.
    func status(_ pid: Int32, _ field: String) -> String? {
        let text = String(
            decoding: (try? Files.read("/proc/\(pid)/status", limit: 1 << 16)) ?? [], as: UTF8.self)
        return text.split(separator: "\n").first { $0.hasPrefix(field + ":") }
            .map { String($0.dropFirst(field.count + 1).drop { $0 == "\t" || $0 == " " }) }
    }

    /// Kills a director and all its roles at once, as a crash of the machine would.
    func crash(_ child: ChildProcess) {
        let pids = roles(of: child).values.sorted()
        child.send(.stop)
        for pid in pids { try? Signal.kill.send(to: pid) }
        child.send(.kill)
        _ = end(child)
    }

    /// `ipvsadm -Sn` on `host`, sorted, without trailing blanks.
    func table(_ host: Segment.Host) throws -> [String] {
        try host.run("/usr/sbin/ipvsadm", "-Sn").output.text.split(separator: "\n").map { line in
            line.split(separator: " ").joined(separator: " ")
        }.sorted()
    }

    func waitForTable(
        _ host: Segment.Host, _ expected: [String], _ limit: Interval = .seconds(120)
    ) throws -> Bool {
        try Tools.wait(limit) { try table(host) == expected.sorted() } != nil
    }
}
