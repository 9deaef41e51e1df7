import LinuxIO
import Testing
import Timekeeping

/// What a network can do to a probe, and what becomes of verdicts when the process that makes them dies.
@Suite(.serialized, .enabled(if: hasIPVS, "needs root and a kernel with IPVS")) struct CheckFaultTests {
    private func service(_ servers: [String]) -> String {
        DirectorBench.service(servers, options: "alpha") { _ in DirectorBench.quickCheck }
    }

    private func table(_ servers: [String]) -> [String] {
        ["-A -t 192.0.2.100:80 -s rr"] + servers.map { "-a -t 192.0.2.100:80 -r \($0):80 -g -w 1" }
    }

    private func listen(_ bench: DirectorBench) throws -> ChildProcess {
        try bench.b.start(
            "/usr/bin/socat", ["TCP-LISTEN:80,fork,reuseaddr", "EXEC:/bin/cat"],
            log: "\(bench.directory)/program.log")
    }

    private func stop(_ child: ChildProcess) {
        child.sendToGroup(.kill)
        _ = Tools.wait(.seconds(60)) { (try? child.reap()) ?? nil != nil }
    }

    private static let filters = [
        ("DROP", "L4TOUT", "no connection"),
        ("REJECT --reject-with icmp-host-unreachable", "L4CON", "no route to host"),
        ("REJECT --reject-with icmp-port-unreachable", "L4CON", "connection refused"),
        ("REJECT --reject-with icmp-net-unreachable", "L4CON", "network is unreachable"),
        ("REJECT --reject-with tcp-reset", "L4CON", "connection refused"),
    ]

    @Test func `a server behind a filter leaves the table for the right reason, and comes back`() throws {
        let bench = try DirectorBench()
        let program = try listen(bench)
        defer { stop(program) }
        _ = try bench.start("a", on: bench.a, service(["192.0.2.3"]))
        #expect(try bench.waitForTable(bench.a, table(["192.0.2.3"])), "\(bench.log("a"))")
        for (target, result, text) in Self.filters {
            func filter(_ verb: String) throws {
                try Tools.ip(
                    ["netns", "exec", bench.b.name, "/usr/sbin/iptables", verb, "INPUT"]
                        + "-p tcp --dport 80 -j \(target)".split(separator: " ").map(String.init))
            }
            try filter("-A")
            #expect(try bench.waitForTable(bench.a, table([])), "\(target): \(bench.log("a"))")
            let why = try bench.holdfast(bench.a, "why", "192.0.2.3")
            #expect(why.output.text.contains("DOWN  \(result) \(text) after"), "\(target): \(why)")
            #expect(why.status == .exited(1))
            try filter("-D")
            #expect(
                try bench.waitForTable(bench.a, table(["192.0.2.3"])), "\(target): \(bench.log("a"))")
        }
    }

    /// Every process that a script of these may have left.
    private func leftovers() -> [String] {
        ((try? Files.names(in: "/proc")) ?? []).filter { $0.allSatisfy(\.isNumber) }.compactMap { pid in
            let line = (try? Files.read("/proc/\(pid)/cmdline", limit: 4096)) ?? []
            let text = String(decoding: line.map { $0 == 0 ? 0x20 : $0 }, as: UTF8.self)
            return text.contains("31557") ? "\(pid) \(text)" : nil
        }
    }

    private static let scripts = [
        ("hangs", "exec sleep 31557", "still running after"),
        ("ignores", "trap '' TERM\nwhile :; do sleep 31557; done", "still running after"),
        ("forks", "sleep 31557 & sleep 31557 & wait", "still running after"),
        ("leaves", "sleep 31557 & exit 3", "exit status 3 after"),
        ("floods", "exec yes 31557", "still running after"),
        ("dies", "kill -SEGV $$", "ended by signal 11 after"),
        ("vanishes", "rm -f \"$0\"", "program missing after"),
    ]

    /// Of scripts in the bench's directory, one for each server.
    private func service(ofScripts names: [String], _ bench: DirectorBench) -> String {
        DirectorBench.service(names.indices.map { "192.0.2.\(21 + $0)" }) { place in
            """
            MISC_CHECK {
                misc_path "\(bench.directory)/\(names[place])"
                misc_timeout 10
                user root
                delay_loop 0.5
                warmup 0
            }
            """
        }
    }

    @Test func `scripts that misbehave take their servers out, delay no other, and leave nothing`() throws {
        let bench = try DirectorBench()
        let tally = "\(bench.directory)/tally"
        for (name, body, _) in Self.scripts + [("good", "echo >> \(tally)", "")] {
            try Files.replace(
                "\(bench.directory)/\(name)", with: Array("#!/bin/sh\n\(body)\n".utf8), mode: 0o755)
        }
        let names = Self.scripts.map { $0.0 } + ["good"]
        let director = try bench.start("a", on: bench.a, service(ofScripts: names, bench))
        for (index, (name, _, text)) in Self.scripts.enumerated() {
            #expect(
                bench.waitForLog(
                    "a", "192.0.2.\(21 + index):80 in 192.0.2.100:80/tcp: down: \(text)", .seconds(60)),
                "\(name): \(bench.log("a"))")
        }
        #expect(try bench.waitForTable(bench.a, table(["192.0.2.28"])), "\(bench.log("a"))")
        func count() -> Int { ((try? Files.read(tally, limit: 1 << 16)) ?? []).count }
        let before = count()
        #expect(Tools.wait(.seconds(60)) { count() >= before + 4 } != nil, "\(bench.log("a"))")
        // Of one run of each, its shell and what that began.
        #expect(leftovers().count <= 3 * names.count, "\(leftovers())")
        director.send(.terminate)
        #expect(bench.end(director) == .exited(0), "\(bench.log("a"))")
        #expect(Tools.wait(.seconds(40)) { leftovers().isEmpty } != nil, "\(leftovers())")
    }

    @Test func `a checker that is killed takes no server out, brings none back, and goes on`() throws {
        let bench = try DirectorBench()
        let program = try listen(bench)
        defer { stop(program) }
        // Nobody listens on the second one.
        let director = try bench.start("a", on: bench.a, service(["192.0.2.3", "192.0.2.2"]))
        let expected = table(["192.0.2.3"])
        #expect(try bench.waitForTable(bench.a, expected), "\(bench.log("a"))")
        for _ in 0..<2 {
            let before = try #require(bench.roles(of: director)["checker"])
            try Signal.kill.send(to: before)
            #expect(
                Tools.wait(.seconds(40)) {
                    bench.roles(of: director)["checker"].map { $0 != before } ?? false
                } != nil)
            #expect(
                try Tools.wait(.seconds(4)) { try bench.table(bench.a) != expected.sorted() } == nil,
                "\(bench.log("a"))")
        }
        stop(program)
        #expect(try bench.waitForTable(bench.a, table([])), "\(bench.log("a"))")
    }
}
