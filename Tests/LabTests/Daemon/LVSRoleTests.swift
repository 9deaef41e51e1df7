import LinuxIO
import Testing
import Timekeeping

/// The lvs role of a real daemon: restarts, the sync threads, the guard.
@Suite(.serialized, .enabled(if: hasIPVS, "needs root and a kernel with IPVS")) struct LVSRoleTests {
    private static let global = "global_defs {\n    lvs_sync_daemon eth0 VI_1 id 51\n}\n"
    private static let guarded =
        global + "loop_guard {\n    peer 192.0.2.3\n}\n" + DirectorBench.instance(150)
        + DirectorBench.service(["192.0.2.2", "192.0.2.3"], options: "loop_guard\n    loop_guard_mark 7")

    private func threads(_ bench: DirectorBench) throws -> String {
        try bench.a.run("/usr/sbin/ipvsadm", "-L", "--daemon").output.text
    }

    private func chain(_ bench: DirectorBench) throws -> [String] {
        try bench.a.run("/usr/sbin/iptables-save", "-t", "mangle").output.text.split(separator: "\n").map(
            String.init
        )
        .filter { $0.contains("HOLDFAST") }
    }

    @Test func `a role that is killed takes nothing along`() throws {
        let bench = try DirectorBench()
        let director = try bench.start("a", on: bench.a, DirectorBench.service(["192.0.2.21"]))
        let table = ["-A -t 192.0.2.100:80 -s rr", "-a -t 192.0.2.100:80 -r 192.0.2.21:80 -g -w 1"]
        #expect(try bench.waitForTable(bench.a, table), "\(bench.log("a"))")
        let before = try #require(bench.roles(of: director)["lvs"])
        try Signal.kill.send(to: before)
        #expect(
            Tools.wait(.seconds(40)) { bench.roles(of: director)["lvs"].map { $0 != before } ?? false } != nil
        )
        #expect(try Tools.wait(.seconds(6)) { try bench.table(bench.a) != table } == nil, "\(bench.log("a"))")
        #expect(bench.log("a").split(separator: "\n").count { $0.contains("add service") } == 1)
    }

    /// Nobody ends, and nothing answers: only the question for a sign of life finds out.
    @Test(arguments: ["lvs", "checker"])
    func `a role that hangs is noticed and replaced, and nothing is lost`(name: String) throws {
        let bench = try DirectorBench()
        let text = DirectorBench.service(["192.0.2.2"]) { _ in "weight 1\n\(DirectorBench.quickCheck)" }
        try bench.serve(80, on: bench.a)
        let director = try bench.start("a", on: bench.a, text)
        let table = ["-A -t 192.0.2.100:80 -s rr", "-a -t 192.0.2.100:80 -r 192.0.2.2:80 -g -w 1"]
        #expect(try bench.waitForTable(bench.a, table), "\(bench.log("a"))")
        // One that starts has a table to fill, and is not asked for anything before it says that it is there.
        #expect(try bench.holdfast(bench.a, "reload", "--wait").status == .exited(0), "\(bench.log("a"))")
        let before = bench.roles(of: director)
        let hung = try #require(before[name])
        try Signal.stop.send(to: hung)
        var isKept = true
        let isReplaced = try Tools.wait(.seconds(120)) {
            isKept = try isKept && bench.table(bench.a) == table
            return bench.roles(of: director)[name].map { $0 != hung } ?? false
        }
        #expect(isReplaced != nil && isKept, "\(bench.log("a"))")
        #expect(!Files.exists("/proc/\(hung)/cmdline"), "it was killed")
        // The other one was left alone, and everything is as it was.
        let other = name == "lvs" ? "checker" : "lvs"
        #expect(bench.roles(of: director)[other] == before[other])
        let isWell = try Tools.wait(.seconds(60)) {
            try bench.holdfast(bench.a, "status").status == .exited(0)
        }
        #expect(isWell != nil, "\(bench.log("a"))")
        #expect(try bench.table(bench.a) == table)
        #expect(bench.log("a").split(separator: "\n").count { $0.contains("add server") } == 1)
    }

    /// Nobody has heard of it yet, and it is given longer than one that has said that it is there: 40 s.
    @Test(.enabled(if: fullMatrix)) func `a role that hangs while it starts is replaced`() throws {
        let bench = try DirectorBench()
        let text = DirectorBench.service(["192.0.2.21"])
        var (director, role) = try hangAtStart(bench, text)
        // One that was quicker than this has said that it is there.
        for _ in 0..<20 where try bench.table(bench.a) != [] {
            try Signal.continue.send(to: role)
            director.send(.terminate)
            #expect(bench.end(director) == .exited(0), "\(bench.log("a"))")
            (director, role) = try hangAtStart(bench, text)
        }
        try #require(try bench.table(bench.a) == [], "it was always too quick")
        let table = ["-A -t 192.0.2.100:80 -s rr", "-a -t 192.0.2.100:80 -r 192.0.2.21:80 -g -w 1"]
        #expect(try bench.waitForTable(bench.a, table), "\(bench.log("a"))")
        #expect(bench.log("a").contains("lvs does not answer; killing it"))
        #expect(!Files.exists("/proc/\(role)/cmdline") && bench.roles(of: director)["lvs"] != role)
    }

    /// A director, and its lvs role, which was stopped as soon as it was there.
    private func hangAtStart(
        _ bench: DirectorBench, _ text: String
    ) throws -> (director: ChildProcess, role: Int32) {
        let director = try bench.start("a", on: bench.a, text)
        let limit = Clock.now() + .seconds(60)
        while Clock.now() < limit {
            guard let role = bench.roles(of: director)["lvs"] else { continue }
            try Signal.stop.send(to: role)
            return (director, role)
        }
        throw NoRole()
    }

    private struct NoRole: Error {}

    @Test func `the sync threads follow the election, and stop with the daemon`() throws {
        let bench = try DirectorBench()
        let text =
            Self.global.replacing("id 51", with: "id 51\n    lvs_sync_ports 2") + DirectorBench.instance(150)
            + DirectorBench.service(["192.0.2.21"])
        let director = try bench.start("a", on: bench.a, text)
        #expect(bench.waitForLog("a", "start the backup sync thread on eth0, id 51"), "\(bench.log("a"))")
        #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
        #expect(
            try Tools.wait(.seconds(40)) {
                try threads(bench).hasPrefix("master sync daemon (mcast=eth0, syncid=51")
            } != nil)
        // It goes on hearing what a former master has not sent yet.
        #expect(
            try Tools.wait(.seconds(40)) { try !threads(bench).contains("backup") } != nil,
            "\(bench.log("a"))")
        // Stopped by hand it is there again with the next audit.
        try bench.a.run("/usr/sbin/ipvsadm", "--stop-daemon", "master")
        #expect(bench.waitForLog("a", "repaired: start the master sync thread"), "\(bench.log("a"))")
        #expect(try threads(bench).hasPrefix("master sync daemon (mcast=eth0, syncid=51"))
        director.send(.terminate)
        #expect(bench.end(director) == .exited(0), "\(bench.log("a"))")
        #expect(try threads(bench) == "")
        // What waited in it is sent, though the threads' settings are put back meanwhile.
        #expect(bench.log("a").contains("net.ipv4.vs.sync_ports put back to 1"), "\(bench.log("a"))")
        let begun = bench.log("a").split(separator: "\n").count { $0.contains("start the master sync") }
        #expect(begun == 2, "\(bench.log("a"))")
    }

    /// Nobody has 192.0.2.9: the kernel finds out after about 3 s, and the service is guarded without it.
    @Test func `a killed lvs leaves the rules alone though a peer is silent, and backup_only is kept`() throws
    {
        let bench = try DirectorBench()
        let text =
            Self.global + "loop_guard {\n    peer 192.0.2.9\n}\n" + DirectorBench.instance(150)
            + DirectorBench.service(["192.0.2.21"], options: "loop_guard\n    loop_guard_mark 7")
        let director = try bench.start("a", on: bench.a, text)
        let rules = [
            ":HOLDFAST - [0:0]", "-A PREROUTING -j HOLDFAST",
            "-A HOLDFAST -d 192.0.2.100/32 -p tcp -m tcp --dport 80 -j MARK --set-xmark 0x7/0xffffffff",
        ]
        #expect(try Tools.wait(.seconds(60)) { try chain(bench) == rules } != nil, "\(bench.log("a"))")
        #expect(bench.waitForLog("a", "net.ipv4.vs.backup_only set to 1"))
        // It is 0 while a new master listens still.
        #expect(bench.waitForLog("a", "stop the backup sync thread"), "\(bench.log("a"))")
        let repaired = "repaired: net.ipv4.vs.backup_only set to 1"
        func repairs() -> Int { bench.log("a").split(separator: "\n").count { $0.contains(repaired) } }
        let before = try #require(bench.roles(of: director)["lvs"])
        try Signal.kill.send(to: before)
        // The first repair is the successor's first wish, the second that of an audit.
        for count in 1...2 {
            try bench.a.run("/usr/sbin/sysctl", "-qw", "net.ipv4.vs.backup_only=0")
            let end = try Tools.wait(.seconds(60)) { try repairs() == count || chain(bench) != rules }
            #expect(end != nil && repairs() == count, "\(bench.log("a"))")
        }
        #expect(try Tools.wait(.seconds(6)) { try chain(bench) != rules } == nil, "\(bench.log("a"))")
        #expect(bench.roles(of: director)["lvs"].map { $0 != before } == true)
        director.send(.terminate)
        #expect(bench.end(director, .seconds(40)) == .exited(0), "\(bench.log("a"))")
    }

    @Test func `a guarded service goes by mark, and its rules are repaired and removed`() throws {
        let bench = try DirectorBench()
        try bench.b.run(Tools.ipPath, "link", "set", "eth0", "address", "02:00:00:00:00:0b")
        let director = try bench.start("a", on: bench.a, Self.guarded)
        let rules = [
            ":HOLDFAST - [0:0]", "-A PREROUTING -j HOLDFAST",
            "-A HOLDFAST -m mac --mac-source 02:00:00:00:00:0b -j RETURN",
            "-A HOLDFAST -d 192.0.2.100/32 -p tcp -m tcp --dport 80 -j MARK --set-xmark 0x7/0xffffffff",
        ]
        #expect(try Tools.wait(.seconds(60)) { try chain(bench) == rules } != nil, "\(bench.log("a"))")
        #expect(
            try bench.waitForTable(
                bench.a,
                ["-A -f 7 -s rr", "-a -f 7 -r 192.0.2.2:0 -g -w 1", "-a -f 7 -r 192.0.2.3:0 -g -w 1"]))
        #expect(bench.waitForLog("a", "net.ipv4.vs.backup_only set to 1"))
        #expect(bench.waitForLog("a", "stop the backup sync thread"), "\(bench.log("a"))")
        #expect(bench.log("a").contains("net.ipv4.vs.backup_only set to 0"), "\(bench.log("a"))")
        try bench.a.run("/usr/sbin/iptables", "-t", "mangle", "-F")
        #expect(try Tools.wait(.seconds(60)) { try chain(bench) == rules } != nil, "\(bench.log("a"))")
        #expect(bench.log("a").contains("repaired: loop guard: 2 mark rules of inet"))
        try bench.b.run(Tools.ipPath, "link", "set", "eth0", "address", "02:00:00:00:00:0c")
        try bench.a.run(Tools.ipPath, "neighbour", "flush", "dev", "eth0")
        let moved = try Tools.wait(.seconds(60)) {
            try chain(bench).contains { $0.contains("02:00:00:00:00:0c") }
        }
        #expect(moved != nil, "a peer's new card is followed\n\(bench.log("a"))")
        director.send(.terminate)
        #expect(bench.end(director, .seconds(40)) == .exited(0), "\(bench.log("a"))")
        #expect(try chain(bench) == [])
        #expect(try bench.table(bench.a) == [])
        #expect(bench.log("a").contains("net.ipv4.vs.backup_only put back to 0"))
    }
}
