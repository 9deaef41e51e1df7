import LinuxIO
import Testing
import Timekeeping

/// `lvs_timeouts`, as ipvsadm reads them.
@Suite(.serialized, .enabled(if: hasIPVS, "needs root and a kernel with IPVS")) struct ServiceTimeoutsTests {
    private func timeouts(_ bench: DirectorBench) throws -> String {
        try bench.a.run("/usr/sbin/ipvsadm", "-L", "--timeout").output.text
    }

    private func wait(_ bench: DirectorBench, _ text: String) throws -> Bool {
        try Tools.wait(.seconds(40)) { try timeouts(bench).contains(text) } != nil
    }

    @Test func `timeouts are set, repaired, changed by a reload and restored at stop`() throws {
        let bench = try DirectorBench()
        let service = DirectorBench.service(["192.0.2.21"])
        func text(_ words: String) -> String { "global_defs {\n    lvs_timeouts \(words)\n}\n" + service }
        let director = try bench.start("a", on: bench.a, text("tcp 3600 udp 60"))
        #expect(try wait(bench, "3600 120 60"), "\(bench.log("a"))")
        try bench.a.run("/usr/sbin/ipvsadm", "--set", "10", "20", "30")
        // What is not configured is whoever's it is.
        #expect(try wait(bench, "3600 20 60"), "\(bench.log("a"))")
        #expect(bench.log("a").contains("repaired: set the timeouts of IPVS: tcp 3600 udp 60"))
        _ = try bench.write("a", text("udp 61 tcpfin 30"))
        director.send(.hangup)
        #expect(try wait(bench, "900 30 61"), "\(bench.log("a"))")
        // A successor knows what its predecessor found.
        bench.crash(director)
        let second = try bench.start("b", on: bench.a, text("udp 62"))
        #expect(try wait(bench, "900 20 62"), "\(bench.log("b"))")
        second.send(.terminate)
        #expect(bench.end(second) == .exited(0), "\(bench.log("b"))")
        #expect(try timeouts(bench).contains("900 20 300"))
    }
}
