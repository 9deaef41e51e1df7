import Lab
import LinuxIO
import Testing
import Timekeeping

/// `lb_kind FULLNAT` where nothing else works: the real server is on the client's own host, which would drop
/// packets that seem to come from itself. Directors are a and b; connections pass through them in both
/// directions.
@Suite(.serialized, .enabled(if: hasIPVS, "needs root and a kernel with IPVS")) struct FullNATTests {
    private static let server = "192.0.2.10"
    private static let source = "192.0.2.250"

    private let bench: DirectorBench
    private let client: Segment.Host

    init() throws {
        bench = try DirectorBench(withClient: true)
        client = try #require(bench.segment.client)
        try Tools.ip(["-n", client.name, "address", "add", Self.server + "/24", "dev", "br0"])
        for host in [bench.a, bench.b] {
            for setting in ["ip_forward=1", "conf.all.send_redirects=0", "conf.eth0.send_redirects=0"] {
                try host.run("/usr/sbin/sysctl", "-qw", "net.ipv4.\(setting)")
            }
        }
        try bench.serve(8080, on: client)
    }

    private static func service(_ header: String, _ kind: String, protocol: String = "protocol TCP") -> String
    {
        """
        virtual_server \(header) {
            lb_algo rr
            lb_kind \(kind)
            \(`protocol`)
            real_server \(server) 8080 {
                weight 1
            }
        }

        """
    }

    private static func web(_ kind: String = "FULLNAT\n    fullnat_source \(source)") -> String {
        service("\(DirectorBench.vip) 80", kind)
    }

    /// An instance that holds both addresses, and a sync daemon that follows it.
    private static func director(_ priority: Int, _ lines: String = "") -> String {
        let held =
            "    virtual_ipaddress_excluded {\n        \(source)/24\n    }\n\(lines)\n    virtual_ipaddress {"
        return """
            global_defs {
                lvs_sync_daemon eth0 VI_1
                lvs_sync_threshold 1 0
                lvs_sync_refresh_period 3
            }

            """
                + DirectorBench.instance(priority).replacing("    virtual_ipaddress {", with: held) + web()
    }

    private func probes(port: Int = 80) throws -> [ProbeOutcome] {
        try bench.probes("\(DirectorBench.vip):\(port)", from: client)
    }

    /// Until closed connections are forgotten: a prober uses the same source ports as the one before,
    /// and of a port that is used again IPVS drops the first packet where netfilter knows it.
    private func forget() { _ = Tools.wait(.seconds(13)) { false } }

    /// The lines of our chains, as the tool's save program writes them.
    private func chain(_ tool: String, on host: Segment.Host) throws -> [String] {
        try host.run("/usr/sbin/\(tool)-save").output.text.split(separator: "\n")
            .map(String.init).filter { $0.contains("HOLDFAST-FULLNAT") }
    }

    private func tracks() throws -> String {
        try bench.a.run("/usr/sbin/sysctl", "-n", "net.ipv4.vs.conntrack").output.text
            .split(separator: "\n").first.map(String.init) ?? ""
    }

    @Test func `a server answers through the director, and plain NAT shows why that is needed`() throws {
        for address in [DirectorBench.vip, Self.source] {
            try Tools.ip(["-n", bench.a.name, "address", "add", address + "/24", "dev", "eth0"])
        }
        let six =
            "virtual_server 2001:db8::64 80 {\nlb_algo rr\nlb_kind FULLNAT\nfullnat_source 2001:db8::65\n"
            + "protocol TCP\nreal_server 2001:db8::10 8080 {\nweight 1\n}\n}\n"
        let director = try bench.start("a", on: bench.a, Self.web() + six)
        #expect(bench.waitForLog("a", "FULLNAT: 1 source rules of inet in place"), "\(bench.log("a"))")
        #expect(bench.waitForLog("a", "FULLNAT: 1 source rules of inet6 in place"), "\(bench.log("a"))")
        #expect(try tracks() == "1")
        let there = try probes()
        #expect(there.areAnswered, "\(there)\n\(bench.log("a"))")
        // Audits find what they wrote.
        #expect(Tools.wait(.seconds(5)) { bench.log("a").contains("repaired") } == nil, "\(bench.log("a"))")
        // The source addresses are this director's own: no answers to a former master are dropped.
        #expect(try chain("iptables", on: bench.a).count == 3)
        #expect(try chain("ip6tables", on: bench.a).count == 3)

        // An audit may hold the lock.
        try bench.a.run("/usr/sbin/iptables", "-w", "15", "-t", "nat", "-F", "HOLDFAST-FULLNAT")
        #expect(bench.waitForLog("a", "repaired: FULLNAT: 1 source rules of inet"), "\(bench.log("a"))")
        forget()
        let again = try probes()
        #expect(again.areAnswered, "\(again)\n\(bench.log("a"))")

        _ = try bench.write("a", Self.web("NAT"))
        director.send(.hangup)
        #expect(bench.waitForLog("a", "FULLNAT: source rules of inet6 removed"), "\(bench.log("a"))")
        #expect(try Tools.wait(.seconds(60)) { try tracks() == "0" } != nil, "\(bench.log("a"))")
        // In which order they go depends on what an audit was looking at.
        let gone = try Tools.wait(.seconds(60)) {
            try chain("iptables", on: bench.a).isEmpty && chain("ip6tables", on: bench.a).isEmpty
        }
        #expect(gone != nil, "\(bench.log("a"))")
        forget()
        let plain = try probes()
        #expect(!plain.isEmpty && !plain.contains(.answered), "\(plain)")
        director.send(.terminate)
        #expect(bench.end(director) == .exited(0), "\(bench.log("a"))")
    }

    @Test func `masquerading works, and so does a service by mark`() throws {
        try Tools.ip(["-n", bench.a.name, "address", "add", DirectorBench.vip + "/24", "dev", "eth0"])
        try bench.a.run(
            "/usr/sbin/iptables", "-t", "mangle", "-A", "PREROUTING", "-d", DirectorBench.vip, "-p", "tcp",
            "--dport", "81", "-j", "MARK", "--set-mark", "7")
        let director = try bench.start(
            "a", on: bench.a, Self.web("FULLNAT") + Self.service("fwmark 7", "FULLNAT", protocol: ""))
        #expect(bench.waitForLog("a", "FULLNAT: 2 source rules of inet in place"), "\(bench.log("a"))")
        for port in [80, 81] {
            let seen = try probes(port: port)
            #expect(seen.areAnswered, "\(port): \(seen)\n\(bench.log("a"))")
        }
        #expect(Tools.wait(.seconds(5)) { bench.log("a").contains("repaired") } == nil, "\(bench.log("a"))")
        // What a killed daemon left, the next one removes.
        bench.crash(director)
        let second = try bench.start("b", on: bench.a, Self.web("NAT"))
        #expect(bench.waitForLog("b", "FULLNAT: source rules of inet removed"), "\(bench.log("b"))")
        #expect(try chain("iptables", on: bench.a).isEmpty)
        #expect(try tracks() == "0")
        second.send(.terminate)
        #expect(bench.end(second) == .exited(0), "\(bench.log("b"))")
    }

    // MARK: Connections that go on

    private static let connections = 6

    /// How many connections `host` knows as established.
    private func known(to host: Segment.Host) throws -> Int {
        try host.run("/bin/cat", "/proc/net/ip_vs_conn").output.text.split(separator: "\n")
            .count { $0.contains("ESTABLISHED") }
    }

    /// Connections with a question every second, so that hardly ever an answer is on its way.
    private func begin() throws {
        for number in 0..<Self.connections {
            let words = "while :; do echo question; sleep 1; done | exec socat - TCP:\(DirectorBench.vip):80"
            _ = try client.start("/bin/sh", ["-c", words], log: "\(bench.directory)/long\(number)")
        }
    }

    /// How many octets of answers each connection has.
    private func answers() -> [Int] {
        (0..<Self.connections).map { number in
            (try? Files.read("\(bench.directory)/long\(number)", limit: 1 << 20))?.count ?? 0
        }
    }

    /// Every connection gets more answers than it has now.
    private func goOn() -> Bool {
        let now = answers()
        return Tools.wait(.seconds(60)) { zip(now, answers()).allSatisfy { $0 < $1 } } != nil
    }

    @Test func `connections survive when a director dies`() throws {
        _ = try bench.start("b", on: bench.b, Self.director(100))
        _ = try bench.start("a", on: bench.a, Self.director(150))
        #expect(bench.waitForLog("a", "Entering MASTER STATE"), "\(bench.log("a"))")
        #expect(bench.waitForLog("b", "Entering BACKUP STATE"), "\(bench.log("b"))")
        // It may have been master until the other one was there.
        #expect(try bench.waitForAddress(bench.b, false), "\(bench.log("b"))")
        try begin()
        let told = try Tools.wait(.seconds(60)) { try known(to: bench.b) >= Self.connections }
        #expect(told != nil && goOn(), "\(answers())\n\(bench.log("a"))\n\(bench.log("b"))")
        // The server sees the address that moves.
        let sockets = try client.run("/bin/cat", "/proc/net/tcp").output.text
        #expect(sockets.contains(" FA0200C0:"), "192.0.2.250\n\(sockets)")
        try Tools.ip(["-n", bench.a.name, "link", "set", "eth0", "down"])
        #expect(try bench.waitForAddress(bench.b), "\(bench.log("b"))")
        #expect(goOn(), "\(answers())\n\(bench.log("b"))")
    }

    @Test func `a director that comes back waits until it knows them, and they go on`() throws {
        _ = try bench.start("b", on: bench.b, Self.director(100))
        #expect(try bench.waitForAddress(bench.b), "\(bench.log("b"))")
        try begin()
        #expect(goOn(), "\(answers())\n\(bench.log("b"))")
        // Not after it began to listen: a slow guest may be late in seeing that.
        let start = Clock.now()
        _ = try bench.start("a", on: bench.a, Self.director(150, "    preempt_after_sync"))
        #expect(bench.waitForLog("a", "Entering BACKUP STATE"), "\(bench.log("a"))")
        #expect(try bench.waitForAddress(bench.a, true, .seconds(60)), "\(bench.log("a"))")
        // Twice the refresh period and the delivery, 3 s each, and then the other is ignored for some time.
        #expect(Clock.now() - start > .seconds(9))
        #expect(try known(to: bench.a) >= Self.connections)
        #expect(try bench.waitForAddress(bench.b, false))
        #expect(goOn(), "\(answers())\n\(bench.log("a"))\n\(bench.log("b"))")
        // What waits in the other's buffers leaves before its thread stops, and it listens meanwhile.
        #expect(bench.waitForLog("b", "stop the master sync thread"), "\(bench.log("b"))")
        let lines = bench.log("b").split(separator: "\n")
        let listens = lines.lastIndex { $0.contains("start the backup sync thread") }
        let stops = lines.lastIndex { $0.contains("stop the master sync thread") }
        #expect((listens ?? .max) < (stops ?? .min), "\(bench.log("b"))")
    }
}
