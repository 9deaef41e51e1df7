import Glibc
import LinuxIO
import NetTypes
import Timekeeping

/// Two network namespaces joined by a veth pair, each end called eth0: 192.0.2.2/24 (a) and 192.0.2.3/24 (b);
/// or three, where a client (192.0.2.9/24) has the bridge that joins the two; and a server (192.0.2.4/24) on
/// that bridge. Everything is removed when the
/// value goes away, the processes started in it first.
final class Segment {
    let a: Host
    let b: Host
    /// Only where it was asked for.
    let client: Host?
    /// Only beside a client, where it was asked for.
    let server: Host?
    private var hosts: [Host] { [a, b] + [client, server].compactMap(\.self) }

    /// One of the two namespaces.
    final class Host {
        let name: String
        let address: String
        var running: [ChildProcess] = []

        init(name: String, address: String) {
            self.name = name
            self.address = address
        }

        /// Runs a program to its end in this namespace.
        @discardableResult
        func run(
            _ path: String, _ arguments: String..., timeout: Interval = .seconds(20)
        ) throws -> Completion {
            try Tools.ip(["netns", "exec", name, path] + arguments, timeout: timeout)
        }

        /// Starts a daemon in this namespace; its output goes to `log`.
        func start(_ path: String, _ arguments: [String], log: String) throws -> ChildProcess {
            let child = try ChildProcess(
                Program(
                    Tools.ipPath,
                    ["netns", "exec", name, "/bin/sh", "-c", "exec \"$@\" >\(log) 2>&1", "sh", path]
                        + arguments,
                    environment: Tools.environment),
                ChildStreams(input: .null, output: .null, error: .null))
            running.append(child)
            return child
        }

        /// True while the namespace holds `address` on any interface.
        func holds(_ address: String) throws -> Bool {
            try run(Tools.ipPath, "-4", "-o", "address", "show").output.text.contains(" \(address)/")
        }
    }

    init(withClient: Bool = false, withServer: Bool = false) throws {
        // The suites run one after the other, but a segment of another test run may be alive.
        let prefix = "hf\(getpid() % 100_000)x\(UInt16.random(in: 0 ... .max))"
        a = Host(name: prefix + "a", address: "192.0.2.2")
        b = Host(name: prefix + "b", address: "192.0.2.3")
        client = withClient ? Host(name: prefix + "c", address: "192.0.2.9") : nil
        server = withServer ? Host(name: prefix + "s", address: "192.0.2.4") : nil
        for host in hosts { try Tools.ip(["netns", "add", host.name]) }
        let ends = [a, b] + (server.map { [$0] } ?? [])
        if let client {
            try Self.join(ends, over: client)
        } else {
            try Tools.ip([
                "link", "add", "eth0", "netns", a.name, "type", "veth", "peer", "name", "eth0", "netns",
                b.name,
            ])
        }
        for host in ends {
            try Tools.ip(["-n", host.name, "link", "set", "lo", "up"])
            try Tools.ip(["-n", host.name, "address", "add", host.address + "/24", "dev", "eth0"])
            try Tools.ip(["-n", host.name, "link", "set", "eth0", "up"])
        }
    }

    private static func join(_ hosts: [Host], over client: Host) throws {
        try Tools.ip([
            "-n", client.name, "link", "add", "br0", "type", "bridge", "mcast_snooping", "0",
        ])
        for (index, host) in hosts.enumerated() {
            try Tools.ip([
                "link", "add", "eth0", "netns", host.name, "type", "veth", "peer", "name", "port\(index)",
                "netns", client.name,
            ])
            try Tools.ip(["-n", client.name, "link", "set", "port\(index)", "master", "br0", "up"])
        }
        try Tools.ip(["-n", client.name, "address", "add", client.address + "/24", "dev", "br0"])
        try Tools.ip(["-n", client.name, "link", "set", "br0", "up"])
    }

    deinit {
        for host in hosts {
            for child in host.running where child.exitStatus == nil {
                child.sendToGroup(.kill)
                _ = Tools.wait(.seconds(2)) { (try? child.reap()) ?? nil != nil }
            }
            _ = try? Tools.ip(["netns", "delete", host.name])
        }
    }
}

/// Programs and waiting, for tests on a real kernel.
enum Tools {
    static let ipPath = "/usr/sbin/ip"
    static let environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"]

    /// The daemon under test: HOLDFASTD, else the optimised build.
    static var holdfastd: String {
        if let path = unsafe getenv("HOLDFASTD") { return unsafe String(cString: path) }
        return ".build/release/holdfastd"
    }

    /// The operator's tool, beside it.
    static var holdfast: String { String(holdfastd.dropLast()) }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Runs `ip` and fails when it fails.
    @discardableResult
    static func ip(_ arguments: [String], timeout: Interval = .seconds(20)) throws -> Completion {
        let completion = try Program(ipPath, arguments, environment: environment).run(timeout: timeout)
        guard completion.status.isSuccess, !completion.timedOut else {
            throw Failure(description: "ip \(arguments.joined(separator: " ")): \(completion.error.text)")
        }
        return completion
    }

    /// Asks `condition` every 50 ms until it holds or `limit` has passed; the time it took, nil for never.
    static func wait(_ limit: Interval, until condition: () throws -> Bool) rethrows -> Interval? {
        let start = Clock.now()
        while true {
            if try condition() { return Clock.now() - start }
            if Clock.now() - start > limit { return nil }
            usleep(50_000)
        }
    }
}

/// A service manager's ear: a datagram socket at a path, and all that came to it.
final class DatagramListener {
    private let fd: OwnedFD
    private var texts: [String] = []

    init?(at path: String) {
        let type = CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        let number = socket(AF_UNIX, type, 0)
        guard number >= 0 else { return nil }
        fd = OwnedFD(adopting: number)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let octets = Array(path.utf8) + [0]
        let fits = unsafe withUnsafeMutableBytes(of: &address.sun_path) { room in
            guard octets.count <= room.count else { return false }
            unsafe room.copyBytes(from: octets)
            return true
        }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(number, $0, size) }
        }
        guard fits, result == 0 else { return nil }
    }

    /// Everything so far, oldest first.
    func heard() -> [String] {
        while case .octets(let octets)? = try? fd.read(limit: 4096) {
            texts.append(String(decoding: octets, as: UTF8.self))
        }
        return texts
    }
}
