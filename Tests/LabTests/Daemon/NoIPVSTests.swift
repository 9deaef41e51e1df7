import LinuxIO
import Testing

/// The daemon on a kernel that has no IPVS.
@Suite(.serialized, .enabled(if: mayMakeNamespaces && !hasIPVS, "needs root, and a kernel without IPVS"))
struct NoIPVSTests {
    @Test func `a kernel without IPVS is refused by the module's name, unless only VRRP is wanted`() throws {
        let bench = try DirectorBench()
        let text = DirectorBench.instance(150) + DirectorBench.service(["192.0.2.3"])
        let director = try bench.start("a", on: bench.a, text)
        #expect(bench.end(director) == .exited(1), "\(bench.log("a"))")
        #expect(bench.log("a").contains("ip_vs"))
        #expect(try !bench.a.holds(DirectorBench.vip))
        _ = try bench.start("b", on: bench.a, text, flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a), "\(bench.log("b"))")
    }
}
