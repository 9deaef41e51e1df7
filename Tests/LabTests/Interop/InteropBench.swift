import Glibc
import LinuxIO
import Testing
import Timekeeping

/// Two hosts of a segment, and a directory for what daemons on them read and write.
final class InteropBench {
    let directory: String
    let segment: Segment

    init() throws {
        var template = Array("/run/holdfast-interop-XXXXXX\0".utf8.map(CChar.init(bitPattern:)))
        let made = unsafe template.withUnsafeMutableBufferPointer {
            unsafe $0.baseAddress.flatMap { unsafe mkdtemp($0) } != nil
        }
        try #require(made)
        directory = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        segment = try Segment()
    }

    deinit { _ = try? Judge.run("/usr/bin/rm", "-r \(directory)") }

    /// Gives both hosts IPv6 addresses: 2001:db8::2 (a) and 2001:db8::3 (b).
    func prepareAddresses() throws {
        for (host, number) in [(segment.a, 2), (segment.b, 3)] {
            try Tools.ip([
                "-n", host.name, "address", "add", "2001:db8::\(number)/64", "dev", "eth0", "nodad",
            ])
            // A link-local address is of use once the kernel has found that nobody else has it.
            _ = try Tools.wait(.seconds(60)) {
                let list = try host.run(Tools.ipPath, "-6", "-o", "address", "show", "dev", "eth0")
                return list.output.text.contains("fe80") && !list.output.text.contains("tentative")
            }
        }
    }

    /// Starts holdfastd with this configuration.
    func startOurs(on host: Segment.Host, _ text: String) throws -> ChildProcess {
        let file = try write("ours.conf", text)
        return try host.start(
            Tools.holdfastd, ["-n", "-l", "-D", "-P", "-f", file, "-p", "\(directory)/ours.pid"],
            log: "\(directory)/ours.log")
    }

    /// Starts keepalived with this configuration.
    func startKeepalived(on host: Segment.Host, _ text: String) throws -> ChildProcess {
        let file = try write("keepalived.conf", text)
        let files = ["-p": "k.pid", "-r": "kv.pid", "-c": "kc.pid"].mapValues { "\(directory)/\($0)" }
        // One that was killed left its own, and its number may be taken.
        for file in files.values { try? Files.remove(file) }
        let pids = files.flatMap { [$0.key, $0.value] }
        return try host.start(
            "/usr/sbin/keepalived", ["-n", "-l", "-D", "-P", "-f", file] + pids,
            log: "\(directory)/keepalived.log")
    }

    /// Starts FRR's zebra, without which its vrrpd does nothing, and waits until it listens. Both run as the
    /// user that FRR's package made, in a directory of their own, and listen to no port.
    func startZebra(on host: Segment.Host) throws -> ChildProcess {
        try Judge.run("/usr/bin/chmod", "755 \(directory)")
        try Judge.run("/usr/bin/install", "-d -o frr -g frr \(frr)")
        // One that was killed left its socket.
        try? Files.remove("\(frr)/zserv")
        let zebra = try startFRR("zebra", on: host, "hostname zebra\n")
        let listens = Tools.wait(.seconds(40)) { unsafe access("\(frr)/zserv", F_OK) == 0 }
        try #require(listens != nil, "zebra does not start\n\(logs)")
        return zebra
    }

    /// Starts FRR's vrrpd with this configuration.
    func startVRRPD(on host: Segment.Host, _ text: String) throws -> ChildProcess {
        try startFRR("vrrpd", on: host, text)
    }

    private var frr: String { directory + "/frr" }

    private func startFRR(_ name: String, on host: Segment.Host, _ text: String) throws -> ChildProcess {
        let file = try write("\(name).conf", text)
        return try host.start(
            "/usr/lib/frr/\(name)",
            [
                "-f", file, "-i", "\(frr)/\(name).pid", "-z", "\(frr)/zserv", "--vty_socket", frr, "-P", "0",
                "--log", "stdout", "--log-level", "debug",
            ], log: "\(directory)/\(name).log")
    }

    func stop(_ child: ChildProcess) {
        child.send(.terminate)
        _ = Tools.wait(.seconds(40)) { (try? child.reap()) ?? nil != nil }
    }

    /// What all wrote, for failures.
    var logs: String {
        ["ours", "keepalived", "zebra", "vrrpd"].compactMap { name in
            guard let octets = try? Files.read("\(directory)/\(name).log", limit: 1 << 16) else { return nil }
            return "--- \(name)\n" + String(decoding: octets, as: UTF8.self)
        }.joined(separator: "\n")
    }

    private func write(_ name: String, _ text: String) throws -> String {
        let path = "\(directory)/\(name)"
        try Files.replace(path, with: Array(text.utf8), mode: 0o644)
        return path
    }
}
