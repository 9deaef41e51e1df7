import ControlProtocol
import FoundationEssentials
import Lab
import LinuxIO
import NetTypes
import Testing
import Timekeeping

/// What clients of a service notice when the program under it is replaced, restarted or killed in parts: they
/// reach a server of its own through the IPVS of a director, which has a backup or has none.
@Suite(.serialized, .enabled(if: hasIPVS, "needs root and a kernel with IPVS")) struct UpgradeTests {
    private static let server = "192.0.2.21"
    /// How often everything is done.
    private static let rounds = fullMatrix ? 6 : 1
    /// From request to request: an emulated machine that has other work, too, does not make more.
    private static let spacing: Interval = .milliseconds(fullMatrix ? 2 : 10)

    /// Directors that run a copy of the program, which packages replace; a server; a client.
    private final class Pair {
        let bench: DirectorBench
        let client: Segment.Host
        var directors: [String: ChildProcess] = [:]
        private let program: String
        private let prober: ChildProcess
        /// Both directors choose the same server for a connection, and also in the middle of one.
        private let isHashed: Bool

        init(withBackup: Bool, isHashed: Bool = true) throws {
            self.isHashed = isHashed
            bench = try DirectorBench(withClient: true, withServer: true)
            client = try #require(bench.segment.client)
            let server = try #require(bench.segment.server)
            for setting in ["all.arp_ignore=1", "all.arp_announce=2"] {
                try server.run("/usr/sbin/sysctl", "-qw", "net.ipv4.conf.\(setting)")
            }
            try Tools.ip(["-n", server.name, "address", "add", DirectorBench.vip + "/32", "dev", "lo"])
            _ = try bench.agent("serve rs 80", on: server, for: 3600)
            program = "\(bench.directory)/holdfastd"
            prober = try bench.agent(
                "probe \(DirectorBench.vip):80 \(UpgradeTests.spacing.nanoseconds) 2 2500000000",
                on: client, for: 3600, name: "client")
            try replaceProgram()
            try start("a")
            #expect(try bench.waitForAddress(bench.a), "\(logs)")
            if withBackup {
                try start("b")
                try waitForFollower()
            }
            try expectService()
        }

        deinit { prober.sendToGroup(.kill) }

        func host(_ name: String) -> Segment.Host { name == "a" ? bench.a : bench.b }

        func start(_ name: String) throws {
            let text =
                "global_defs {\nlvs_sync_daemon eth0 VI_1 id 51\n\(isHashed ? "lvs_sloppy_tcp" : "")\n}\n"
                + DirectorBench.instance(name == "a" ? 150 : 100)
                + DirectorBench.service([UpgradeTests.server]) { _ in
                    "weight 1\nTCP_CHECK {\nconnect_timeout 5\ndelay_loop 5\nretry 3\n}"
                }.replacing("lb_algo rr", with: "lb_algo \(isHashed ? "mh" : "rr")")
            directors[name] = try host(name).start(
                program, ["-n", "-l", "-D", "-f", try bench.write(name, text)],
                log: "\(bench.directory)/\(name).log")
        }

        /// As dpkg does it: the new file is complete when it gets the name, and whoever runs keeps the old.
        func replaceProgram() throws {
            let new = "\(program).dpkg-new"
            try FileManager.default.copyItem(atPath: Tools.holdfastd, toPath: new)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: new)
            _ = try Program("/bin/mv", [new, program]).run(timeout: .seconds(60))
        }

        /// `systemctl restart` with the unit: SIGTERM, ExecStopPost, a start.
        func restart(_ name: String) throws {
            let child = try #require(directors[name])
            child.send(.terminate)
            #expect(bench.end(child) == .exited(0), "\(logs)")
            let cleanup = try host(name).run(program, "--cleanup", "--log-console")
            #expect(cleanup.status == .exited(0), "\(cleanup.error.text)")
            try start(name)
        }

        /// The backup hears the master: from now on it follows without a gap when that one goes.
        func waitForFollower() throws {
            let isThere = try Tools.wait(.seconds(60)) {
                let status = try bench.holdfast(bench.b, "status", "--json").output.text
                guard let found = try? JSONReader.read(status) else { return false }
                return found["vrrp"]?[0]?["master"]?["address"]?.text == bench.a.address
            }
            #expect(isThere != nil, "\(logs)")
        }

        /// a has the address alone, and both tables have the server.
        func expectService() throws {
            let scheduler = isHashed ? "mh" : "rr"
            let table = [
                "-A -t 192.0.2.100:80 -s \(scheduler)", "-a -t 192.0.2.100:80 -r 192.0.2.21:80 -g -w 1",
            ]
            for name in directors.keys.sorted() {
                #expect(try bench.waitForTable(host(name), table), "\(name)\n\(logs)")
            }
            let isBack = try Tools.wait(.seconds(60)) {
                try bench.a.holds(DirectorBench.vip) && !bench.b.holds(DirectorBench.vip)
            }
            #expect(isBack != nil, "\(logs)")
            // Seldom: all that was seen is read each time.
            var recent: ArraySlice<ProbeOutcome> = []
            for _ in 0..<15 {
                _ = Tools.wait(.seconds(2)) { false }
                recent = probes.suffix(20)
                if recent.count == 20, recent.allSatisfy({ $0 == .answered }) { return }
            }
            Issue.record("\(recent)\n\(logs)")
        }

        /// How often a's new vrrp role went on where the old one had ended.
        var adoptions: Int {
            bench.log("a").split(separator: "\n").count { $0.contains("going on as master after a restart") }
        }

        var probes: [ProbeOutcome] {
            bench.sightings("client").compactMap { sighting in
                if case .probe(_, _, let outcome, _) = sighting { outcome } else { nil }
            }
        }

        /// The requests made while this happens, and those of them that nobody answered.
        func lost(
            _ what: String, while happening: () throws -> Void
        ) throws -> (lost: [ProbeOutcome], all: Int) {
            let before = probes.count
            try happening()
            try expectService()
            // The last ones may take their time.
            _ = Tools.wait(.seconds(3)) { false }
            let new = probes.dropFirst(before)
            let lost = new.filter { $0 != .answered }
            print("\(what): \(lost.count) of \(new.count) requests lost \(Set(lost))")
            return (lost, new.count)
        }

        var logs: String { "a:\n\(bench.log("a"))\nb:\n\(bench.log("b"))" }
    }

    /// Requests that are under way while the address moves: the other director does not know a connection
    /// of a few packets, which no sync thread has told of yet, and answers by a reset, unless it may take
    /// packets from the middle of one and chooses by a hash. So many a move, at most, on a machine that takes
    /// tens of milliseconds for a request.
    private static let crossing = 4

    @Test(arguments: fullMatrix ? [true, false] : [true])
    func `the program is replaced and both directors restarted, and nobody waits`(isHashed: Bool) throws {
        let pair = try Pair(withBackup: true, isHashed: isHashed)
        for _ in 0..<Self.rounds {
            // As a package does: the file first; a role that dies then comes back from the old one.
            let (lost, all) = try pair.lost("replaced, restarted one by one") {
                try pair.replaceProgram()
                let roles = pair.bench.roles(of: try #require(pair.directors["a"]))
                try Signal.kill.send(to: try #require(roles["lvs"]))
                try pair.restart("b")
                try pair.waitForFollower()
                try pair.restart("a")
            }
            #expect(all > 100)
            // There and back. None is refused, and none waits in vain.
            #expect(lost.count <= (isHashed ? 0 : 2 * Self.crossing), "\(lost)\n\(pair.logs)")
            #expect(lost.allSatisfy { $0 == .reset }, "\(lost)\n\(pair.logs)")
        }
        let losses = pair.bench.sightings("client").filter { if case .lost = $0 { true } else { false } }
        print("long-lived connections lost in \(Self.rounds) rounds: \(losses)")
    }

    @Test(.enabled(if: fullMatrix))
    func `a director without a backup is away for as long as it takes, and no longer`() throws {
        let pair = try Pair(withBackup: false)
        let start = Clock.now()
        let (lost, all) = try pair.lost("restarted alone") { try pair.restart("a") }
        print("served again \(Clock.now() - start) after SIGTERM")
        #expect(lost.count < all && pair.probes.last == .answered)
    }

    @Test func `roles that are killed, alone and together, cost no request`() throws {
        let pair = try Pair(withBackup: true)
        let pairs = [["lvs"], ["checker"], ["vrrp", "lvs"], ["checker", "lvs"], ["vrrp", "checker"]]
        let combinations = [["vrrp"]] + (fullMatrix ? pairs : [["checker", "lvs"]])
        var adoptions = 0
        for _ in 0..<Self.rounds {
            let (lost, all) = try pair.lost("roles killed") {
                for names in combinations + [["vrrp", "lvs", "checker"]] {
                    let director = try #require(pair.directors["a"])
                    let before = pair.bench.roles(of: director)
                    for name in names { try Signal.kill.send(to: try #require(before[name], "\(name)")) }
                    let areBack = Tools.wait(.seconds(40)) {
                        let now = pair.bench.roles(of: director)
                        return names.allSatisfy { now[$0] != nil && now[$0] != before[$0] }
                    }
                    #expect(areBack != nil, "\(names)\n\(pair.logs)")
                    if names.contains("vrrp") {
                        adoptions += 1
                        let isMaster = Tools.wait(.seconds(40)) { pair.adoptions >= adoptions }
                        #expect(isMaster != nil, "\(names)\n\(pair.logs)")
                    }
                    // An advert, so that the next death is not in the same wait of the peer.
                    _ = Tools.wait(.milliseconds(1500)) { false }
                }
            }
            #expect(all > 200)
            #expect(lost.isEmpty, "\(lost)\n\(pair.logs)")
        }
        #expect(!pair.bench.log("b").contains("Entering MASTER STATE"), "\(pair.logs)")
        let losses = pair.bench.sightings("client").filter { if case .lost = $0 { true } else { false } }
        #expect(losses.isEmpty, "\(losses)\n\(pair.logs)")
    }
}
