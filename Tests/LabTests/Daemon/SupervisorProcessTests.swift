import LinuxIO
import Testing
import Timekeeping

/// The supervisor of a real daemon: signals, reloads, the run directory.
@Suite(.serialized, .enabled(if: mayMakeNamespaces, "needs root")) struct SupervisorProcessTests {
    /// The run directory of a namespace.
    private func runDirectory(_ host: Segment.Host) throws -> String {
        let link = try host.run("/usr/bin/readlink", "/proc/self/ns/net").output.text
        return "/run/holdfast/net-\(link.filter(\.isNumber))"
    }

    @Test func `a clean stop leaves no ledger and no process id`() throws {
        let bench = try DirectorBench()
        let director = try bench.start("a", on: bench.a, DirectorBench.instance(150), flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a))
        let run = try runDirectory(bench.a)
        let pid = try Files.read("\(run)/holdfastd.pid", limit: 20)
        #expect(String(decoding: pid, as: UTF8.self) == "\(director.pid)\n")
        let ledger = String(decoding: try Files.read("\(run)/vrrp.ledger", limit: 4096), as: UTF8.self)
        #expect(ledger.hasSuffix("\naddress eth0 192.0.2.100/24\n"))
        director.send(.terminate)
        #expect(bench.end(director) == .exited(0), "\(bench.log("a"))")
        #expect(try !bench.a.holds(DirectorBench.vip))
        #expect(!Files.exists("\(run)/vrrp.ledger") && !Files.exists("\(run)/holdfastd.pid"))
    }

    @Test func `a second daemon in the namespace is refused`() throws {
        let bench = try DirectorBench()
        _ = try bench.start("a", on: bench.a, DirectorBench.instance(150), flags: ["-P"])
        #expect(bench.waitForLog("a", "Entering BACKUP STATE"))
        let second = try bench.start("second", on: bench.a, DirectorBench.instance(150), flags: ["-P"])
        #expect(bench.end(second) == .exited(1))
        #expect(bench.log("second").contains("another holdfastd runs in this network namespace"))
    }

    @Test func `a bad file changes nothing, a good one does`() throws {
        let bench = try DirectorBench()
        let director = try bench.start("a", on: bench.a, DirectorBench.instance(150), flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a))
        _ = try bench.write("a", "vrrp_instance VI_1 {\n    virtual_router_id 999\n}\n")
        director.send(.hangup)
        #expect(bench.waitForLog("a", "going on with the configuration in force"), "\(bench.log("a"))")
        #expect(bench.log("a").contains("a.conf:2:23: error: 999 is outside 1...255"))
        #expect(try bench.a.holds(DirectorBench.vip))
        _ = try bench.write("a", DirectorBench.instance(200))
        director.send(.hangup)
        #expect(bench.waitForLog("a", "reloading"))
        #expect(try Tools.wait(.seconds(2)) { try !bench.a.holds(DirectorBench.vip) } == nil)
    }

    @Test func `a supervisor that is killed leaves nothing`() throws {
        let bench = try DirectorBench()
        let director = try bench.start("a", on: bench.a, DirectorBench.instance(150), flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a))
        let role = try #require(bench.roles(of: director)["vrrp"])
        director.send(.kill)
        #expect(try bench.waitForAddress(bench.a, false, .seconds(5)), "\(bench.log("a"))")
        #expect(Tools.wait(.seconds(20)) { !Files.exists("/proc/\(role)/status") } != nil)
        #expect(bench.log("a").contains("the supervisor is gone"))
    }

    @Test(
        .enabled(if: hasIPVS, "needs a kernel with IPVS"), arguments: ["/no/such/program", "no-such-program"])
    func `a check whose program is not there takes its server out`(program: String) throws {
        let bench = try DirectorBench()
        let check =
            "MISC_CHECK {\n            misc_path \(program)\n            misc_timeout 5\n        }"
        let text = DirectorBench.service(["192.0.2.3"]).replacing(
            "weight 1", with: "weight 1\n        delay_loop 1\n        \(check)")
        _ = try bench.start("a", on: bench.a, text)
        #expect(
            bench.waitForLog(
                "a", "192.0.2.3:80 in 192.0.2.100:80/tcp: down: program missing"),
            "\(bench.log("a"))")
    }

    @Test(.enabled(if: hasIPVS, "needs a kernel with IPVS"))
    func `hundreds of scripts do not keep vrrp waiting`() throws {
        let bench = try DirectorBench()
        let servers = (1...250).map { number in
            """
                real_server 198.51.100.\(number) 80 {
                    delay_loop 1
                    MISC_CHECK {
                        misc_path "sleep 0.\(number)"
                        misc_timeout 5
                    }
                }

            """
        }
        let text =
            DirectorBench.instance(150)
            + "virtual_server 192.0.2.100 80 {\n    lb_algo rr\n    lb_kind DR\n    protocol TCP\n"
            + servers.joined() + "}\n"
        let director = try bench.start("a", on: bench.a, text)
        // The election takes 3.4 s, a start in a guest some more; the rest would be waiting for scripts.
        let time = try Tools.wait(.seconds(90)) { try bench.a.holds(DirectorBench.vip) }
        let waited = try #require(time, "\(bench.log("a"))")
        #expect(waited < .seconds(30), "\(waited)\n\(bench.log("a"))")
        director.send(.terminate)
        #expect(bench.end(director, .seconds(40)) == .exited(0), "\(bench.log("a"))")
    }

    @Test(.enabled(if: hasIPVS, "needs a kernel with IPVS"))
    func `a script check runs as nobody, without privileges, and decides`() throws {
        let bench = try DirectorBench()
        let script = "\(bench.directory)/check.sh"
        let proof = "\(bench.directory)/proof"
        try Files.replace(proof, with: [], mode: 0o666)
        let body = """
            #!/bin/sh
            { id -un; grep -E '^(CapEff|NoNewPrivs)' /proc/self/status; env; echo "$1"; } > \(proof)
            exit 3

            """
        try Files.replace(script, with: Array(body.utf8), mode: 0o755)
        let check =
            "MISC_CHECK {\n            misc_path \"\(script) word\"\n            misc_timeout 5\n        }"
        let text = DirectorBench.service(["192.0.2.3"]).replacing(
            "weight 1", with: "weight 1\n        delay_loop 1\n        \(check)")
        _ = try bench.start("a", on: bench.a, text)
        #expect(
            bench.waitForLog("a", "192.0.2.3:80 in 192.0.2.100:80/tcp: down: exit status 3"),
            "\(bench.log("a"))")
        let told = String(decoding: try Files.read(proof, limit: 4096), as: UTF8.self)
        #expect(told.hasPrefix("nobody\nCapEff:\t0000000000000000\nNoNewPrivs:\t1\n"))
        #expect(told.hasSuffix("word\n"))
        #expect(told.contains("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"))
        #expect(!told.contains("HOME="))
    }

    /// Thousands of services, which take a while to be read.
    private static func long(_ count: Int) -> String {
        DirectorBench.instance(150)
            + (1...count).map { DirectorBench.service(["192.0.2.3"], port: $0) }.joined()
    }

    @Test func `a file that is to be read again while it is read is read again`() throws {
        let bench = try DirectorBench()
        let director = try bench.start("a", on: bench.a, Self.long(15_000), flags: ["-P"])
        // Its memory grows once it reads.
        let reads = Tools.wait(.seconds(60)) {
            bench.status(director.pid, "Name") == "holdfastd"
                && bench.status(director.pid, "VmRSS").flatMap { Int($0.prefix(while: \.isNumber)) } ?? 0
                    > 24_000
        }
        #expect(reads != nil)
        #expect(!bench.log("a").contains("starting with"), "the file is too short for this test")
        director.send(.hangup)
        #expect(bench.waitForLog("a", "reloading", .seconds(90)), "\(bench.log("a"))")
        #expect(director.exitStatus == nil)
        director.send(.terminate)
        #expect(bench.end(director, .seconds(60)) == .exited(0), "\(bench.log("a"))")
    }

    @Test func `a daemon that cannot start removes what a killed one left`() throws {
        let bench = try DirectorBench()
        let first = try bench.start("a", on: bench.a, DirectorBench.instance(150), flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a))
        let broken = "vrrp_instance VI_1 {\n    virtual_router_id 999\n}\n"
        let early = try bench.start("early", on: bench.a, broken, flags: ["-P"])
        #expect(bench.end(early) == .exited(2), "\(bench.log("early"))")
        #expect(try bench.a.holds(DirectorBench.vip), "it belongs to one that runs")
        bench.crash(first)
        let late = try bench.start("late", on: bench.a, broken, flags: ["-P"])
        #expect(bench.end(late) == .exited(2), "\(bench.log("late"))")
        #expect(try !bench.a.holds(DirectorBench.vip), "\(bench.log("late"))")
    }

    @Test func `the service manager is told of the start, of reloads and of the end`() throws {
        let bench = try DirectorBench()
        let path = "\(bench.directory)/notify"
        let manager = try #require(DatagramListener(at: path))
        /// What is told but once, without the state and the signs of life between.
        func heard() -> [String] { manager.heard().filter { !$0.hasPrefix("STATUS=") && $0 != "WATCHDOG=1" } }
        let file = try bench.write("a", DirectorBench.instance(150))
        let director = try bench.a.start(
            "/usr/bin/env",
            ["NOTIFY_SOCKET=\(path)", "WATCHDOG_USEC=200000", Tools.holdfastd, "-l", "-P", "-f", file],
            log: "\(bench.directory)/a.log")
        #expect(Tools.wait(.seconds(30)) { heard() == ["READY=1"] } != nil, "\(bench.log("a"))")
        #expect(bench.waitForLog("a", "the service manager waits for this process"))
        director.send(.hangup)
        #expect(Tools.wait(.seconds(30)) { heard().count == 3 } != nil, "\(bench.log("a"))")
        let lines = heard()[1].split(separator: "\n")
        #expect(lines.first == "RELOADING=1" && lines.last?.hasPrefix("MONOTONIC_USEC=") == true)
        #expect(heard().last == "READY=1")
        // A bad file ends the reload, too.
        _ = try bench.write("a", "vrrp_instance VI_1 {\n    virtual_router_id 999\n}\n")
        director.send(.hangup)
        #expect(Tools.wait(.seconds(30)) { heard().count == 5 } != nil, "\(bench.log("a"))")
        #expect(heard().last == "READY=1")
        // What it does, and that its loop turns: every 100 ms.
        #expect(Tools.wait(.seconds(30)) { manager.heard().contains("STATUS=master of VI_1") } != nil)
        let before = manager.heard().count { $0 == "WATCHDOG=1" }
        #expect(
            Tools.wait(.seconds(5)) { manager.heard().count { $0 == "WATCHDOG=1" } >= before + 10 } != nil)
        director.send(.stop)
        _ = Tools.wait(.milliseconds(200)) { false }
        let stopped = manager.heard().count
        #expect(Tools.wait(.milliseconds(500)) { manager.heard().count > stopped } == nil)
        director.send(.continue)
        director.send(.terminate)
        #expect(bench.end(director) == .exited(0))
        // How long that may take, too.
        let end = heard().suffix(2)
        #expect(
            end.first == "STOPPING=1" && end.last?.hasPrefix("EXTEND_TIMEOUT_USEC=") == true, "\(heard())")
    }

    @Test func `without -n the start comes back once the daemon runs, and says when it cannot`() throws {
        let bench = try DirectorBench()
        let file = try bench.write("a", DirectorBench.instance(150))
        let pidFile = "\(bench.directory)/a.pid"
        let start = try bench.a.run(Tools.holdfastd, "-P", "-f", file, "-p", pidFile)
        #expect(start.status == .exited(0), "\(start.error.text)")
        let pid = try #require(
            Int32(String(decoding: try Files.read(pidFile, limit: 20), as: UTF8.self).dropLast()))
        defer { try? Signal.kill.send(to: pid) }
        let stat = String(decoding: try Files.read("/proc/\(pid)/stat", limit: 4096), as: UTF8.self)
        #expect(stat.split(separator: " ")[5] == "\(pid)", "it leads a session")
        #expect(try bench.waitForAddress(bench.a))
        let again = ["netns", "exec", bench.a.name, Tools.holdfastd, "-P", "-f", file]
        let second = try Program(Tools.ipPath, again, environment: Tools.environment)
            .run(timeout: .seconds(60))
        #expect(second.status == .exited(1), "another one runs")
        #expect(second.error.text == "holdfastd: did not start; the log says why\n")
        try Signal.terminate.send(to: pid)
        #expect(try bench.waitForAddress(bench.a, false))
        #expect(Tools.wait(.seconds(20)) { !Files.exists("/proc/\(pid)/stat") } != nil)
    }
}
