import LinuxIO
import Testing
import Timekeeping

/// `holdfast recheck`, of a check that by itself would be made once an hour.
@Suite(.serialized, .enabled(if: hasIPVS, "needs root and a kernel with IPVS")) struct RecheckTests {
    private static let text = """
        virtual_server 192.0.2.100 80 {
            lb_algo rr
            lb_kind DR
            protocol TCP
            alpha
            real_server 192.0.2.3 80 {
                TCP_CHECK {
                    connect_timeout 1
                    delay_loop 3600
                    warmup 0
                }
            }
        }

        """

    @Test func `a check is made when somebody wants it, and has its usual effect`() throws {
        let bench = try DirectorBench()
        _ = try bench.start("a", on: bench.a, Self.text)
        #expect(try bench.waitForTable(bench.a, ["-A -t 192.0.2.100:80 -s rr"]), "\(bench.log("a"))")
        let refused = try bench.holdfast(bench.a, "recheck")
        #expect(refused.status == .exited(1), "nothing listens: \(refused.error.text)")
        #expect(refused.output.text.contains("L4CON connection refused"), "\(refused.output.text)")
        let program = try bench.b.start(
            "/usr/bin/socat", ["TCP-LISTEN:80,fork,reuseaddr", "EXEC:/bin/cat"],
            log: "\(bench.directory)/program.log")
        defer {
            program.sendToGroup(.kill)
            _ = Tools.wait(.seconds(60)) { (try? program.reap()) ?? nil != nil }
        }
        let isUp = try Tools.wait(.seconds(60)) {
            try bench.holdfast(bench.a, "recheck", "192.0.2.3").status == .exited(0)
        }
        #expect(isUp != nil, "\(bench.log("a"))")
        let table = ["-A -t 192.0.2.100:80 -s rr", "-a -t 192.0.2.100:80 -r 192.0.2.3:80 -g -w 1"]
        #expect(try bench.waitForTable(bench.a, table), "\(bench.log("a"))")
        let unknown = try bench.holdfast(bench.a, "recheck", "192.0.2.100:81/tcp")
        #expect(unknown.status == .exited(1) && unknown.error.text.contains("no check of"))
        #expect(try bench.holdfast(bench.a, "recheck", "web").status == .exited(64))
    }
}
