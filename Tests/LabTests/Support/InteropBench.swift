import Glibc
import LinuxIO
import Testing
import Timekeeping

/// Holdfast on one host of a segment and the distribution's keepalived on the other.
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

    deinit {
        for file in ["ours.conf", "keepalived.conf", "ours.log", "keepalived.log"] {
            try? Files.remove("\(directory)/\(file)")
        }
        for file in ["ours.pid", "k.pid", "kv.pid", "kc.pid"] { try? Files.remove("\(directory)/\(file)") }
        _ = unsafe rmdir(directory)
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
        let pids = ["-p", "\(directory)/k.pid", "-r", "\(directory)/kv.pid", "-c", "\(directory)/kc.pid"]
        return try host.start(
            "/usr/sbin/keepalived", ["-n", "-l", "-D", "-P", "-f", file] + pids,
            log: "\(directory)/keepalived.log")
    }

    func stop(_ child: ChildProcess) {
        child.send(.terminate)
        _ = Tools.wait(.seconds(10)) { (try? child.reap()) ?? nil != nil }
    }

    /// What both wrote, for failures.
    var logs: String {
        ["ours", "keepalived"].map { name in
            let octets = try? Files.read("\(directory)/\(name).log", limit: 1 << 16)
            return "--- \(name)\n" + String(decoding: octets ?? [], as: UTF8.self)
        }.joined(separator: "\n")
    }

    private func write(_ name: String, _ text: String) throws -> String {
        let path = "\(directory)/\(name)"
        try Files.replace(path, with: Array(text.utf8), mode: 0o644)
        return path
    }
}
