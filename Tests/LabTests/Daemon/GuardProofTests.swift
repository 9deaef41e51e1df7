import Lab
import LinuxIO
import NetTypes
import Testing
import Timekeeping

/// Two directors that are also the two real servers of the service they balance: requests while the roles
/// change again and again, and what the segment between the directors saw of them.
@Suite(.serialized, .enabled(if: hasIPVS, "needs root and a kernel with IPVS")) struct GuardProofTests {
    private let bench: DirectorBench
    private let client: Segment.Host
    private let trace: ForwardedTrace

    init() throws {
        bench = try DirectorBench(withClient: true)
        client = try #require(bench.segment.client)
        for host in [bench.a, bench.b] {
            for setting in [
                "conf.all.arp_ignore=1", "conf.all.arp_announce=2", "conf.all.send_redirects=0",
                "conf.eth0.send_redirects=0", "conf.all.rp_filter=0", "conf.eth0.rp_filter=0",
            ] {
                try host.run("/usr/sbin/sysctl", "-qw", "net.ipv4.\(setting)")
            }
            try Tools.ip(["-n", host.name, "address", "add", DirectorBench.vip + "/32", "dev", "lo"])
            let name = host.name == bench.a.name ? "A" : "B"
            _ = try bench.agent("serve \(name) 80", on: host, for: 3000, name: name)
        }
        // While nobody is master a question for the address would end in "no route to host", as a loop does.
        try client.run("/usr/sbin/sysctl", "-qw", "net.ipv4.neigh.br0.base_reachable_time_ms=3600000")
        trace = try ForwardedTrace(
            between: [bench.a, bench.b], on: client,
            to: Endpoint(try #require(IPAddress(DirectorBench.vip)), port: 80))
        for name in ["A", "B"] {
            let took = Tools.wait(.seconds(60)) { [bench] in bench.sightings(name).contains(.ready(name)) }
            #expect(took != nil, "\(name) serves")
        }
    }

    private func text(_ host: Segment.Host, backend: String?) -> String {
        let peer = host.name == bench.a.name ? bench.b : bench.a
        let priority = host.name == bench.a.name ? 150 : 100
        let settings = backend.map { "    loop_guard_backend \($0)\n" } ?? ""
        let block = backend == nil ? "" : "loop_guard {\n    peer \(peer.address)\n}\n"
        return "global_defs {\n    lvs_sync_daemon eth0 VI_1 id 51\n\(settings)}\n" + block
            + DirectorBench.instance(priority)
            + DirectorBench.service(
                ["192.0.2.2", "192.0.2.3"], options: backend == nil ? "" : "loop_guard")
    }

    private func start(_ host: Segment.Host, _ run: Int, backend: String?) throws -> (ChildProcess, String) {
        let name = "\(host.name.suffix(1))\(run)"
        return (try bench.start(name, on: host, text(host, backend: backend)), name)
    }

    /// Waits, and takes what the bridge sees meanwhile.
    private func wait(_ limit: Interval, until condition: () throws -> Bool) throws -> Bool {
        try Tools.wait(limit) {
            try trace.collect()
            return try condition()
        } != nil
    }

    private func waitForGuard(_ name: String) throws -> Bool {
        try wait(.seconds(90)) {
            let log = bench.log(name)
            return log.contains("mark rules of inet") && log.contains("in place")
        }
    }

    /// How many requests have ended so far.
    private func ended() -> Int {
        let text = (try? Files.read("\(bench.directory)/requests.seen", limit: 1 << 26)) ?? []
        return text.count { $0 == UInt8(ascii: "\n") }
    }

    private func requests(every milliseconds: Int) throws -> ChildProcess {
        // Far longer than the time in which nobody is master: what is late is not lost.
        try bench.agent(
            "probe \(DirectorBench.vip):80 \(milliseconds)000000 0 30000000000", on: client, for: 3000,
            name: "requests")
    }

    private func outcomes() -> [(outcome: ProbeOutcome, server: String)] {
        bench.sightings("requests").compactMap { sighting in
            if case .probe(_, _, let outcome, let server) = sighting { (outcome, server) } else { nil }
        }
    }

    /// What a service manager does after a crash.
    private func cleanUp(_ host: Segment.Host, _ name: String) throws {
        let late = try bench.start(name + "-cleanup", on: host, "", flags: ["--cleanup"])
        #expect(bench.end(late, .seconds(60)) == .exited(0), "\(bench.log(name + "-cleanup"))")
    }

    /// In the full matrix ten thousand requests with each backend.
    @Test(arguments: fullMatrix ? ["iptables", "nftables"] : ["nftables"])
    func `no request is lost to a loop, and no packet comes twice, in both roles`(backend: String) throws {
        let wanted = fullMatrix ? 10_000 : 200
        let (second, _) = try start(bench.b, 0, backend: backend)
        var (first, name) = try start(bench.a, 0, backend: backend)
        // The one that was ready first may be master for a moment: nobody asks before that change is over.
        #expect(
            try wait(.seconds(90)) { try isMaster(bench.a) && !isMaster(bench.b) }, "\(bench.log(name))")
        for name in ["a0", "b0"] { #expect(try waitForGuard(name), "\(bench.log(name))") }
        let prober = try requests(every: 20)
        #expect(try wait(.seconds(120)) { ended() >= 50 }, "\(outcomes())")
        var changes = 0
        while ended() < wanted || changes < 2 {
            // By turns a planned one and a crash; a short run has the crash, which is the harder one.
            if changes % 4 == 2 {
                first.send(.terminate)
                _ = bench.end(first, .seconds(60))
            } else {
                bench.crash(first)
                try cleanUp(bench.a, name)
            }
            #expect(try wait(.seconds(90)) { try isMaster(bench.b) }, "\(bench.log("b0"))")
            let before = ended()
            _ = try wait(.seconds(120)) { ended() >= before + wanted / 20 }
            changes += 1
            (first, name) = try start(bench.a, changes, backend: backend)
            #expect(
                try wait(.seconds(90)) { try isMaster(bench.a) && !isMaster(bench.b) }, "\(bench.log(name))")
            #expect(try waitForGuard(name), "\(bench.log(name))")
            let again = ended()
            _ = try wait(.seconds(120)) { ended() >= again + wanted / 20 }
            changes += 1
        }
        prober.sendToGroup(.kill)
        _ = bench.end(prober)
        try trace.collect()
        let all = outcomes()
        let figures =
            "\(backend): \(all.count) requests, \(changes) changes of role; answered by A "
            + "\(all.count { $0.server == "A" }), by B \(all.count { $0.server == "B" }); "
            + ProbeOutcome.allCases.map { one in "\(one) \(all.count { $0.outcome == one })" }
            .joined(separator: ", ")
            + "; forwarded packets \(trace.packets), openings \(trace.openings), twice \(trace.repetitions)"
        print(figures)
        #expect(trace.repetitions == 0, "\(figures)")
        #expect(all.count { $0.outcome == .unreachable || $0.outcome == .timedOut } == 0, "\(figures)")
        // A connection that is under way when the role changes in its middle may be reset.
        let lost = all.count { $0.outcome != .answered }
        #expect(
            lost <= 5 * changes && lost * 20 <= all.count, "\(figures)\n\(bench.log("b0"))\(bench.log(name))")
        // Half of the requests went to the other director, and the bridge saw them.
        for server in ["A", "B"] { #expect(all.count { $0.server == server } * 4 >= all.count, "\(figures)") }
        #expect(trace.openings * 4 >= all.count, "\(figures)")
        second.send(.terminate)
        first.send(.terminate)
        #expect(bench.end(first, .seconds(60)) == .exited(0) && bench.end(second, .seconds(60)) == .exited(0))
    }

    /// The address is on eth0, not on lo alone.
    private func isMaster(_ host: Segment.Host) throws -> Bool {
        try Tools.ip(["-n", host.name, "-4", "-o", "address", "show", "dev", "eth0"]).output.text
            .contains(" \(DirectorBench.vip)/")
    }

    /// That the test would see a loop.
    @Test func `without the guard packets come again, and requests are lost`() throws {
        _ = try start(bench.b, 0, backend: nil)
        let (_, name) = try start(bench.a, 0, backend: nil)
        #expect(try wait(.seconds(90)) { try isMaster(bench.a) && !isMaster(bench.b) }, "\(bench.log(name))")
        for name in ["a0", "b0"] {
            #expect(try wait(.seconds(60)) { bench.log(name).contains("add server 192.0.2.3") })
        }
        let prober = try requests(every: 50)
        #expect(try wait(.seconds(120)) { ended() >= 60 }, "\(outcomes())")
        prober.sendToGroup(.kill)
        _ = bench.end(prober)
        try trace.collect()
        let lost = outcomes().count { $0.outcome != .answered }
        #expect(lost > 0 && trace.repetitions > 0, "\(lost) lost, \(trace.repetitions) again")
    }
}
