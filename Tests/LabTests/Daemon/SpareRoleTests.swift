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

    private func waitForRoute(_ bench: DirectorBench) throws -> Bool {
        try Tools.wait(.seconds(40)) { try hasRoute(bench) } != nil
    }

    /// Sends `signal` to the role until the one that waited is the role then. On a starved machine more of
    /// them may be killed meanwhile, for not having answered in time.
    private func isFollowed(_ signal: Signal, _ bench: DirectorBench, _ director: ChildProcess) throws -> Bool
    {
        for _ in 0..<8 {
            let spare = try waitForSpare(bench, director)
            guard let role = bench.roles(of: director)["vrrp"], (try? signal.send(to: role)) != nil else {
                continue
            }
            _ = Tools.wait(.seconds(40)) { bench.roles(of: director)["vrrp"].map { $0 != role } ?? false }
            if bench.roles(of: director)["vrrp"] == spare { return true }
        }
        return false
    }

    @Test func `whoever dies with a short lease is followed by a process that is there already`() throws {
        let bench = try DirectorBench()
        let director = try bench.start("a", on: bench.a, Self.quick, flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a))
        let spare = try waitForSpare(bench, director)
        #expect(bench.status(spare, "CapEff") == "0000000000003000")
        #expect(try isFollowed(.kill, bench, director), "\(bench.log("a"))")
        // One that hangs, which is a second death in a row.
        #expect(try isFollowed(.stop, bench, director), "\(bench.log("a"))")
        let last = try waitForSpare(bench, director)
        #expect(try bench.waitForAddress(bench.a) && waitForRoute(bench), "\(bench.log("a"))")
        // What it adds is written down where a daemon that cleans up looks for it.
        director.send(.kill)
        #expect(try bench.waitForAddress(bench.a, false), "\(bench.log("a"))")
        #expect(Tools.wait(.seconds(40)) { !Files.exists("/proc/\(last)/status") } != nil)
    }

    /// Closing the last descriptor of one takes the kernel longer than leases of 30 ms allow.
    @Test func `no packet socket goes with the role that uses it`() throws {
        let bench = try DirectorBench()
        let director = try bench.start("a", on: bench.a, Self.quick, flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a))
        let table = try Files.read("/proc/\(director.pid)/net/packet", limit: 1 << 16)
        let inodes = String(decoding: table, as: UTF8.self).split(separator: "\n").dropFirst().compactMap {
            $0.split(separator: " ").last.map(String.init)
        }
        #expect(inodes.count == 2, "those of all processes of this namespace")
        // On a starved machine a role may have been killed, and another one follow.
        let isHeld = Tools.wait(.seconds(40)) {
            let roles = bench.roles(of: director)
            guard let role = roles["vrrp"], let spare = roles["spare"] else { return false }
            return [director.pid, role, spare].allSatisfy { pid in
                let listing = try? bench.a.run("/bin/ls", "-l", "/proc/\(pid)/fd").output.text
                return inodes.allSatisfy { listing?.contains("socket:[\($0)]") ?? false }
            }
        }
        #expect(isHeld != nil, "\(inodes)\n\(bench.log("a"))")
    }

    @Test func `a successor hears who else has the address with the socket of the dead`() throws {
        let bench = try DirectorBench(withClient: true)
        let client = try #require(bench.segment.client)
        let director = try bench.start("a", on: bench.a, Self.quick, flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a))
        _ = try waitForSpare(bench, director)
        try bench.claimAddress(at: client)
        func isTold(_ times: Int) throws -> Bool {
            let told = try Tools.wait(.seconds(10)) {
                try bench.sayClaim(of: client)
                let lines = bench.log("a").split(separator: "\n")
                return lines.count { $0.contains("192.0.2.100 is used by ") } >= times
            }
            return told != nil
        }
        #expect(try isTold(1), "\(bench.log("a"))")
        try Signal.kill.send(to: try #require(bench.roles(of: director)["vrrp"]))
        #expect(try isTold(2), "\(bench.log("a"))")
    }

    @Test func `the death of the one that waits changes nothing but its process`() throws {
        let bench = try DirectorBench()
        let director = try bench.start("a", on: bench.a, Self.quick, flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a))
        var isUntouched = false
        for _ in 0..<8 where !isUntouched {
            let spare = try waitForSpare(bench, director)
            let role = bench.roles(of: director)["vrrp"]
            guard (try? Signal.kill.send(to: spare)) != nil else { continue }
            _ = try waitForSpare(bench, director, but: spare)
            isUntouched = role != nil && bench.roles(of: director)["vrrp"] == role
        }
        #expect(isUntouched, "\(bench.log("a"))")
        #expect(try bench.waitForAddress(bench.a) && waitForRoute(bench))
    }

    @Test func `both may die at once`() throws {
        let bench = try DirectorBench()
        let director = try bench.start("a", on: bench.a, Self.quick, flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a))
        let spare = try waitForSpare(bench, director)
        let role = bench.roles(of: director)["vrrp"] ?? spare
        director.send(.stop)
        for pid in [spare, role] { _ = try? Signal.kill.send(to: pid) }
        director.send(.continue)
        _ = try waitForSpare(bench, director, but: spare)
        #expect(bench.roles(of: director)["vrrp"] != role)
        #expect(try bench.waitForAddress(bench.a) && waitForRoute(bench), "\(bench.log("a"))")
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
        #expect(try bench.waitForAddress(bench.a) && waitForRoute(bench), "what is another one's stays")
        #expect(bench.roles(of: director).keys.sorted() == ["vrrp"])
    }
}
