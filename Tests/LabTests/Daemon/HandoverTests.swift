import Lab
import LinuxIO
import Testing
import Timekeeping

/// What a client with a new connection every millisecond sees when a master goes. Needs root and namespaces,
/// no IPVS.
@Suite(.serialized, .enabled(if: mayMakeNamespaces, "needs root")) struct HandoverTests {
    enum Daemon: String {
        case holdfastd, keepalived
    }

    /// A pair on a segment with a client, b behind a; a server answers on each.
    private final class Pair {
        let bench: DirectorBench
        let client: Segment.Host
        private(set) var a: ChildProcess
        let b: ChildProcess
        private let first: Daemon

        init(_ first: Daemon, _ second: Daemon) throws {
            let bench = try DirectorBench(withClient: true)
            client = try #require(bench.segment.client)
            self.first = first
            self.bench = bench
            a = try Self.start(first, "a", bench.a, 150, bench)
            #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
            b = try Self.start(second, "b", bench.b, 100, bench)
            #expect(bench.waitForLog("b", "Entering BACKUP STATE"), "\(bench.log("b"))")
            for host in [bench.a, bench.b] {
                _ = try bench.agent("serve \(host.address) 80", on: host, for: 60)
            }
        }

        private static func start(
            _ daemon: Daemon, _ name: String, _ host: Segment.Host, _ priority: Int, _ bench: DirectorBench
        ) throws -> ChildProcess {
            let text = DirectorBench.instance(priority)
            if daemon == .holdfastd { return try bench.start(name, on: host, text, flags: ["-P"]) }
            let (file, place) = (try bench.write(name, text), "\(bench.directory)/\(name)")
            return try host.start(
                "/usr/sbin/keepalived",
                ["-n", "-l", "-D", "-P", "-f", file, "-p", "\(place).pid", "-r", "\(place).vrrp.pid"],
                log: "\(place).log")
        }

        func restart() throws {
            a = try Self.start(first, "a", bench.a, 150, bench)
        }

        /// How many probes of a millisecond each failed while `happening` went on, among how many.
        func probes(for seconds: Int, while happening: () throws -> Void) throws -> (lost: Int, all: Int) {
            let prober = try bench.agent(
                "probe \(DirectorBench.vip):80 1000000 0 500000000", on: client, for: seconds)
            _ = Tools.wait(.seconds(1)) { false }
            try happening()
            #expect(bench.end(prober, .seconds(Int64(seconds) + 20)) == .exited(0))
            var (lost, all) = (0, 0)
            for sighting in bench.sightings(client.address) {
                guard case .probe(_, _, let outcome, _) = sighting else { continue }
                all += 1
                if outcome != .answered { lost += 1 }
            }
            return (lost, all)
        }

        var logs: String { "a:\n\(bench.log("a"))\nb:\n\(bench.log("b"))" }
    }

    /// How many probes of `all` a busy machine may cost: one of `share`. An emulated one answers nothing for
    /// half a second while a process starts, so the share is larger where one starts. What the gap costs
    /// is measured beside it, with keepalived.
    static func allowance(of all: Int, oneOf share: Int) -> Int { all / share }

    /// The master stops.
    private func stop(_ first: Daemon, _ second: Daemon) throws -> (lost: Int, all: Int) {
        let pair = try Pair(first, second)
        let (lost, all) = try pair.probes(for: 5) { () throws in
            pair.a.send(.terminate)
            #expect(pair.bench.end(pair.a) == .exited(0))
            #expect(try pair.bench.waitForAddress(pair.bench.b), "\(pair.logs)")
            #expect(try !pair.bench.a.holds(DirectorBench.vip))
        }
        print("\(first) stops, \(second) follows: \(lost) of \(all) probes lost")
        #expect(all > 200)
        if first == .holdfastd {
            #expect(pair.bench.log("a").contains("handed over to 192.0.2.3"), "\(pair.logs)")
            #expect(lost <= Self.allowance(of: all, oneOf: 20), "\(pair.logs)")
        }
        return (lost, all)
    }

    @Test func `a master that stops is followed without a gap, which keepalived leaves`() throws {
        let ours = try stop(.holdfastd, .holdfastd)
        let mixed = try stop(.holdfastd, .keepalived)
        // Its successor waits for the skew, 609 ms of 5 s, and nobody has the address.
        let theirs = try stop(.keepalived, .keepalived)
        // On an emulated machine keepalived's own end can take longer than that, and leaves no gap to compare
        // with; what we may lose is bounded above all the same.
        guard theirs.lost > theirs.all / 20 else {
            #expect(hasIPVS, "without emulation the gap is there: \(theirs)")
            return
        }
        #expect(ours.lost < theirs.lost / 4 && mixed.lost < theirs.lost / 4)
    }

    @Test func `a restart costs nothing, neither going nor coming back`() throws {
        let pair = try Pair(.holdfastd, .holdfastd)
        let (lost, all) = try pair.probes(for: 10) { () throws in
            pair.a.send(.terminate)
            #expect(pair.bench.end(pair.a) == .exited(0))
            #expect(try pair.bench.waitForAddress(pair.bench.b), "\(pair.logs)")
            try pair.restart()
            #expect(try pair.bench.waitForAddress(pair.bench.a), "\(pair.logs)")
            #expect(try pair.bench.waitForAddress(pair.bench.b, false), "\(pair.logs)")
        }
        print("holdfastd restarts: \(lost) of \(all) probes lost")
        #expect(lost <= Self.allowance(of: all, oneOf: 20), "\(pair.logs)")
    }

    @Test func `a killed vrrp role costs nothing, and the peer never takes over`() throws {
        let pair = try Pair(.holdfastd, .holdfastd)
        let (lost, all) = try pair.probes(for: 6) { () throws in
            let pid = try #require(pair.bench.roles(of: pair.a)["vrrp"])
            try Signal.kill.send(to: pid)
            #expect(pair.bench.waitForLog("a", "going on as master after a restart"), "\(pair.logs)")
        }
        print("the vrrp role is killed: \(lost) of \(all) probes lost")
        #expect(lost <= Self.allowance(of: all, oneOf: 5), "\(pair.logs)")
        #expect(!pair.bench.log("b").contains("Entering MASTER STATE"), "\(pair.logs)")
    }

    /// `holdfast switch` of a, then of b, under traffic. The second only where b can be asked.
    private func switchover(_ second: Daemon) throws -> (lost: Int, all: Int) {
        let pair = try Pair(.holdfastd, second)
        let bench = pair.bench
        let result = try pair.probes(for: 9) { () throws in
            let there = try bench.holdfast(bench.a, "switch", "VI_1")
            #expect(there.status == .exited(0), "\(there.error.text)\n\(pair.logs)")
            #expect(there.output.text.hasPrefix("VI_1 is BACKUP: handed over to 192.0.2.3, priority 100"))
            #expect(try bench.b.holds(DirectorBench.vip) && !bench.a.holds(DirectorBench.vip), "\(pair.logs)")
            // Longer than a's Master_Down_Interval: it is the better one, and does not take back.
            #expect(Tools.wait(.seconds(4)) { bench.log("a").contains("preempting") } == nil, "\(pair.logs)")
            #expect(try bench.holdfast(bench.a, "why", "VI_1").output.text.contains("  waits "))
            let again = try bench.holdfast(bench.a, "switch", "VI_1")
            #expect(again.status == .exited(1) && again.error.text.contains("switch it where it is master"))
            if second == .holdfastd {
                #expect(try bench.holdfast(bench.b, "switch", "VI_1").status == .exited(0), "\(pair.logs)")
            } else {
                #expect(try bench.holdfast(bench.a, "switch", "VI_1", "--back").status == .exited(0))
            }
            #expect(try bench.waitForAddress(bench.a), "\(pair.logs)")
            #expect(try bench.waitForAddress(bench.b, false), "\(pair.logs)")
        }
        print("switched from holdfastd to \(second) and back: \(result.lost) of \(result.all) probes lost")
        return result
    }

    @Test(arguments: [Daemon.holdfastd, .keepalived])
    func `a switch costs nothing, is not taken back by itself, and can be taken back`(second: Daemon) throws {
        let (lost, all) = try switchover(second)
        #expect(lost <= Self.allowance(of: all, oneOf: 20))
    }

    @Test func `a switch that nobody answers changes nothing`() throws {
        let bench = try DirectorBench()
        _ = try bench.start("a", on: bench.a, DirectorBench.instance(150), flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
        let alone = try bench.holdfast(bench.a, "switch", "VI_1")
        #expect(alone.status == .exited(1))
        #expect(
            alone.error.text.contains("VI_1: nobody took over within 1.096 s; going on as master"),
            "\(alone.error.text)")
        #expect(try bench.a.holds(DirectorBench.vip))
        #expect(try bench.holdfast(bench.a, "status").status == .exited(0))
        let unknown = try bench.holdfast(bench.a, "switch", "VI_9")
        #expect(unknown.status == .exited(1) && unknown.error.text.contains("there is: VI_1"))
    }

    @Test func `whoever has no successor lets go and ends`() throws {
        let bench = try DirectorBench()
        let director = try bench.start("a", on: bench.a, DirectorBench.instance(150), flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
        let start = Clock.now()
        director.send(.terminate)
        #expect(bench.end(director) == .exited(0), "\(bench.log("a"))")
        #expect(Clock.now() - start < .seconds(4))
        #expect(bench.log("a").contains("nobody took over within 1.096 s"), "\(bench.log("a"))")
        #expect(try !bench.a.holds(DirectorBench.vip))
    }

    @Test func `an instance that a reload removes is handed over, too`() throws {
        let pair = try Pair(.holdfastd, .holdfastd)
        let (lost, all) = try pair.probes(for: 6) { () throws in
            let other = DirectorBench.instance(150, vip: "192.0.2.101")
                .replacing("VI_1", with: "VI_2").replacing("router_id 51", with: "router_id 52")
            _ = try pair.bench.write("a", other)
            pair.a.send(.hangup)
            #expect(try pair.bench.waitForAddress(pair.bench.b), "\(pair.logs)")
            #expect(try pair.bench.waitForAddress(pair.bench.a, false), "\(pair.logs)")
        }
        print("a reload removes the instance: \(lost) of \(all) probes lost")
        #expect(lost <= Self.allowance(of: all, oneOf: 20), "\(pair.logs)")
    }
}
