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
        let roles = bench.roles(of: director)
        #expect(roles.keys.sorted() == ["vrrp"])
        expect(bench, try #require(roles["vrrp"]), capabilities: "0000000000003000")
        #expect(bench.status(director.pid, "Threads") == "1")
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
}
