import LinuxIO
import Testing
import Timekeeping

/// Which services the daemon takes for its own, and what it does about changes by others.
@Suite(.serialized, .enabled(if: hasIPVS, "needs root and a kernel with IPVS")) struct TableOwnerTests {
    private let table = [
        "-A -t 192.0.2.100:80 -s rr", "-a -t 192.0.2.100:80 -r 192.0.2.21:80 -g -w 1",
        "-a -t 192.0.2.100:80 -r 192.0.2.22:80 -g -w 1",
    ]
    private let text = DirectorBench.service(["192.0.2.21", "192.0.2.22"])

    @Test func `the table is as planned, repaired when somebody changes it, and removed at stop`() throws {
        let bench = try DirectorBench()
        let director = try bench.start("a", on: bench.a, text)
        #expect(try bench.waitForTable(bench.a, table), "\(bench.log("a"))")
        try bench.a.run("/usr/sbin/ipvsadm", "-C")
        #expect(try bench.waitForTable(bench.a, table), "\(bench.log("a"))")
        #expect(bench.waitForLog("a", "repaired: IPVS: add service 192.0.2.100:80/tcp"), "\(bench.log("a"))")
        try bench.a.run(
            "/usr/sbin/ipvsadm", "-e", "-t", "192.0.2.100:80", "-r", "192.0.2.21:80", "-g", "-w", "7")
        #expect(try bench.waitForTable(bench.a, table), "\(bench.log("a"))")
        director.send(.terminate)
        #expect(bench.end(director) == .exited(0), "\(bench.log("a"))")
        #expect(try bench.table(bench.a) == [])
    }

    @Test func `what a killed daemon left in the table is removed by a clean-up`() throws {
        let bench = try DirectorBench()
        let threads = "global_defs {\nlvs_sync_daemon eth0 VI_1 id 51\n}\n" + DirectorBench.instance(150)
        let director = try bench.start("a", on: bench.a, threads + text)
        #expect(try bench.waitForTable(bench.a, table), "\(bench.log("a"))")
        bench.crash(director)
        #expect(try bench.table(bench.a) == table)
        let cleanup = try bench.start("late", on: bench.a, "", flags: ["--cleanup"])
        #expect(bench.end(cleanup) == .exited(0), "\(bench.log("late"))")
        #expect(try bench.table(bench.a) == [], "\(bench.log("late"))")
        let left = try bench.a.run("/usr/sbin/ipvsadm", "-L", "--daemon").output.text
        #expect(!left.contains("sync"), "\(left)")
    }

    /// More than a slow machine reads and removes in the five seconds that a silent role has.
    @Test(.enabled(if: fullMatrix))
    func `a large table that a killed daemon left is removed by a clean-up, as long as that takes`() throws {
        let bench = try DirectorBench()
        let text = (0..<4000).map { DirectorBench.service(["192.0.2.21"], port: 1000 + $0) }.joined()
        let director = try bench.start("a", on: bench.a, text)
        func count() throws -> Int { try bench.table(bench.a).count }
        let isThere = try Tools.wait(.seconds(300)) { try count() == 8000 }
        #expect(isThere != nil, "\(bench.log("a"))")
        bench.crash(director)
        let cleanup = try bench.start("late", on: bench.a, "", flags: ["--cleanup"])
        #expect(bench.end(cleanup, .seconds(300)) == .exited(0), "\(bench.log("late"))")
        #expect(try count() == 0, "\(bench.log("late"))")
        #expect(!bench.log("late").contains("killing it"), "\(bench.log("late"))")
    }

    @Test func `a service that is there already is the daemon's, and goes with it`() throws {
        let bench = try DirectorBench()
        for line in table { try bench.a.run("/bin/sh", "-c", "ipvsadm \(line)") }
        let director = try bench.start("a", on: bench.a, text)
        // An audit later it still has it.
        #expect(bench.waitForLog("a", "starting with"))
        _ = Tools.wait(.seconds(4)) { false }
        #expect(try bench.table(bench.a) == table, "\(bench.log("a"))")
        director.send(.terminate)
        #expect(bench.end(director) == .exited(0), "\(bench.log("a"))")
        #expect(try bench.table(bench.a) == [], "\(bench.log("a"))")
    }

    @Test func `a group is a service for each member, with one set of checks`() throws {
        let bench = try DirectorBench()
        let check = "TCP_CHECK {\nconnect_ip 192.0.2.2\nconnect_port 7\ndelay_loop 1\nretry 0\n}"
        let text = """
            virtual_server_group web {
                192.0.2.100-101 80
                192.0.2.100 443
                fwmark 7
            }
            virtual_server group web {
                lb_algo rr
                lb_kind DR
                protocol TCP
                warmup 0
                inhibit_on_failure
                real_server 192.0.2.21 {
                    \(check)
                }
            }
            """
        func table(weight: Int) -> [String] {
            [
                "-A -t 192.0.2.100:80 -s rr", "-a -t 192.0.2.100:80 -r 192.0.2.21:80 -g -w \(weight)",
                "-A -t 192.0.2.101:80 -s rr", "-a -t 192.0.2.101:80 -r 192.0.2.21:80 -g -w \(weight)",
                "-A -t 192.0.2.100:443 -s rr", "-a -t 192.0.2.100:443 -r 192.0.2.21:443 -g -w \(weight)",
                "-A -f 7 -s rr", "-a -f 7 -r 192.0.2.21:0 -g -w \(weight)",
            ]
        }
        let director = try bench.start("a", on: bench.a, text)
        #expect(try bench.waitForTable(bench.a, table(weight: 1)), "\(bench.log("a"))")
        // Nobody listens there: the one check takes the server out of every member.
        #expect(try bench.waitForTable(bench.a, table(weight: 0)), "\(bench.log("a"))")
        director.send(.hangup)
        #expect(try Tools.wait(.seconds(4)) { try bench.table(bench.a).count != 8 } == nil)
        director.send(.terminate)
        #expect(bench.end(director) == .exited(0), "\(bench.log("a"))")
        #expect(try bench.table(bench.a) == [])
    }

    @Test func `services of others are left alone`() throws {
        let bench = try DirectorBench()
        let foreign = ["-A -t 198.51.100.9:443 -s wlc", "-a -t 198.51.100.9:443 -r 192.0.2.77:443 -m -w 5"]
        for line in foreign {
            let words = line.split(separator: " ").map(String.init)
            try Tools.ip(["netns", "exec", bench.a.name, "/usr/sbin/ipvsadm"] + words)
        }
        let director = try bench.start("a", on: bench.a, text)
        #expect(try bench.waitForTable(bench.a, table + foreign), "\(bench.log("a"))")
        director.send(.terminate)
        #expect(bench.end(director) == .exited(0))
        #expect(try bench.table(bench.a) == foreign.sorted())
    }

    @Test func `a service that was removed and is made again by hand is not ours`() throws {
        let bench = try DirectorBench()
        let director = try bench.start(
            "a", on: bench.a, text + DirectorBench.service(["192.0.2.21"], port: 81))
        let second = ["-A -t 192.0.2.100:81 -s rr", "-a -t 192.0.2.100:81 -r 192.0.2.21:81 -g -w 1"]
        #expect(try bench.waitForTable(bench.a, table + second), "\(bench.log("a"))")
        _ = try bench.write("a", text)
        director.send(.hangup)
        #expect(try bench.waitForTable(bench.a, table), "\(bench.log("a"))")
        try bench.a.run("/usr/sbin/ipvsadm", "-A", "-t", "192.0.2.100:81", "-s", "wlc")
        let foreign = table + ["-A -t 192.0.2.100:81 -s wlc"]
        #expect(
            try Tools.wait(.seconds(6)) { try bench.table(bench.a) != foreign.sorted() } == nil,
            "\(bench.log("a"))")
        director.send(.terminate)
        #expect(bench.end(director) == .exited(0), "\(bench.log("a"))")
        #expect(try bench.table(bench.a) == ["-A -t 192.0.2.100:81 -s wlc"])
    }

    @Test func `what a killed daemon left is taken over or removed by the next`() throws {
        let bench = try DirectorBench()
        let first = try bench.start("a", on: bench.a, text + DirectorBench.service(["192.0.2.21"], port: 81))
        let left = table + ["-A -t 192.0.2.100:81 -s rr", "-a -t 192.0.2.100:81 -r 192.0.2.21:81 -g -w 1"]
        #expect(try bench.waitForTable(bench.a, left), "\(bench.log("a"))")
        bench.crash(first)
        #expect(try bench.table(bench.a) == left.sorted())
        _ = try bench.start("b", on: bench.a, text)
        #expect(try bench.waitForTable(bench.a, table), "\(bench.log("b"))")
        #expect(!bench.log("b").contains("add service"), "what stays is not made anew")
    }
}
