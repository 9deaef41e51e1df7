import Lab
import LinuxIO
import Testing
import Timekeeping

/// A pair of keepalived becomes a pair of holdfastd, one side at a time under traffic, and back; each side
/// has one file for both programs. Needs root and namespaces, no IPVS.
@Suite(.serialized, .enabled(if: mayMakeNamespaces, "needs root")) struct MigrationInteropTests {
    private enum Program: String {
        case holdfastd, keepalived
    }

    /// A director's host, and whatever runs on it.
    private final class Side {
        let host: Segment.Host
        private let bench: DirectorBench
        private let name: String
        private let file: String
        private var starts = 0
        private var daemon: ChildProcess?

        init(_ name: String, _ host: Segment.Host, _ priority: Int, _ bench: DirectorBench) throws {
            (self.name, self.host, self.bench) = (name, host, bench)
            file = try bench.write(name, DirectorBench.instance(priority))
            _ = try bench.agent("serve \(name) 80", on: host, for: 600)
        }

        /// A log for each start.
        var log: String { "\(name)\(starts)" }

        func start(_ program: Program) throws {
            starts += 1
            let place = "\(bench.directory)/\(log)"
            let flags = ["-n", "-l", "-D", "-P", "-f", file, "-p", "\(place).pid"]
            let path = program == .holdfastd ? Tools.holdfastd : "/usr/sbin/keepalived"
            daemon = try host.start(path, flags + ["-r", "\(place).vrrp.pid"], log: "\(place).log")
            #expect(bench.waitForLog(log, "Entering BACKUP STATE"), "\(bench.log(log))")
        }

        func stop() throws {
            let running = try #require(daemon)
            running.send(.terminate)
            #expect(bench.end(running) == .exited(0), "\(bench.log(log))")
        }

        func expect(_ held: Bool) throws {
            #expect(try bench.waitForAddress(host, held), "\(name)\n\(bench.log(log))")
        }
    }

    private struct Stage {
        let words: String
        /// A keepalived that stops, or takes its peer's place, leaves a gap; nothing of ours does.
        let isTheirs: Bool
        let start: Instant
        let end: Instant
    }

    @Test func `a pair of keepalived becomes a pair of holdfastd, and back, at keepalived's cost alone`()
        throws
    {
        let bench = try DirectorBench(withClient: true)
        let client = try #require(bench.segment.client)
        let a = try Side("a", bench.a, 150, bench)
        let b = try Side("b", bench.b, 100, bench)
        try a.start(.keepalived)
        try a.expect(true)
        try b.start(.keepalived)
        let prober = try bench.agent(
            "probe \(DirectorBench.vip):80 1000000 0 500000000", on: client, for: 600, name: "client")
        _ = Tools.wait(.seconds(1)) { false }

        var stages: [Stage] = []
        func stage(_ words: String, isTheirs: Bool = false, _ body: () throws -> Void) throws {
            let start = Clock.now()
            try body()
            _ = Tools.wait(.seconds(1)) { false }
            stages.append(Stage(words: words, isTheirs: isTheirs, start: start, end: Clock.now()))
        }
        func lead() throws {
            try a.expect(true)
            try b.expect(false)
        }
        for (old, new) in [(Program.keepalived, Program.holdfastd), (.holdfastd, .keepalived)] {
            try stage("b, backup: \(old) goes, \(new) comes") {
                try b.stop()
                try b.start(new)
            }
            try stage("a, master: \(old) goes, \(new) follows on b", isTheirs: old == .keepalived) {
                try a.stop()
                try b.expect(true)
                try a.host.expectNothing()
            }
            try stage("a, the better one: \(new) comes, \(new) was master on b", isTheirs: new == .keepalived)
            {
                try a.start(new)
                try lead()
            }
        }
        prober.sendToGroup(.kill)
        _ = bench.end(prober)
        try judge(stages, bench.sightings("client"))
        try b.stop()
        try a.stop()
    }

    private func judge(_ stages: [Stage], _ sightings: [Sighting]) throws {
        for stage in stages {
            var (lost, all): ([Instant], Int) = ([], 0)
            for case .probe(let start, _, let outcome, _) in sightings
            where (stage.start..<stage.end).contains(start) {
                all += 1
                if outcome != .answered { lost.append(start) }
            }
            print("\(stage.words): \(lost.count) of \(all) probes lost")
            #expect(all > 200, "\(stage.words)")
            if stage.isTheirs {
                // Its successor waits for its skew, 609 ms; twice that and what a busy machine adds.
                let gap = (lost.last ?? stage.start) - (lost.first ?? stage.start)
                #expect(gap < .seconds(hasIPVS ? 5 : 2), "\(stage.words): \(gap)")
            } else {
                // No gap: a probe a millisecond. What is under way when the address moves may end with it,
                // which is more on a busy or an emulated machine.
                #expect(lost.count <= all / 20, "\(stage.words)")
            }
        }
    }
}

extension Segment.Host {
    fileprivate func expectNothing() throws { #expect(try !holds(DirectorBench.vip)) }
}
