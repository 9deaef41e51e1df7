import LinuxIO
import Testing
import Timekeeping

/// What FIFOs get when a pair fails over, from us and from the distribution's keepalived. Needs root and
/// namespaces, no IPVS.
@Suite(.serialized, .enabled(if: mayMakeNamespaces, "needs root")) struct NotifyPipeTests {
    private func lines(_ name: String, _ bench: DirectorBench) -> [String] {
        let octets = (try? Files.read("\(bench.directory)/\(name)", limit: 1 << 16)) ?? []
        return String(decoding: octets, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private func wait(_ name: String, _ count: Int, _ bench: DirectorBench) {
        let time = Tools.wait(.seconds(30)) { lines(name, bench).count >= count }
        #expect(time != nil, "\(lines(name, bench))\n\(bench.log("a"))")
    }

    private func configuration(_ bench: DirectorBench) -> String {
        let directory = bench.directory
        return """
            global_defs {
                script_user root
                notify_fifo \(directory)/all
                notify_fifo_script "\(directory)/reader.sh \(directory)/all.log"
                vrrp_notify_fifo \(directory)/vrrp root daemon
            }

            """ + DirectorBench.instance(150)
    }

    /// Lets one director become master, lose its link, find it again and stop; the lines of both FIFOs.
    private func play(
        _ path: String, _ flags: (String) -> [String]
    ) throws -> (all: [String], vrrp: [String]) {
        let bench = try DirectorBench()
        let reader = "#!/bin/sh\necho \"$# $2\" | sed 's/ .*run.*\\// /' >> $1\nexec cat < $2 >> $1\n"
        try Files.replace("\(bench.directory)/reader.sh", with: Array(reader.utf8), mode: 0o755)
        let file = try bench.write("a", configuration(bench))
        let director = try bench.a.start(
            path, ["-n", "-l", "-D", "-P", "-f", file] + flags("\(bench.directory)/a"),
            log: "\(bench.directory)/a.log")
        #expect(Tools.wait(.seconds(20)) { Files.exists("\(bench.directory)/vrrp") } != nil)
        let mode = try bench.a.run("/usr/bin/stat", "-c", "%U %G %a", "\(bench.directory)/vrrp").output.text
        #expect(mode == "root daemon 600\n")
        let copy = try bench.a.start(
            "/bin/cat", ["\(bench.directory)/vrrp"], log: "\(bench.directory)/vrrp.log")
        wait("vrrp.log", 2, bench)
        try bench.a.run(Tools.ipPath, "link", "set", "eth0", "down")
        wait("vrrp.log", 3, bench)
        try bench.a.run(Tools.ipPath, "link", "set", "eth0", "up")
        wait("vrrp.log", 5, bench)
        director.send(.terminate)
        #expect(bench.end(director) == .exited(0), "\(bench.log("a"))")
        wait("vrrp.log", 6, bench)
        _ = bench.end(copy, .seconds(2))
        #expect(!Files.exists("\(bench.directory)/all") && !Files.exists("\(bench.directory)/vrrp"))
        return (lines("all.log", bench), lines("vrrp.log", bench))
    }

    @Test func `FIFOs and their readers get what keepalived writes`() throws {
        let ours = try play(Tools.holdfastd) { ["-p", "\($0).pid"] }
        let expected = ["BACKUP", "MASTER", "FAULT", "BACKUP", "MASTER", "STOP"]
            .map { "INSTANCE \"VI_1\" \($0) 150" }
        #expect(ours.vrrp == expected)
        #expect(ours.all == ["2 all"] + expected)
        let theirs = try play("/usr/sbin/keepalived") { ["-p", "\($0).pid", "-r", "\($0).vrrp.pid"] }
        #expect(theirs.vrrp == ours.vrrp)
        // keepalived ends its reader before it has read the last line.
        #expect(theirs.all.prefix(6) == ours.all.prefix(6))
    }

    @Test func `a reader that ends is started again, and one that never reads holds up nothing`() throws {
        let bench = try DirectorBench()
        let reader = "#!/bin/sh\necho started >> $1\nexit 3\n"
        try Files.replace("\(bench.directory)/reader.sh", with: Array(reader.utf8), mode: 0o755)
        let director = try bench.start("a", on: bench.a, configuration(bench), flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
        #expect(bench.waitForLog("a", "ended: exit status 3; starting it again"))
        wait("all.log", 3, bench)
        director.send(.terminate)
        #expect(bench.end(director) == .exited(0), "\(bench.log("a"))")
    }
}
