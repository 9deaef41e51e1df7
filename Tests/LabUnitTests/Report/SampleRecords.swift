import Timekeeping

@testable import Lab

/// Records as a drill on `Examples/dr-pair` fills them, alike at every call.
enum SampleRecords {
    static let text = "vrrp_instance VI_1 {\n    interface eth0    # <both> & \"same\"\n    priority 150\n}\n"

    static let header = DrillHeader(
        toolVersion: "0.1.0", date: "2026-08-21 14:02 UTC", kernel: "Linux 6.1.0-37-amd64",
        place: "guest, QEMU TCG", example: "dr-pair", daemonPath: "/usr/sbin/holdfastd",
        daemonVersion: "holdfastd 0.1.0",
        configurations: [
            DirectorConfiguration(
                director: "director-a", text: text, sha256: String(repeating: "4f1c09e2", count: 8)),
            DirectorConfiguration(
                director: "director-b", text: text, sha256: String(repeating: "90ab12cd", count: 8)),
        ], facts: [Fact(name: "Probe spacing", value: "1 ms"), Fact(name: "Processors", value: "2")])

    /// Probes every millisecond; those sent inside `gap` are not answered.
    static func series(
        from start: Interval, to end: Interval, gap: Range<Int64>?, failingEvery: Int64? = nil
    )
        -> ProbeSeries
    {
        var probes: [ClientProbe] = []
        var at = start
        var index: Int64 = 0
        while at <= end {
            let failing = failingEvery.map { index % $0 == 1 } ?? false
            let isLost = gap.map { $0.contains(at.nanoseconds / 1_000_000) } ?? false
            let latency = Interval.microseconds(310 + (index * 7919) % 240)
            probes.append(
                ClientProbe(
                    sent: at, answered: isLost || failing ? nil : at + latency,
                    server: index % 2 == 0 ? "rs1" : "rs2"))
            at = at + .milliseconds(1)
            index += 1
        }
        return ProbeSeries(probes, from: start, to: end, spacing: .milliseconds(1))
    }

    /// A crash at 0: the backup's timer, begun at the last advert 612 ms before, ends 2,997 ms after it.
    static func crashRun(number: Int = 1, back: Int64 = 3012) -> RunRecord {
        let (start, end) = (Interval.seconds(-2), Interval.seconds(7))
        let series = series(from: start, to: end, gap: 0..<back)
        let taken = Interval.milliseconds(back - 15)
        var run = RunRecord(number: number, outage: series.outage, probes: series.count, noise: series.noise)
        run.servers = series.servers
        run.milestones = [
            Milestone(kind: .lastAdvert, at: .milliseconds(-612), detail: "director-a"),
            Milestone(kind: .fault, at: .zero),
            Milestone(kind: .firstAdvert, at: taken, detail: "director-b"),
            Milestone(kind: .addressAdded, at: taken + .microseconds(820), detail: "director-b"),
            Milestone(kind: .firstAnnouncement, at: taken + .microseconds(1450), detail: "director-b"),
            Milestone(kind: .firstReply, at: series.firstReply ?? end),
        ]
        let adverts = [-1612, -612].map {
            LaneTick(at: .milliseconds($0), tone: .directorA, label: "priority 150")
        }
        let after = (0..<4).map {
            LaneTick(at: taken + .seconds(Int64($0)), tone: .directorB, label: "priority 100")
        }
        run.lanes = [
            series.lane(),
            .holder([
                LaneSpan(from: start, to: .zero, tone: .directorA),
                LaneSpan(from: .zero, to: taken + .microseconds(820), tone: .nobody),
                LaneSpan(from: taken + .microseconds(820), to: end, tone: .directorB),
            ]),
            .state(
                of: "director-a",
                [
                    LaneSpan(from: start, to: .zero, tone: .master),
                    LaneSpan(from: .zero, to: end, tone: .off, label: "killed"),
                ]),
            .state(
                of: "director-b",
                [
                    LaneSpan(from: start, to: taken, tone: .backup),
                    LaneSpan(from: taken, to: end, tone: .master),
                ]), .adverts(of: "director-a", adverts), .adverts(of: "director-b", after),
        ]
        run.marks = [EventMark(at: .zero, label: "fault", isFault: true)]
        run.checks = [
            CheckRecord(name: "VIP held by both", wanted: "never", seen: "0 ms", passed: true),
            CheckRecord(name: "service came back on", wanted: "director-b", seen: "director-b", passed: true),
        ]
        return run
    }

    static func crash(runs: Int = 1) -> ScenarioRecord {
        ScenarioRecord(
            name: "crash", title: "Crash of the master",
            sentence: "All processes of director-a are killed (SIGKILL) and its link is taken down.",
            expectation:
                "Expected: at most 3 × 1 s + 0.609 s = 3.609 s without service, "
                + "since director-b waits that long after the last advert.",
            bound: .milliseconds(3609), budget: .milliseconds(3859),
            runs: (0..<runs).map { crashRun(number: $0 + 1, back: 3012 + Int64($0 * 37 % 11) * 47) })
    }

    /// Make before break: no probe is lost.
    static var stop: ScenarioRecord {
        let series = series(from: .seconds(-1), to: .seconds(2), gap: nil)
        var run = RunRecord(
            number: 1, outage: series.outage, probes: series.count, noise: series.noise,
            servers: series.servers)
        run.milestones = [Milestone(kind: .fault, at: .zero)]
        run.lanes = [
            series.lane(),
            .holder([
                LaneSpan(from: .seconds(-1), to: .milliseconds(4), tone: .directorA),
                LaneSpan(from: .milliseconds(4), to: .milliseconds(6), tone: .both),
                LaneSpan(from: .milliseconds(6), to: .seconds(2), tone: .directorB),
            ]),
        ]
        return ScenarioRecord(
            name: "stop", title: "Planned stop of the master",
            sentence: "director-a is told to stop (SIGTERM).",
            expectation:
                "Expected: director-b takes over at once, after its skew time of 0.609 s at the latest.",
            bound: .milliseconds(609), budget: .milliseconds(859), runs: [run])
    }

    /// A real server that leaves and comes back.
    static var server: ScenarioRecord {
        let series = series(from: .seconds(-2), to: .seconds(14), gap: nil, failingEvery: nil)
        var run = RunRecord(
            number: 1, outage: nil, probes: series.count, noise: series.noise, servers: series.servers)
        run.milestones = [Milestone(kind: .fault, at: .zero)]
        run.lanes = [
            series.lane(),
            Lane(
                title: "rs1 in the pool",
                content: .spans([
                    LaneSpan(from: .seconds(-2), to: .milliseconds(2140), tone: .present),
                    LaneSpan(from: .milliseconds(2140), to: .milliseconds(9320), tone: .absent),
                    LaneSpan(from: .milliseconds(9320), to: .seconds(14), tone: .present),
                ])),
        ]
        run.marks = [
            EventMark(at: .zero, label: "rs1 killed", isFault: true),
            EventMark(at: .milliseconds(2140), label: "rs1 removed"),
            EventMark(at: .seconds(8), label: "rs1 started again"),
            EventMark(at: .milliseconds(9320), label: "rs1 back in the pool"),
        ]
        run.checks = [
            CheckRecord(name: "removed within", wanted: "5.000 s", seen: "2.140 s", passed: true),
            CheckRecord(name: "added again within", wanted: "5.000 s", seen: "1.320 s", passed: true),
        ]
        return ScenarioRecord(
            name: "server", title: "A real server dies and comes back",
            sentence: "The web server of rs1 is killed, and started again 8 s later.",
            expectation:
                "Expected: removed after 2 failed checks (2 s apart), added after the first good one.",
            runs: [run])
    }

    /// Every fourth request fails.
    static var loop: ScenarioRecord {
        let series = series(from: .zero, to: .seconds(3), gap: nil, failingEvery: 4)
        var run = RunRecord(
            number: 1, outage: nil, probes: series.count, noise: series.noise, servers: series.servers)
        run.lanes = [series.lane()]
        run.checks = [
            CheckRecord(
                name: "the loop is seen", wanted: "packets at a director twice", seen: "1 204", passed: true)
        ]
        return ScenarioRecord(
            name: "loop-guard-off", title: "Directors that are real servers, without the loop guard",
            sentence: "Both directors serve the page themselves; the guard is off.",
            expectation: "Expected: packets go round, and requests fail.", runs: [run])
    }

    static var skipped: ScenarioRecord {
        ScenarioRecord(
            name: "guard-repair", title: "The guard's rules are flushed", sentence: "", expectation: "",
            obstacle: .skipped("iptables is not installed"))
    }

    /// Service never came back.
    static var dead: ScenarioRecord {
        var scenario = crash()
        let series = series(from: .seconds(-1), to: .seconds(6), gap: 0..<99_999)
        scenario.name = "connection"
        scenario.title = "A connection survives the failover"
        scenario.runs[0].outage = series.outage
        scenario.runs[0].probes = series.count
        scenario.runs[0].lanes[0] = series.lane()
        scenario.runs[0].checks = [
            CheckRecord(name: "connection", wanted: "open", seen: "reset by <peer> & \"gone\"", passed: false)
        ]
        scenario.skipped = [SkippedPart(what: "UDP", why: "the example has no UDP service")]
        return scenario
    }

    static let passing = DrillRecord(header: header, scenarios: [crash(), stop, server, loop, skipped])
    static let failing = DrillRecord(header: header, scenarios: [crash(runs: 24), dead, skipped])
    static let empty = DrillRecord(
        header: DrillHeader(
            toolVersion: "", date: "", kernel: "", place: "", example: "", daemonPath: "", daemonVersion: "",
            configurations: []), scenarios: [])
}
