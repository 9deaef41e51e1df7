import LinuxIO
import Testing
import Timekeeping

/// `loop_guard_backend nftables` of a real daemon: the table is there, is repaired, and goes.
@Suite(.serialized, .enabled(if: hasIPVS, "needs root and a kernel with IPVS"))
struct LoopGuardBackendTests {
    private let bench: DirectorBench

    init() throws {
        bench = try DirectorBench()
        try bench.b.run(Tools.ipPath, "link", "set", "eth0", "address", "02:00:00:00:00:0b")
    }

    private static func text(_ backend: String) -> String {
        "global_defs {\nlvs_sync_daemon eth0 VI_1 id 51\nloop_guard_backend \(backend)\n}\n"
            + "loop_guard {\npeer 192.0.2.3\n}\n" + DirectorBench.instance(150)
            + DirectorBench.service(
                ["192.0.2.2", "192.0.2.3"], options: "loop_guard\n    loop_guard_mark 7")
    }

    private static let table =
        """
        table ip holdfast {
        \tchain marks {
        \t\ttype filter hook prerouting priority mangle; policy accept;
        \t\tether saddr 02:00:00:00:00:0b return
        \t\tip daddr 192.0.2.100 tcp dport 80 meta mark set 0x00000007
        \t}
        }

        """

    /// Empty when there is no such table, which nft calls an error.
    private func native() -> String {
        (try? bench.a.run("/usr/sbin/nft", "list", "table", "ip", "holdfast").output.text) ?? ""
    }

    private func waitForNative(_ text: String) -> Bool {
        Tools.wait(.seconds(60)) { native() == text } != nil
    }

    private func hasChain() throws -> Bool {
        try bench.a.run("/usr/sbin/iptables-save", "-t", "mangle").output.text.contains("HOLDFAST")
    }

    @Test func `the table is repaired, is adopted, and goes at the end`() throws {
        let director = try bench.start("a", on: bench.a, Self.text("nftables"))
        #expect(waitForNative(Self.table), "\(bench.log("a"))")
        #expect(bench.waitForLog("a", "loop guard: 2 mark rules of inet in nftables in place"))
        #expect(try !hasChain())
        try bench.a.run("/usr/sbin/nft", "flush", "ruleset")
        #expect(waitForNative(Self.table), "\(bench.log("a"))")
        let repaired = "repaired: loop guard: 2 mark rules of inet in nftables"
        #expect(bench.waitForLog("a", repaired), "\(bench.log("a"))")
        // A successor finds what is there, and leaves it.
        func count(_ text: String) -> Int {
            bench.log("a").split(separator: "\n").count { $0.contains(text) }
        }
        let before = try #require(bench.roles(of: director)["lvs"])
        try Signal.kill.send(to: before)
        #expect(
            Tools.wait(.seconds(60)) { bench.roles(of: director)["lvs"].map { $0 != before } ?? false } != nil
        )
        #expect(Tools.wait(.seconds(6)) { native().isEmpty } == nil)
        #expect(count("mark rules of inet in nftables in place") == 1 && count(repaired) == 1)
        director.send(.terminate)
        #expect(bench.end(director, .seconds(60)) == .exited(0), "\(bench.log("a"))")
        #expect(native().isEmpty)
    }

    @Test func `another backend takes over at a reload, and a cleanup removes the table`() throws {
        let director = try bench.start("a", on: bench.a, Self.text("iptables"))
        #expect(try Tools.wait(.seconds(60)) { try hasChain() } != nil, "\(bench.log("a"))")
        _ = try bench.write("a", Self.text("nftables"))
        director.send(.hangup)
        #expect(waitForNative(Self.table), "\(bench.log("a"))")
        #expect(try Tools.wait(.seconds(60)) { try !hasChain() } != nil, "\(bench.log("a"))")
        _ = try bench.write("a", Self.text("iptables"))
        director.send(.hangup)
        #expect(try Tools.wait(.seconds(60)) { try hasChain() } != nil, "\(bench.log("a"))")
        #expect(Tools.wait(.seconds(60)) { native().isEmpty } != nil, "\(bench.log("a"))")
        _ = try bench.write("a", Self.text("nftables"))
        director.send(.hangup)
        #expect(waitForNative(Self.table), "\(bench.log("a"))")
        #expect(try Tools.wait(.seconds(60)) { try !hasChain() } != nil, "\(bench.log("a"))")
        bench.crash(director)
        #expect(native() == Self.table)
        // On a machine that is busy enough the role is killed on its way; the next one goes on from there.
        var ends: [Termination?] = []
        while ends.last != .exited(0), ends.count < 3 {
            let late = try bench.start("late", on: bench.a, "", flags: ["--cleanup"])
            ends.append(bench.end(late, .seconds(60)))
        }
        #expect(ends.last == .exited(0), "\(ends)\n\(bench.log("late"))")
        #expect(try native().isEmpty && !hasChain(), "\(bench.log("late"))")
        #expect(try bench.table(bench.a).isEmpty, "\(bench.log("late"))")
    }

    private static let vip6 = "2001:db8:2::100"
    private static let table6 = table.replacing("table ip ", with: "table ip6 ")
        .replacing("ip daddr 192.0.2.100", with: "ip6 daddr \(vip6)")

    /// Director a guards an IPv6 service of one real server against director b, its peer.
    private func makeSixes() throws -> DirectorBench {
        let bench = try DirectorBench(withClient: true, withServer: true)
        let (client, server) = (try #require(bench.segment.client), try #require(bench.segment.server))
        try bench.b.run(Tools.ipPath, "link", "set", "eth0", "address", "02:00:00:00:00:0b")
        for (host, address, interface) in [
            (bench.a, "2001:db8:2::2/64", "eth0"), (bench.a, "\(Self.vip6)/64", "eth0"),
            (bench.b, "2001:db8:2::3/64", "eth0"), (client, "2001:db8:2::9/64", "br0"),
            (server, "2001:db8:2::21/64", "eth0"), (server, "\(Self.vip6)/128", "lo"),
        ] {
            try host.run(Tools.ipPath, "address", "add", address, "dev", interface, "nodad")
        }
        _ = try server.start(
            "/usr/bin/socat",
            ["TCP6-LISTEN:80,bind=[\(Self.vip6)],fork,reuseaddr", "EXEC:/bin/echo served"],
            log: "\(bench.directory)/server.log")
        return bench
    }

    /// What the service says to `host`: with an error, that nobody listens there.
    private func ask(from host: Segment.Host) throws -> String {
        let words = ["netns", "exec", host.name, "/usr/bin/socat", "-t5", "-", "TCP6:[\(Self.vip6)]:80"]
        let end = try Program(Tools.ipPath, words, environment: Tools.environment).run(timeout: .seconds(60))
        return end.output.text + end.error.text
    }

    @Test func `a service of IPv6 is balanced for clients, not for what a peer has forwarded`() throws {
        let bench = try makeSixes()
        let director = try bench.start(
            "a", on: bench.a,
            """
            global_defs {
                loop_guard_backend nftables
            }
            loop_guard {
                peer 2001:db8:2::3 dev eth0
            }
            virtual_server \(Self.vip6) 80 {
                lb_algo rr
                lb_kind DR
                protocol TCP
                loop_guard
                loop_guard_mark 7
                real_server 2001:db8:2::21 80 {
                    weight 1
                }
            }

            """)
        func native() -> String {
            (try? bench.a.run("/usr/sbin/nft", "list", "table", "ip6", "holdfast").output.text) ?? ""
        }
        #expect(Tools.wait(.seconds(60)) { native() == Self.table6 } != nil, "\(bench.log("a"))\(native())")
        let client = try #require(bench.segment.client)
        let isServed = try Tools.wait(.seconds(60)) { try ask(from: client) == "served\n" }
        #expect(isServed != nil, "\(bench.log("a"))")
        for _ in 0..<3 { #expect(try ask(from: bench.b).contains("refused"), "balanced again") }
        try bench.a.run("/usr/sbin/nft", "flush", "ruleset")
        #expect(Tools.wait(.seconds(60)) { native() == Self.table6 } != nil, "\(bench.log("a"))")
        #expect(bench.waitForLog("a", "repaired: loop guard: 2 mark rules of inet6 in nftables"))
        #expect(try ask(from: client) == "served\n")
        director.send(.terminate)
        #expect(bench.end(director, .seconds(60)) == .exited(0), "\(bench.log("a"))")
        #expect(native().isEmpty)
    }
}
