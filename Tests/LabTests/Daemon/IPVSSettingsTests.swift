import LinuxIO
import Testing
import Timekeeping

/// Settings of IPVS (`lvs_sync_threshold` and so on), as sysctl reads them.
@Suite(.serialized, .enabled(if: hasIPVS, "needs root and a kernel with IPVS")) struct IPVSSettingsTests {
    private func value(_ bench: DirectorBench, _ name: String) throws -> String {
        try bench.a.run("/usr/sbin/sysctl", "-n", "net.ipv4.vs.\(name)").output.text
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private func wait(_ bench: DirectorBench, _ name: String, _ wanted: String) throws -> Bool {
        try Tools.wait(.seconds(60)) { try value(bench, name) == wanted } != nil
    }

    /// A thread of the sync daemon hears this port.
    private func hears(_ bench: DirectorBench, _ port: Int) throws -> Bool {
        let place = ":" + String(port, radix: 16).uppercased() + " "
        return try Tools.wait(.seconds(60)) {
            try bench.a.run("/bin/cat", "/proc/net/udp").output.text.contains(place)
        } != nil
    }

    @Test func `settings are set, repaired, changed by a reload and restored at stop`() throws {
        let bench = try DirectorBench()
        func text(_ lines: String) -> String {
            "global_defs {\n    lvs_sync_daemon eth0 id 7\n\(lines)\n}\n"
                + DirectorBench.service(["192.0.2.21"])
        }
        let first = "lvs_sync_threshold 1 0\nlvs_sync_refresh_period 10\nlvs_sync_ports 2\n"
        let director = try bench.start("a", on: bench.a, text(first + "lvs_expire_nodest_conn"))
        #expect(try wait(bench, "sync_threshold", "1 0"), "\(bench.log("a"))")
        #expect(try wait(bench, "sync_refresh_period", "10"))
        #expect(try wait(bench, "expire_nodest_conn", "1"))
        #expect(try hears(bench, 8849), "the second port\n\(bench.log("a"))")
        try bench.a.run("/usr/sbin/sysctl", "-qw", "net.ipv4.vs.sync_refresh_period=60")
        // What is not configured is whoever's it is.
        try bench.a.run("/usr/sbin/sysctl", "-qw", "net.ipv4.vs.sloppy_tcp=1")
        #expect(try wait(bench, "sync_refresh_period", "10"), "\(bench.log("a"))")
        // The line comes after the value.
        let repaired = "repaired: net.ipv4.vs.sync_refresh_period set to 10"
        #expect(bench.waitForLog("a", repaired), "\(bench.log("a"))")
        _ = try bench.write("a", text("lvs_sync_ports 4"))
        director.send(.hangup)
        #expect(try wait(bench, "sync_threshold", "3 50"), "\(bench.log("a"))")
        #expect(try wait(bench, "sync_refresh_period", "0"))
        #expect(try wait(bench, "expire_nodest_conn", "0"))
        #expect(try hears(bench, 8851), "threads that ran started again\n\(bench.log("a"))")
        // A successor knows what its predecessor found.
        bench.crash(director)
        let second = try bench.start("b", on: bench.a, text("lvs_conntrack"))
        #expect(try wait(bench, "sync_ports", "1"), "\(bench.log("b"))")
        #expect(try wait(bench, "conntrack", "1"))
        second.send(.terminate)
        #expect(bench.end(second) == .exited(0), "\(bench.log("b"))")
        #expect(try value(bench, "conntrack") == "0")
        #expect(try value(bench, "sloppy_tcp") == "1")
    }
}
