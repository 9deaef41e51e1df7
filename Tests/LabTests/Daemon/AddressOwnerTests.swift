import LinuxIO
import Testing
import Timekeeping

/// Which addresses the daemon takes for its own.
@Suite(.serialized, .enabled(if: mayMakeNamespaces, "needs root")) struct AddressOwnerTests {
    @Test func `an address that was there before us is used, and left there`() throws {
        let bench = try DirectorBench()
        try bench.a.run(Tools.ipPath, "address", "add", "\(DirectorBench.vip)/24", "dev", "eth0")
        let director = try bench.start("a", on: bench.a, DirectorBench.instance(150), flags: ["-P"])
        #expect(bench.waitForLog("a", "192.0.2.100/24 on eth0 was there before us"), "\(bench.log("a"))")
        director.send(.terminate)
        #expect(bench.end(director) == .exited(0), "\(bench.log("a"))")
        #expect(try bench.a.holds(DirectorBench.vip))
    }

    @Test func `what a killed daemon left is removed by the next one`() throws {
        let bench = try DirectorBench()
        let first = try bench.start("a", on: bench.a, DirectorBench.instance(150), flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a))
        bench.crash(first)
        #expect(try bench.a.holds(DirectorBench.vip), "nobody was left to take it away")
        let other = DirectorBench.instance(150, vip: "192.0.2.101")
        let second = try bench.start("a", on: bench.a, other, flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a, false), "\(bench.log("a"))")
        second.send(.terminate)
        #expect(bench.end(second) == .exited(0))
    }

    @Test func `what is made by hand after a reload gave it up is left alone`() throws {
        let bench = try DirectorBench()
        let director = try bench.start("a", on: bench.a, DirectorBench.instance(150), flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a))
        _ = try bench.write("a", DirectorBench.instance(150, vip: "192.0.2.101"))
        director.send(.hangup)
        #expect(try bench.waitForAddress(bench.a, false), "\(bench.log("a"))")
        #expect(bench.log("a").contains("removed 192.0.2.100/24 on eth0"))
        try bench.a.run(Tools.ipPath, "address", "add", "\(DirectorBench.vip)/24", "dev", "eth0")
        #expect(try bench.waitForAddress(bench.a, false, .seconds(2)) == false, "\(bench.log("a"))")
        director.send(.terminate)
        #expect(bench.end(director) == .exited(0))
        #expect(try bench.a.holds(DirectorBench.vip))
    }

    @Test func `an address that was moved by a reload is moved in the kernel`() throws {
        let bench = try DirectorBench()
        let director = try bench.start("a", on: bench.a, DirectorBench.instance(150), flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a))
        _ = try bench.write("a", DirectorBench.instance(150, vip: "192.0.2.101"))
        director.send(.hangup)
        #expect(try bench.waitForAddress(bench.a, false), "\(bench.log("a"))")
        #expect(try bench.a.holds("192.0.2.101"))
        director.send(.terminate)
        #expect(bench.end(director) == .exited(0))
        #expect(try !bench.a.holds("192.0.2.101"))
    }
}
