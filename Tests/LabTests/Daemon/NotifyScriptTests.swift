import LinuxIO
import Testing
import Timekeeping

/// What scripts are told when a pair fails over, by us and by the distribution's keepalived. Needs root and
/// namespaces, no IPVS.
@Suite(.serialized, .enabled(if: mayMakeNamespaces, "needs root")) struct NotifyScriptTests {
    /// The calls that one director's scripts got, as lines.
    struct Record: Equatable {
        /// Of the commands that are fixed.
        var fixed: [String] = []
        /// Of `notify`.
        var general: [String] = []

        init(_ lines: [String]) {
            for line in lines {
                if line.hasPrefix("fixed") { fixed.append(line) } else { general.append(line) }
            }
        }
    }

    private func configuration(_ name: String, _ priority: Int, _ bench: DirectorBench) -> String {
        let script = "\(bench.directory)/tell.sh \(bench.directory)/\(name).calls"
        let keywords = """
            notify_master "\(script) fixed master"
                notify_backup "\(script) fixed backup"
                notify_fault "\(script) fixed fault"
                notify_stop "\(script) fixed stop"
                notify "\(script) own"
            """
        return "global_defs {\n    script_user root\n}\n"
            + DirectorBench.instance(priority).replacing(
                "advert_int 1", with: "advert_int 1\n    \(keywords)")
    }

    private func calls(_ name: String, _ bench: DirectorBench) -> [String] {
        let octets = (try? Files.read("\(bench.directory)/\(name).calls", limit: 1 << 16)) ?? []
        return String(decoding: octets, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private func wait(_ name: String, _ count: Int, _ bench: DirectorBench) {
        let time = Tools.wait(.seconds(30)) { calls(name, bench).count >= count }
        #expect(time != nil, "\(calls(name, bench))\n\(bench.log(name))")
    }

    /// Lets a pair fail over: a is master, stops, b follows, loses its link and finds it again.
    private func play(_ path: String, _ flags: (String) -> [String]) throws -> (a: [String], b: [String]) {
        let bench = try DirectorBench()
        try Files.replace(
            "\(bench.directory)/tell.sh",
            with: Array("#!/bin/sh\nfile=$1\nshift\necho \"$@\" >> $file\n".utf8), mode: 0o755)
        func start(_ name: String, _ host: Segment.Host, _ priority: Int) throws -> ChildProcess {
            let file = try bench.write(name, configuration(name, priority, bench))
            return try host.start(
                path, ["-n", "-l", "-D", "-P", "-f", file] + flags("\(bench.directory)/\(name)"),
                log: "\(bench.directory)/\(name).log")
        }
        let first = try start("a", bench.a, 150)
        wait("a", 4, bench)
        let second = try start("b", bench.b, 100)
        wait("b", 2, bench)
        first.send(.terminate)
        #expect(bench.end(first) == .exited(0), "\(bench.log("a"))")
        wait("b", 4, bench)
        try bench.b.run(Tools.ipPath, "link", "set", "eth0", "down")
        wait("b", 6, bench)
        try bench.b.run(Tools.ipPath, "link", "set", "eth0", "up")
        wait("b", 10, bench)
        second.send(.terminate)
        #expect(bench.end(second) == .exited(0), "\(bench.log("b"))")
        wait("b", 12, bench)
        return (calls("a", bench), calls("b", bench))
    }

    @Test func `scripts are told what keepalived tells them, in order`() throws {
        let ours = try play(Tools.holdfastd) { ["-p", "\($0).pid"] }
        func told(_ states: [String], _ priority: Int) -> [String] {
            states.flatMap { state in
                ["fixed \(state.lowercased())", "own INSTANCE VI_1 \(state) \(priority)"]
            }
        }
        #expect(ours.a == told(["BACKUP", "MASTER", "STOP"], 150))
        #expect(ours.b == told(["BACKUP", "MASTER", "FAULT", "BACKUP", "MASTER", "STOP"], 100))
        // keepalived starts the two scripts of one transition side by side, so their order is not compared.
        let theirs = try play("/usr/sbin/keepalived") { ["-p", "\($0).pid", "-r", "\($0).vrrp.pid"] }
        #expect(Record(ours.a) == Record(theirs.a))
        #expect(Record(ours.b) == Record(theirs.b))
    }

    @Test func `a script that hangs delays neither the election nor the end for ever`() throws {
        let bench = try DirectorBench()
        let text = DirectorBench.instance(150).replacing(
            "advert_int 1", with: "advert_int 1\n    notify_backup \"/bin/sleep 1000\"")
        let director = try bench.start("a", on: bench.a, text, flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
        director.send(.terminate)
        let start = Clock.now()
        #expect(bench.end(director, .seconds(30)) == .exited(0), "\(bench.log("a"))")
        #expect(Clock.now() - start < .seconds(15))
        #expect(bench.log("a").contains("/bin/sleep has run for too long; ending it"))
        #expect(try !bench.a.holds(DirectorBench.vip))
    }

    @Test func `a script has no privileges and no environment, and what it lacks is said`() throws {
        let bench = try DirectorBench()
        let proof = "\(bench.directory)/proof"
        let script = "\(bench.directory)/look.sh"
        let body =
            "#!/bin/sh\n{ id -un; grep -E '^(CapEff|NoNewPrivs)' /proc/self/status; env; } > \(proof)\n"
        try Files.replace(script, with: Array(body.utf8), mode: 0o755)
        try Files.replace(proof, with: [], mode: 0o666)
        let keywords = """
            advert_int 1
                notify_backup \(script)
                notify_master /no/such/program
                notify "\(script) x" ghost
            """
        let text = DirectorBench.instance(150).replacing("advert_int 1", with: keywords)
        _ = try bench.start("a", on: bench.a, text, flags: ["-P"])
        #expect(bench.waitForLog("a", "/no/such/program is not there"), "\(bench.log("a"))")
        #expect(bench.log("a").contains("there is no user ghost"))
        let told = String(decoding: try Files.read(proof, limit: 4096), as: UTF8.self)
        #expect(told.hasPrefix("nobody\nCapEff:\t0000000000000000\nNoNewPrivs:\t1\n"))
        #expect(told.contains("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"))
        #expect(!told.contains("HOME="))
    }
}
