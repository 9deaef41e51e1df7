import ControlProtocol
import Glibc
import Lab
import LinuxIO
import Testing
import Timekeeping

/// Reloads one after the other while clients use two services, and what the clients, the kernel's counters
/// and the operator see of them.
@Suite(.serialized, .enabled(if: hasIPVS, "needs root and a kernel with IPVS")) struct ReloadStormTests {
    private static let server = "192.0.2.3"
    private static let ports = [80, 81]
    private static let pause: Interval = .milliseconds(100)
    private static let seconds: Int64 = fullMatrix ? 60 : 10

    /// In all three configurations: who holds the address, a service with a check and one without.
    private static let common =
        DirectorBench.instance(150)
        + DirectorBench.service([server], port: 80) { _ in
            "weight 1\nTCP_CHECK {\nconnect_timeout 10\ndelay_loop 1\nretry 3\n}"
        }
        + DirectorBench.service([server], port: 81)

    /// What differs is above the rest, so that the places of all things differ, too.
    private static let configurations = [
        DirectorBench.service([server, "192.0.2.77"], port: 8001) + common,
        DirectorBench.service([server], port: 8001) { _ in "weight 7" }
            + DirectorBench.service(["192.0.2.77"], port: 8002) { _ in DirectorBench.quickCheck }
            + DirectorBench.instance(200, vip: "192.0.2.101").replacing("VI_1", with: "VI_2")
            .replacing("router_id 51", with: "router_id 52") + common,
        DirectorBench.service(["192.0.2.77", server], port: 8003, options: "quorum 2") + common,
    ]

    private let bench: DirectorBench
    private let client: Segment.Host
    private let director: ChildProcess

    init() throws {
        bench = try DirectorBench(withClient: true)
        client = try #require(bench.segment.client)
        for setting in ["all.arp_ignore=1", "all.arp_announce=2"] {
            try bench.b.run("/usr/sbin/sysctl", "-qw", "net.ipv4.conf.\(setting)")
        }
        try Tools.ip(["-n", bench.b.name, "address", "add", DirectorBench.vip + "/32", "dev", "lo"])
        for port in Self.ports { try bench.serve(port, on: bench.b) }
        director = try bench.start("a", on: bench.a, Self.configurations[0])
        #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
    }

    /// A new connection every 20 ms, and three that stay.
    private func begin() throws -> [ChildProcess] {
        let probers = try Self.ports.map { port in
            try bench.agent(
                "probe \(DirectorBench.vip):\(port) 20000000 3 10000000000", on: client, for: 900,
                name: "port\(port)")
        }
        for port in Self.ports {
            let works = Tools.wait(.seconds(60)) { probes(port).count { $0 == .answered } >= 20 }
            #expect(works != nil, "\(port): \(probes(port))\n\(bench.log("a"))")
        }
        return probers
    }

    private func probes(_ port: Int) -> [ProbeOutcome] {
        bench.sightings("port\(port)").compactMap { sighting in
            if case .probe(_, _, let outcome, _) = sighting { outcome } else { nil }
        }
    }

    private func lines(with text: String) -> Int {
        bench.log("a").split(separator: "\n").count { $0.contains(text) }
    }

    /// How many connections the kernel has counted since the service is in its table.
    private func counted(_ port: Int) throws -> Int {
        let service = "\(DirectorBench.vip):\(port)"
        let text = try bench.a.run("/usr/sbin/ipvsadm", "-Ln", "--stats", "--exact", "-t", service).output
            .text
        let line = text.split(separator: "\n").first { $0.hasPrefix("TCP") && $0.contains(service) }
        return line?.split(separator: " ").dropFirst(2).first.flatMap { Int($0) } ?? 0
    }

    private func reload(_ number: Int) throws {
        _ = try bench.write("a", Self.configurations[number % Self.configurations.count])
        director.send(.hangup)
    }

    private func expectNothingLost() throws {
        for port in Self.ports {
            let outcomes = probes(port)
            #expect(outcomes.allSatisfy { $0 == .answered }, "\(port): \(outcomes)\n\(bench.log("a"))")
            let lost = bench.sightings("port\(port)").filter { if case .lost = $0 { true } else { false } }
            #expect(lost.isEmpty, "\(port): \(lost)\n\(bench.log("a"))")
            // It begins at 0 when a service is taken out and put in again; the kernel sums up every 2 s.
            let isCounted = try Tools.wait(.seconds(60)) { try counted(port) >= outcomes.count } != nil
            #expect(isCounted, "\(port)\n\(bench.log("a"))")
        }
        let status = try JSONReader.read(try bench.holdfast(bench.a, "status", "--json").output.text)
        let instance = status["vrrp"]?.elements.first { $0["name"] == "VI_1" }
        #expect(instance?["counters"]?["became-master"] == 1, "\(status)")
    }

    @Test func `three configurations in turn, every 100 ms: nothing common to them is touched`() throws {
        let probers = try begin()
        let roles = bench.roles(of: director)
        // What one costs here and now, alone and to its end.
        var slowest = Self.pause
        for configuration in Self.configurations {
            _ = try bench.write("a", configuration)
            let start = Clock.now()
            #expect(try bench.holdfast(bench.a, "reload", "--wait").status == .exited(0), "\(bench.log("a"))")
            slowest = max(slowest, Clock.now() - start)
        }
        let earlier = lines(with: "reloading")
        let before = Self.ports.map { probes($0).count }
        let start = Clock.now()
        var number = 0
        while Clock.now() - start < .seconds(Self.seconds) {
            number += 1
            try reload(number)
            while Clock.now() - start < Self.pause * Int64(number) { usleep(2000) }
        }
        let served = lines(with: "reloading") - earlier
        print("\(number) reloads asked for, \(served) carried out, in \(Self.seconds) s, one in \(slowest)")
        // Those that come while one is carried out are one, and none is left out without need: a quarter of
        // what the time would do for leaves room for whatever else the machine has to do.
        let possible = Int(Double(Self.seconds) / slowest.seconds)
        #expect((max(possible / 4, 1)...number).contains(served), "\(served) of \(number), one in \(slowest)")

        // Each step once more, to its end; the last one is what is in force.
        for configuration in Self.configurations {
            _ = try bench.write("a", configuration)
            let reload = try bench.holdfast(bench.a, "reload", "--wait")
            #expect(reload.status == .exited(0), "\(reload.error.text)\n\(bench.log("a"))")
        }
        let table = (Self.ports.map { ($0, [Self.server]) } + [(8003, ["192.0.2.77", Self.server])])
            .flatMap { port, servers in
                ["-A -t \(DirectorBench.vip):\(port) -s rr"]
                    + servers.map { "-a -t \(DirectorBench.vip):\(port) -r \($0):\(port) -g -w 1" }
            }
        let isThere = try bench.waitForTable(bench.a, table)
        let found = try bench.table(bench.a)
        #expect(isThere, "\(found)\n\(bench.log("a"))")
        #expect(try bench.a.holds(DirectorBench.vip) && !bench.a.holds("192.0.2.101"))
        for (place, port) in Self.ports.enumerated() {
            let seen = probes(port).count - before[place]
            print("port \(port): \(seen) probes meanwhile")
            #expect(seen >= Int(Self.seconds) * 5, "there was traffic")
        }
        try expectNothingLost()
        #expect(bench.roles(of: director) == roles, "no role was started anew")
        for prober in probers { prober.sendToGroup(.kill) }
        director.send(.terminate)
        #expect(bench.end(director) == .exited(0), "\(bench.log("a"))")
    }

    @Test func `a storm of SIGHUP becomes a few reloads, and the daemon goes on answering`() throws {
        let probers = try begin()
        _ = try bench.write("a", Self.configurations[1])
        let sent = 2000
        for _ in 0..<sent { director.send(.hangup) }
        let start = Clock.now()
        let answer = try bench.holdfast(bench.a, "version")
        #expect(answer.status == .exited(0), "\(answer.error.text)\n\(bench.log("a"))")
        print("an answer \(Clock.now() - start) after \(sent) signals, \(lines(with: "reloading")) reloads")
        #expect(try Tools.wait(.seconds(60)) { try bench.a.holds("192.0.2.101") } != nil, "\(bench.log("a"))")
        #expect((1..<sent / 4).contains(lines(with: "reloading")), "\(bench.log("a"))")
        try expectNothingLost()
        for prober in probers { prober.sendToGroup(.kill) }
        director.send(.terminate)
        #expect(bench.end(director) == .exited(0), "\(bench.log("a"))")
    }
}
