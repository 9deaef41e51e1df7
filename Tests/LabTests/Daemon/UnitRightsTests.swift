import LinuxIO
import Testing
import Timekeeping

private let mayRaiseLimits = mayMakeNamespaces && (try? Privileges.effective().contains(.resources)) == true

/// What Systemd/holdfast.service leaves the daemon is enough: it runs with the unit's bounding set, limits
/// and no_new_privs, which setpriv and prlimit give it here.
@Suite(.serialized, .enabled(if: mayRaiseLimits, "needs root and CAP_SYS_RESOURCE")) struct UnitRightsTests {
    /// The values of a setting, those of several lines together.
    private func setting(_ name: String) throws -> [String] {
        let octets = try Files.read(repositoryFile("Systemd/holdfast.service"), limit: 1 << 16)
        return String(decoding: octets, as: UTF8.self).split(separator: "\n").filter {
            $0.hasPrefix("\(name)=")
        }
        .flatMap { $0.dropFirst(name.count + 1).split(separator: " ").map(String.init) }
    }

    /// A field of /proc/PID/stat, numbered as proc(5) does.
    private func stat(_ pid: Int32, _ field: Int) throws -> Int? {
        let text = String(decoding: try Files.read("/proc/\(pid)/stat", limit: 4096), as: UTF8.self)
        let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
        return fields.indices.contains(field - 2) ? Int(fields[field - 2]) : nil
    }

    private func realTimeLimit(_ pid: Int32) throws -> Substring? {
        let limits = String(decoding: try Files.read("/proc/\(pid)/limits", limit: 10_000), as: UTF8.self)
        return limits.split(separator: "\n").first { $0.hasPrefix("Max realtime priority") }?
            .split(separator: " ").dropFirst(3).first
    }

    @Test func `the daemon does its work with the rights that the unit leaves it`() throws {
        let bench = try DirectorBench()
        let fifo = "\(bench.directory)/fifo"
        let script = "#!/bin/sh\nid -u > \(bench.directory)/scripts/who\n"
        try Files.createDirectory("\(bench.directory)/scripts", mode: 0o777)
        _ = try Program("/bin/chmod", ["777", "\(bench.directory)/scripts"]).run(timeout: .seconds(60))
        try Files.replace("\(bench.directory)/notify", with: Array(script.utf8), mode: 0o755)
        let text = """
            global_defs {
                script_user nobody
                notify_fifo \(fifo) nobody
                control_reader_group nogroup
            }

            """
            + DirectorBench.instance(150).replacing(
                "    advert_int 1\n", with: "    advert_int 1\n    notify_master \(bench.directory)/notify\n")
        let capabilities = try setting("CapabilityBoundingSet").map { "+" + $0.dropFirst(4).lowercased() }
        #expect(capabilities.count > 5)
        let director = try bench.a.start(
            "/usr/bin/prlimit",
            [
                "--rtprio=\(try setting("LimitRTPRIO").joined())", "--memlock=unlimited", "/usr/bin/setpriv",
                "--bounding-set", (["-all"] + capabilities).joined(separator: ","), "--inh-caps", "-all",
                "--no-new-privs", Tools.holdfastd, "-n", "-l", "-D", "-P", "-f", try bench.write("a", text),
            ], log: "\(bench.directory)/a.log")
        #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
        let held = UInt64(bench.status(director.pid, "CapEff") ?? "", radix: 16) ?? 0
        #expect(held.nonzeroBitCount == capabilities.count && held & 1 << 21 == 0, "no CAP_SYS_ADMIN")
        let vrrp = try #require(bench.roles(of: director)["vrrp"])
        #expect(try stat(vrrp, 41) == 2, "SCHED_RR")
        #expect(bench.status(vrrp, "VmLck")?.hasPrefix("0 kB") == false)
        #expect(try realTimeLimit(vrrp) == "0" && realTimeLimit(director.pid) == "10")
        #expect(bench.status(vrrp, "CapEff") == "0000000000003000")
        // The FIFO is nobody's, the script was nobody, and the socket is its group's.
        let owner = try Program("/usr/bin/stat", ["-c", "%U", fifo]).run(timeout: .seconds(60)).output.text
        #expect(owner == "nobody\n")
        let who = "\(bench.directory)/scripts/who"
        #expect(
            Tools.wait(.seconds(10)) { (try? Files.read(who, limit: 10)) == Array("65534\n".utf8) } != nil)
        #expect(try bench.holdfast(bench.a, "status").output.text.contains("MASTER"))
        #expect(!bench.log("a").contains("not permitted"), "\(bench.log("a"))")
        // A role that dies comes back with what it needs; the end leaves nothing.
        try Signal.kill.send(to: vrrp)
        #expect(bench.waitForLog("a", "going on as master"), "\(bench.log("a"))")
        director.send(.terminate)
        #expect(bench.end(director) == .exited(0), "\(bench.log("a"))")
        #expect(try !bench.a.holds(DirectorBench.vip))
    }
}
