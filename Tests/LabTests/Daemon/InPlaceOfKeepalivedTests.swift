import ControlProtocol
import LinuxIO
import Testing
import Timekeeping

/// The daemon, started by a link with keepalived's name.
@Suite(.serialized, .enabled(if: mayMakeNamespaces, "needs root")) struct InPlaceOfKeepalivedTests {
    private func link(_ bench: DirectorBench) throws -> String {
        let path = "\(bench.directory)/keepalived"
        let target = try Program("/bin/realpath", [Tools.holdfastd]).run(timeout: .seconds(60)).output.text
        _ = try Program("/bin/ln", ["-s", target.filter { $0 != "\n" }, path]).run(timeout: .seconds(60))
        return path
    }

    @Test func `tools that test files and look for a version find what they look for`() throws {
        let bench = try DirectorBench()
        let keepalived = try link(bench)
        func run(_ arguments: String...) throws -> Completion {
            try Program(keepalived, arguments, environment: Tools.environment).run(timeout: .seconds(60))
        }
        let version = try run("--version")
        #expect(version.status == .exited(0) && version.output.text.isEmpty)
        #expect(version.error.text.hasPrefix("Keepalived v2."), "\(version.error.text)")
        let good = try bench.write("good", "global_defs {\n    router_id a\n}\n")
        let bad = try bench.write("bad", "global_defs {\n    router_idd a\n}\n")
        for arguments in [["--config-test", "-f"], ["-l", "-t", "-f"], ["-tlog", "-f"]] {
            let words = arguments.map { $0 == "-tlog" ? "--config-test=\(bench.directory)/log" : $0 }
            let status = try [good, bad].map { file in
                try Program(keepalived, words + [file], environment: Tools.environment)
                    .run(timeout: .seconds(60)).status
            }
            #expect(status == [.exited(0), .exited(4)], "\(words)")
        }
        let log = String(decoding: try Files.read("\(bench.directory)/log", limit: 1 << 16), as: UTF8.self)
        #expect(log.contains("router_idd"), "\(log)")
    }

    /// What a daemon writes at its three signals.
    private func dumps(
        _ bench: DirectorBench, of daemon: ChildProcess, in directory: String
    ) throws -> [String] {
        let names = ["keepalived.data", "keepalived.stats", "keepalived.json"]
        for name in names { try? Files.remove("\(directory)/\(name)") }
        for signal in [Signal.user1, .user2, .realTime2] { try signal.send(to: daemon.pid) }
        return try names.map { name in
            #expect(Tools.wait(.seconds(10)) { Files.exists("\(directory)/\(name)") } != nil, "\(name)")
            _ = Tools.wait(.milliseconds(500)) { false }
            let octets = try Files.read("\(directory)/\(name)", limit: 1 << 20)
            return String(decoding: octets, as: UTF8.self)
        }
    }

    @Test func `dump files have keepalived's lines, and no link leads them elsewhere`() throws {
        let bench = try DirectorBench()
        let places = ["state", "stats", "json"].map { "    \($0)_dump_file \(bench.directory)/\n" }.joined()
        let text =
            "global_defs {\n\(places)}\n"
            + DirectorBench.instance(150).replacing(
                "advert_int 1",
                with: "advert_int 1\n    authentication {\n auth_type PASS\n auth_pass topsecre\n}")
        let victim = "\(bench.directory)/victim"
        try Files.replace(victim, with: Array("untouched".utf8))
        let link = "\(bench.directory)/keepalived.data"
        _ = try Program("/bin/ln", ["-s", victim, link]).run(timeout: .seconds(60))
        let daemon = try bench.start("a", on: bench.a, text, flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
        try Signal.user1.send(to: daemon.pid)
        #expect(try Tools.wait(.seconds(10)) { try Files.link(at: link) == nil } != nil, "a link is replaced")
        #expect(String(decoding: try Files.read(victim, limit: 64), as: UTF8.self) == "untouched")
        #expect(try Files.status(of: link).mode == 0o600)
        let files = try dumps(bench, of: daemon, in: bench.directory)
        #expect(files.allSatisfy { !$0.contains("topsecre") })
        for line in [
            " VRRP Instance = VI_1\n", "   State = MASTER\n", "   Interface = eth0\n",
            "   Virtual Router ID = 51\n",
            "   Virtual IP (1):\n     192.0.2.100/24 dev eth0 scope global set\n",
        ] {
            #expect(files[0].contains(line), "\(line)\n\(files[0])")
        }
        #expect(files[1].hasPrefix("VRRP Instance: VI_1\n  Advertisements:\n    Received: 0\n    Sent: "))
        #expect(files[1].contains("  Became master: 1\n"), "\(files[1])")
        let json = try JSONReader.read(files[2])
        #expect(json[0]?["data"]?["state"] == 2 && json[0]?["stats"]?["become_master"] == 1, "\(files[2])")
    }

    @Test func `the daemon is a process of that name, also in the background`() throws {
        let bench = try DirectorBench()
        let file = try bench.write("a", DirectorBench.instance(150))
        let pidFile = "\(bench.directory)/a.pid"
        let start = try Program(
            Tools.ipPath,
            [
                "netns", "exec", bench.a.name, try link(bench), "-P", "-f", file, "-p", pidFile, "-r",
                "\(bench.directory)/vrrp.pid", "-c", "\(bench.directory)/checkers.pid",
            ],
            environment: Tools.environment
        ).run(timeout: .seconds(30))
        #expect(start.status == .exited(0), "\(start.error.text)")
        let pid = try #require(
            Int32(String(decoding: try Files.read(pidFile, limit: 64), as: UTF8.self).filter(\.isNumber)))
        defer { try? Signal.terminate.send(to: pid) }
        let name = String(decoding: try Files.read("/proc/\(pid)/comm", limit: 64), as: UTF8.self)
        #expect(name == "keepalived\n")
        #expect(try bench.waitForAddress(bench.a))
        let role = String(
            decoding: try Files.read("\(bench.directory)/vrrp.pid", limit: 64), as: UTF8.self)
        let parent = try #require(bench.status(Int32(role.filter(\.isNumber)) ?? 0, "PPid"))
        #expect(parent == "\(pid)")
        #expect(!Files.exists("\(bench.directory)/checkers.pid"), "with -P there is no such process")
        try Signal.terminate.send(to: pid)
        #expect(Tools.wait(.seconds(10)) { !Files.exists("/proc/\(pid)") } != nil)
        #expect(!Files.exists("\(bench.directory)/vrrp.pid") && !Files.exists(pidFile))
    }
}
