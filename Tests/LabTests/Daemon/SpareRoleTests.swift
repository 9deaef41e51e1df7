import LinuxIO
import Testing
import Timekeeping

/// The vrrp role that waits for another one's death.
@Suite(.serialized, .enabled(if: mayMakeNamespaces, "needs root")) struct SpareRoleTests {
    /// Peers wait for 0.36 s: long enough for these tests on a busy machine.
    private static let quick = DirectorBench.instance(150).replacing(
        "advert_int 1", with: "version 3\n    advert_int 0.1"
    ).replacing(
        "    virtual_ipaddress",
        with: "    virtual_routes {\n        198.51.100.0/24 dev eth0\n    }\n    virtual_ipaddress")

    private func waitForSpare(
        _ bench: DirectorBench, _ director: ChildProcess, but former: Int32? = nil
    ) throws -> Int32 {
        _ = Tools.wait(.seconds(40)) {
            let found = bench.roles(of: director)
            return found["spare"].map { $0 != former } ?? false && found["vrrp"] != nil
        }
        let spare = try #require(bench.roles(of: director)["spare"], "\(bench.log("a"))")
        #expect(spare != former)
        return spare
    }

    private func hasRoute(_ bench: DirectorBench) throws -> Bool {
        try bench.a.run(Tools.ipPath, "route", "show", "198.51.100.0/24").output.text.contains("eth0")
    }

    @Test func `whoever dies with a short lease is followed by a process that is there already`() throws {
        let bench = try DirectorBench()
        let director = try bench.start("a", on: bench.a, Self.quick, flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a))
        let spare = try waitForSpare(bench, director)
        let role = try #require(bench.roles(of: director)["vrrp"])
        #expect(bench.status(spare, "CapEff") == "0000000000003000")
        try Signal.kill.send(to: role)
        #expect(Tools.wait(.seconds(40)) { bench.roles(of: director)["vrrp"] == spare } != nil)
        let next = try waitForSpare(bench, director, but: spare)
        // Again, and now it hangs, which is a second death in a row.
        try Signal.stop.send(to: spare)
        #expect(Tools.wait(.seconds(40)) { bench.roles(of: director)["vrrp"] == next } != nil)
        let last = try waitForSpare(bench, director, but: next)
        #expect(try bench.waitForAddress(bench.a) && hasRoute(bench), "\(bench.log("a"))")
        // What it adds is written down where a daemon that cleans up looks for it.
        director.send(.kill)
        #expect(try bench.waitForAddress(bench.a, false), "\(bench.log("a"))")
        for pid in [spare, next, last] {
            #expect(Tools.wait(.seconds(40)) { !Files.exists("/proc/\(pid)/status") } != nil)
        }
        #expect(bench.log("a").split(separator: "\n").count { $0.contains("the supervisor is gone") } == 1)
    }

    @Test func `the death of the one that waits changes nothing but its process`() throws {
        let bench = try DirectorBench()
        let director = try bench.start("a", on: bench.a, Self.quick, flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a))
        let spare = try waitForSpare(bench, director)
        let role = bench.roles(of: director)["vrrp"]
        try Signal.kill.send(to: spare)
        _ = try waitForSpare(bench, director, but: spare)
        #expect(bench.roles(of: director)["vrrp"] == role)
        #expect(try bench.a.holds(DirectorBench.vip) && hasRoute(bench))
        #expect(!bench.log("a").contains("ended unexpectedly"), "\(bench.log("a"))")
    }

    @Test func `both may die at once`() throws {
        let bench = try DirectorBench()
        let director = try bench.start("a", on: bench.a, Self.quick, flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a))
        let spare = try waitForSpare(bench, director)
        let role = try #require(bench.roles(of: director)["vrrp"])
        director.send(.stop)
        for pid in [spare, role] { try Signal.kill.send(to: pid) }
        director.send(.continue)
        _ = try waitForSpare(bench, director, but: spare)
        #expect(bench.roles(of: director)["vrrp"] != role)
        #expect(try bench.waitForAddress(bench.a) && hasRoute(bench), "\(bench.log("a"))")
        director.send(.terminate)
        #expect(bench.end(director) == .exited(0), "\(bench.log("a"))")
        #expect(try !bench.a.holds(DirectorBench.vip) && !hasRoute(bench))
    }

    @Test func `a reload has one wait or go, as the shortest lease asks for`() throws {
        let bench = try DirectorBench()
        let director = try bench.start("a", on: bench.a, DirectorBench.instance(150), flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a))
        #expect(bench.roles(of: director).keys.sorted() == ["vrrp"])
        _ = try bench.write("a", Self.quick)
        director.send(.hangup)
        let spare = try waitForSpare(bench, director)
        #expect(try bench.waitForAddress(bench.a))
        _ = try bench.write("a", Self.quick.replacing("advert_int 0.1", with: "advert_int 0.5"))
        director.send(.hangup)
        #expect(Tools.wait(.seconds(40)) { !Files.exists("/proc/\(spare)/status") } != nil)
        #expect(try bench.waitForAddress(bench.a) && hasRoute(bench), "what is another one's stays")
        #expect(bench.roles(of: director).keys.sorted() == ["vrrp"])
    }
}
