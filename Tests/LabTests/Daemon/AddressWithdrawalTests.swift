import LinuxIO
import Testing
import Timekeeping

/// What the supervisor does about addresses when there is no vrrp role. Needs root and namespaces, no IPVS.
@Suite(.serialized, .enabled(if: mayMakeNamespaces, "needs root")) struct AddressWithdrawalTests {
    private static let prlimit = "/usr/bin/prlimit"

    @Test(.enabled(if: Files.exists(prlimit), "needs prlimit"))
    func `a role that cannot be started again does not keep the address`() throws {
        let bench = try DirectorBench()
        let director = try bench.start("a", on: bench.a, DirectorBench.instance(150), flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a))
        try bench.a.run(Self.prlimit, "--pid", "\(director.pid)", "--nofile=10:10")
        try Signal.kill.send(to: try #require(bench.roles(of: director)["vrrp"]))
        #expect(try bench.waitForAddress(bench.a, false, .seconds(8)), "\(bench.log("a"))")
        director.send(.terminate)
        #expect(bench.end(director) == .exited(0), "\(bench.log("a"))")
        #expect(try !bench.a.holds(DirectorBench.vip))
    }

    @Test func `a daemon that does not run VRRP any more removes what a killed one left`() throws {
        let bench = try DirectorBench()
        let first = try bench.start("a", on: bench.a, DirectorBench.instance(150), flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a))
        bench.crash(first)
        let second = try bench.start("a", on: bench.a, "global_defs {\n}\n", flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a, false), "\(bench.log("a"))")
        second.send(.terminate)
        #expect(bench.end(second) == .exited(0), "\(bench.log("a"))")
    }

    @Test func `a cleanup removes what a killed daemon left, and nothing of one that runs`() throws {
        let bench = try DirectorBench()
        let director = try bench.start("a", on: bench.a, DirectorBench.instance(150), flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a))
        let early = try bench.start("early", on: bench.a, "", flags: ["--cleanup"])
        #expect(bench.end(early) == .exited(0), "\(bench.log("early"))")
        #expect(try bench.a.holds(DirectorBench.vip))
        bench.crash(director)
        let late = try bench.start("late", on: bench.a, "", flags: ["--cleanup"])
        #expect(bench.end(late) == .exited(0), "\(bench.log("late"))")
        #expect(try !bench.a.holds(DirectorBench.vip), "\(bench.log("late"))")
    }
}
