import Lab
import LinuxIO
import NetTypes
import Testing
import Timekeeping

/// Established connections and the death of the director they pass through, and its return.
@Suite(.serialized, .enabled(if: hasIPVS, "needs root and a kernel with IPVS")) struct SyncProofTests {
    private let bench: DirectorBench
    private let client: Segment.Host
    private let server: Segment.Host
    private let vip: Endpoint

    init() throws {
        bench = try DirectorBench(withClient: true, withServer: true)
        client = try #require(bench.segment.client)
        server = try #require(bench.segment.server)
        vip = Endpoint(try #require(IPAddress(DirectorBench.vip)), port: 80)
        for setting in ["all.arp_ignore=1", "all.arp_announce=2", "all.rp_filter=0", "eth0.rp_filter=0"] {
            try server.run("/usr/sbin/sysctl", "-qw", "net.ipv4.conf.\(setting)")
        }
        try Tools.ip(["-n", server.name, "address", "add", DirectorBench.vip + "/32", "dev", "lo"])
        try client.run("/usr/sbin/sysctl", "-qw", "net.ipv4.neigh.br0.base_reachable_time_ms=3600000")
        _ = try server.start(
            "/bin/sh",
            ["-c", "ulimit -n 40000; sleep 3000 | exec \(Tools.holdfast) lab-agent serve rs 80"],
            log: "\(bench.directory)/rs.seen")
        let took = Tools.wait(.seconds(60)) { [bench] in bench.sightings("rs").contains(.ready("rs")) }
        #expect(took != nil)
        try prepare(bench.a)
        try prepare(bench.b)
    }

    private func prepare(_ host: Segment.Host) throws {
        for setting in ["conf.all.send_redirects=0", "conf.eth0.send_redirects=0"] {
            try host.run("/usr/sbin/sysctl", "-qw", "net.ipv4.\(setting)")
        }
    }

    private static func text(_ priority: Int, refresh: Int, _ lines: String = "") -> String {
        "global_defs {\nlvs_sync_daemon eth0 VI_1 id 51\nlvs_sync_threshold 1 0\n"
            + "lvs_sync_refresh_period \(refresh)\nlvs_sync_retries 3\n}\n"
            + DirectorBench.instance(priority).replacing("advert_int 1", with: "advert_int 1\n    \(lines)")
            + DirectorBench.service(["192.0.2.21"])
    }

    /// How many connections `host` has in its table as established.
    private func known(to host: Segment.Host) throws -> Int {
        let words = ["netns", "exec", host.name, "/bin/grep", "-c", "ESTABLISHED", "/proc/net/ip_vs_conn"]
        let done = try Program(Tools.ipPath, words, environment: Tools.environment)
            .run(timeout: .seconds(60))
        return done.output.text.split(separator: "\n").first.flatMap { Int($0) } ?? 0
    }

    /// In the full matrix with ten thousand connections.
    @Test func `established connections go on when the master dies, and when it comes back`() throws {
        let count = fullMatrix ? 10_000 : 200
        // Every connection is to have a packet in each period.
        let refresh = fullMatrix ? 60 : 5
        let patience = Interval.seconds(fullMatrix ? 300 : 60)
        _ = try bench.start("b", on: bench.b, Self.text(100, refresh: refresh))
        let first = try bench.start("a", on: bench.a, Self.text(150, refresh: refresh))
        #expect(bench.waitForLog("a", "Entering MASTER STATE"), "\(bench.log("a"))")
        #expect(try bench.waitForAddress(bench.b, false), "\(bench.log("b"))")
        #expect(bench.waitForLog("b", "Entering BACKUP STATE"), "\(bench.log("b"))")
        #expect(bench.waitForLog("a", "start the master sync thread"), "\(bench.log("a"))")
        let crowd = try Crowd(count, to: vip, from: client, limit: patience)
        let opened = try crowd.exchange(patience)
        #expect(opened == count)
        // Of one whose first message was lost a later packet tells.
        var told = 0
        for _ in 0..<10 where told < count {
            #expect(try crowd.exchange(patience) == count)
            _ = try Tools.wait(.seconds(Int64(refresh))) { try known(to: bench.b) >= count }
            told = try known(to: bench.b)
        }

        bench.crash(first)
        try bench.segment.cut(bench.a)
        let wentOn = try crowd.exchange(patience)
        #expect(bench.log("b").contains("Entering MASTER STATE"), "\(bench.log("b"))")
        #expect(wentOn * 100 >= count * 99, "\(wentOn) of \(count), \(told) were told of")

        try bench.segment.start(bench.a)
        try prepare(bench.a)
        _ = try bench.start("again", on: bench.a, Self.text(150, refresh: refresh, "preempt_after_sync"))
        var rounds = 0
        while !bench.log("again").contains("Entering MASTER STATE"), rounds < 200 {
            let round = try crowd.exchange(patience)
            #expect(round * 100 >= count * 99, "\(round) in round \(rounds)")
            rounds += 1
            _ = Tools.wait(.seconds(1)) { bench.log("again").contains("Entering MASTER STATE") }
        }
        #expect(try bench.waitForAddress(bench.b, false), "\(bench.log("b"))\n\(bench.log("again"))")
        let relearned = try known(to: bench.a)
        let cameBack = try crowd.exchange(patience)
        let figures =
            "\(opened) of \(count) opened, \(told) told of; after the master's death \(wentOn) went on; "
            + "\(rounds) rounds until its return, \(relearned) known to it, \(cameBack) went on"
        print(figures)
        #expect(cameBack * 100 >= count * 99, "\(figures)\n\(bench.log("again"))")
    }

    /// A message waits up to two seconds in the kernel of the director that sends it: that of a connection
    /// made right before a handover leaves after it, and is heard by a director that is master already.
    @Test func `what a former master says late of a connection is heard by the new one`() throws {
        _ = try bench.start("b", on: bench.b, Self.text(100, refresh: 60))
        let first = try bench.start("a", on: bench.a, Self.text(150, refresh: 60))
        #expect(bench.waitForLog("a", "Entering MASTER STATE"), "\(bench.log("a"))")
        #expect(try bench.waitForAddress(bench.b, false), "\(bench.log("b"))")
        #expect(bench.waitForLog("b", "Entering BACKUP STATE"), "\(bench.log("b"))")
        // No buffer is under way that would take the new connection along.
        #expect(bench.waitForLog("a", "stop the backup sync thread"), "\(bench.log("a"))")
        let crowd = try Crowd(3, to: vip, from: client, limit: .seconds(30))
        first.send(.terminate)
        #expect(try bench.waitForAddress(bench.b), "\(bench.log("b"))")
        #expect(try Tools.wait(.seconds(10)) { try known(to: bench.b) == 3 } != nil, "\(bench.log("b"))")
        #expect(try crowd.exchange(.seconds(60)) == 3, "\(bench.log("a"))\n\(bench.log("b"))")
        #expect(bench.end(first) == .exited(0), "\(bench.log("a"))")
    }
}
