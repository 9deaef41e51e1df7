import LinuxIO
import Testing
import Timekeeping

/// What the processes of a daemon may do.
@Suite(.serialized, .enabled(if: mayMakeNamespaces, "needs root")) struct RoleProcessTests {
    private func expect(
        _ bench: DirectorBench, _ pid: Int32, capabilities: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for field in ["CapEff", "CapPrm", "CapBnd"] {
            #expect(bench.status(pid, field) == capabilities, "\(field)", sourceLocation: sourceLocation)
        }
        for field in ["CapInh", "CapAmb"] {
            #expect(
                bench.status(pid, field) == "0000000000000000", "\(field)", sourceLocation: sourceLocation)
        }
        #expect(bench.status(pid, "NoNewPrivs") == "1", sourceLocation: sourceLocation)
        #expect(bench.status(pid, "Threads") == "1", sourceLocation: sourceLocation)
        #expect(bench.status(pid, "Uid")?.hasPrefix("0\t") == false, sourceLocation: sourceLocation)
    }

    @Test func `vrrp keeps NET_ADMIN and NET_RAW, as an ordinary user, in one thread`() throws {
        let bench = try DirectorBench()
        let director = try bench.start("a", on: bench.a, DirectorBench.instance(150), flags: ["-P"])
        #expect(bench.waitForLog("a", "Entering BACKUP STATE"))
        // It takes its name after its first words; then another one may wait to take its place.
        #expect(Tools.wait(.seconds(30)) { bench.roles(of: director)["vrrp"] != nil } != nil)
        let roles = bench.roles(of: director)
        #expect(Set(roles.keys).subtracting(["spare"]) == ["vrrp"])
        expect(bench, try #require(roles["vrrp"]), capabilities: "0000000000003000")
        #expect(bench.status(director.pid, "Threads") == "1")
        let vrrp = try #require(roles["vrrp"])
        let user = try #require(bench.status(vrrp, "Uid"))
        #expect(user == "65521\t65521\t65521\t65521", "no script and no other role may signal it")
    }

    @Test func `a daemon without standard streams opens nothing in their place`() throws {
        let bench = try DirectorBench()
        let file = try bench.write("a", DirectorBench.instance(150))
        let line = "exec \(Tools.holdfastd) -n -P -f \(file) <&- >&- 2>&-"
        let director = try bench.a.start("/bin/sh", ["-c", line], log: "\(bench.directory)/a.log")
        #expect(try bench.waitForAddress(bench.a))
        for number in 0...2 {
            let link = try Program("/usr/bin/readlink", ["/proc/\(director.pid)/fd/\(number)"])
                .run(timeout: .seconds(60)).output.text
            #expect(link == "/dev/null\n", "descriptor \(number)")
        }
    }

    @Test(.enabled(if: hasIPVS, "needs a kernel with IPVS"))
    func `lvs keeps NET_ADMIN, and the checker nothing`() throws {
        let bench = try DirectorBench()
        let text = DirectorBench.service(["192.0.2.3"]).replacing(
            "weight 1", with: "weight 1\n        TCP_CHECK {\n        }")
        let director = try bench.start("a", on: bench.a, text)
        #expect(Tools.wait(.seconds(30)) { bench.roles(of: director).count == 2 } != nil, "\(bench.log("a"))")
        #expect(bench.waitForLog("a", "add service"))
        let roles = bench.roles(of: director)
        expect(bench, try #require(roles["lvs"]), capabilities: "0000000000001000")
        expect(bench, try #require(roles["checker"]), capabilities: "0000000000000000")
    }

    /// A role that may not give its rights up, and one without packet sockets, which the supervisor makes.
    @Test(arguments: [
        ("-setuid", "exit status 1", "cannot drop privileges: Operation not permitted"),
        ("-net_raw", "cannot open a packet socket", "cannot open a packet socket: Operation not permitted"),
    ])
    func `a role that cannot live says why, and is not killed for it`(
        lacking: String, end: String, reason: String
    ) throws {
        let bench = try DirectorBench()
        let file = try bench.write("a", DirectorBench.instance(150))
        _ = try bench.a.start(
            "/usr/bin/setpriv",
            ["--bounding-set", lacking, Tools.holdfastd, "-n", "-l", "-P", "-f", file],
            log: "\(bench.directory)/a.log")
        let ends = { bench.log("a").split(separator: "\n").filter { $0.contains("ended unexpectedly") } }
        #expect(Tools.wait(.seconds(30)) { ends().count >= 5 } != nil, "\(bench.log("a"))")
        #expect(ends().allSatisfy { $0.contains("unexpectedly: \(end)") }, "\(bench.log("a"))")
        let reasons = bench.log("a").split(separator: "\n").count {
            $0.contains(reason)
        }
        #expect(reasons >= 5, "\(bench.log("a"))")
    }
}
