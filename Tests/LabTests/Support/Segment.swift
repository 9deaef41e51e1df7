import Glibc
import LinuxIO
import NetTypes
import Timekeeping

/// Two network namespaces joined by a veth pair, each end called eth0: 192.0.2.2/24 (a) and 192.0.2.3/24 (b);
/// or three, where a client (192.0.2.9/24) has the bridge that joins the two, and a real server
/// (192.0.2.21/24) where that is wanted, too. Everything is removed when the value goes away, the processes
/// started in it first.
final class Segment {
    let a: Host
    let b: Host
    /// Only where it was asked for.
    let client: Host?
    /// Only where it was asked for, on the client's bridge.
    let server: Host?
    private var hosts: [Host] { [a, b, client, server].compactMap { $0 } }

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

        /// Moves the calling thread here; what it returns is where it was, and MUST be entered again.
        func enter() throws -> Namespace {
            let home = try Namespace.currentNetwork()
            try Namespace(path: "/run/netns/\(name)").enter()
            return home
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
        server = withClient && withServer ? Host(name: prefix + "s", address: "192.0.2.21") : nil
        for host in hosts { try Tools.ip(["netns", "add", host.name]) }
        if let client {
            try Self.makeBridge(on: client)
            for host in [a, b, server].compactMap({ $0 }) { try Self.join(host, over: client) }
        } else {
            try Tools.ip([
                "link", "add", "eth0", "netns", a.name, "type", "veth", "peer", "name", "eth0", "netns",
                b.name,
            ])
        }
        for host in [a, b, server].compactMap({ $0 }) { try Self.bringUp(host) }
    }

    private static func bringUp(_ host: Host) throws {
        try Tools.ip(["-n", host.name, "link", "set", "lo", "up"])
        try Tools.ip(["-n", host.name, "address", "add", host.address + "/24", "dev", "eth0"])
        try Tools.ip(["-n", host.name, "link", "set", "eth0", "up"])
    }

    /// The host's end of the bridge, as its owner calls it.
    static func port(of host: Host) -> String {
        host.name.hasSuffix("a") ? "port0" : host.name.hasSuffix("b") ? "port1" : "port2"
    }

    private static func makeBridge(on client: Host) throws {
        // A bridge without an address of its own takes that of a port, and another when that port goes.
        try Tools.ip([
            "-n", client.name, "link", "add", "br0", "address", "02:00:00:00:00:09", "type", "bridge",
            "mcast_snooping", "0",
        ])
        try Tools.ip(["-n", client.name, "address", "add", client.address + "/24", "dev", "br0"])
        try Tools.ip(["-n", client.name, "link", "set", "br0", "up"])
    }

    private static func join(_ host: Host, over client: Host) throws {
        let port = port(of: host)
        try Tools.ip([
            "link", "add", "eth0", "netns", host.name, "type", "veth", "peer", "name", port,
            "netns", client.name,
        ])
        try Tools.ip(["-n", client.name, "link", "set", port, "master", "br0", "up"])
    }

    /// The machine loses its power: nothing of its kernel is left. Its processes must have been killed.
    func cut(_ host: Host) throws {
        guard let client else { return }
        try Tools.ip(["netns", "delete", host.name])
        // The kernel takes the namespace apart a little later.
        let isGone = Tools.wait(.seconds(60)) {
            (try? Tools.ip(["-n", client.name, "link", "show", Self.port(of: host)])) == nil
        }
        guard isGone != nil else { throw Tools.Failure(description: "\(host.name) does not go") }
    }

    /// A machine that was cut off starts again, with nothing in its kernel.
    func start(_ host: Host) throws {
        guard let client else { return }
        try Tools.ip(["netns", "add", host.name])
        try Self.join(host, over: client)
        try Self.bringUp(host)
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
