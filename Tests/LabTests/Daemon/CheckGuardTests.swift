import LinuxIO
import Testing
import Timekeeping

/// `checker_failure_guard` where a director loses its network: what the kernel's table makes of it, and what
/// becomes of the hold when the checker dies.
@Suite(.serialized, .enabled(if: hasIPVS, "needs root and a kernel with IPVS")) struct CheckGuardTests {
    private static let servers = ["192.0.2.3", "192.0.2.4", "192.0.2.5"]
    private static let hold = Interval.seconds(12)
    private static let held = "checks have failed within"

    private var text: String {
        "global_defs {\n    checker_failure_guard 12 90\n}\n"
            + DirectorBench.service(Self.servers, options: "alpha") { _ in DirectorBench.quickCheck }
    }

    private static let all =
        ["-A -t 192.0.2.100:80 -s rr"] + servers.map { "-a -t 192.0.2.100:80 -r \($0):80 -g -w 1" }
    private static let none = ["-A -t 192.0.2.100:80 -s rr"]

    private func plug(_ isIn: Bool, _ bench: DirectorBench) throws {
        try Tools.ip(["-n", bench.b.name, "link", "set", "eth0", isIn ? "up" : "down"])
    }

    /// How often a hold has begun.
    private func holds(_ bench: DirectorBench) -> Int {
        bench.log("a").split(separator: "\n").count { $0.contains(Self.held) }
    }

    private func killChecker(_ bench: DirectorBench, _ director: ChildProcess) throws {
        let before = try #require(bench.roles(of: director)["checker"])
        try Signal.kill.send(to: before)
        #expect(
            Tools.wait(.seconds(40)) {
                bench.roles(of: director)["checker"].map { $0 != before } ?? false
            } != nil, "\(bench.log("a"))")
    }

    @Test func `a director that loses its network keeps its servers for a time, whatever its checker does`()
        throws
    {
        let bench = try DirectorBench()
        for server in Self.servers.dropFirst() {
            try Tools.ip(["-n", bench.b.name, "address", "add", "\(server)/24", "dev", "eth0"])
        }
        _ = try bench.b.start(
            "/usr/bin/socat", ["TCP-LISTEN:80,fork,reuseaddr", "EXEC:/bin/cat"],
            log: "\(bench.directory)/program.log")
        let director = try bench.start("a", on: bench.a, text)
        #expect(try bench.waitForTable(bench.a, Self.all), "\(bench.log("a"))")
        #expect(try bench.holdfast(bench.a, "status").status == .exited(0), "\(bench.log("a"))")

        try plug(false, bench)
        #expect(bench.waitForLog("a", Self.held), "\(bench.log("a"))")
        let begin = Clock.now()
        #expect(bench.log("a").contains("3 of 3 \(Self.held)"))
        // Some may have left before the last one failed; they are back at once.
        #expect(try bench.waitForTable(bench.a, Self.all, .seconds(5)), "\(bench.log("a"))")
        let status = try bench.holdfast(bench.a, "status")
        #expect(status.status == .exited(1) && status.output.text.contains("NEARLY ALL CHECKS FAILED"))
        try killChecker(bench, director)
        let left = try Tools.wait(Self.hold * 2) { try bench.table(bench.a) != Self.all.sorted() }
        let took = Clock.now() - begin
        #expect(left != nil && took > Self.hold - .seconds(2), "\(took): \(bench.log("a"))")
        #expect(took < Self.hold + .seconds(4), "\(took): a hold is not begun again by a checker that is")
        #expect(try bench.waitForTable(bench.a, Self.none), "\(bench.log("a"))")
        #expect(bench.log("a").contains("3 verdicts were held and come into force"))

        // What is down stays down, and is held no second time.
        try killChecker(bench, director)
        #expect(
            try Tools.wait(.seconds(5)) { try bench.table(bench.a) != Self.none } == nil, "\(bench.log("a"))")
        #expect(holds(bench) == 1, "\(bench.log("a"))")

        // Good in between, they may be held again; and this time most recover before the time is up.
        try plug(true, bench)
        #expect(try bench.waitForTable(bench.a, Self.all), "\(bench.log("a"))")
        try plug(false, bench)
        #expect(Tools.wait(.seconds(20)) { holds(bench) == 2 } != nil, "\(bench.log("a"))")
        try plug(true, bench)
        #expect(bench.waitForLog("a", "most checks are good again"), "\(bench.log("a"))")
        #expect(try bench.waitForTable(bench.a, Self.all, .seconds(5)), "\(bench.log("a"))")
    }
}
