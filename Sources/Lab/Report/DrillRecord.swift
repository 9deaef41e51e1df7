import Timekeeping

/// What one `holdfast drill` did and saw: the value that the JSON record, the report and the verdict table
/// are made of. All times are spans since the fault of their run (negative: before it), read from one clock.
struct DrillRecord: Hashable, Sendable, Codable {
    /// Where and with what the drill ran.
    var header: DrillHeader
    /// In the order in which they ran.
    var scenarios: [ScenarioRecord]
    /// Why the drill ended before its scenarios: no guest kernel, no root, interrupted. Nil when it went
    /// through.
    var problem: String?

    /// The verdict over all scenarios: a failure weighs most, then what could not run; skipped ones do not
    /// count as passed.
    var verdict: Verdict {
        let verdicts = scenarios.map { (name: $0.name, verdict: $0.verdict) }
        func named(_ outcome: Outcome) -> [String] {
            verdicts.filter { $0.verdict.outcome == outcome }.map(\.name)
        }
        let failed = named(.failed)
        if !failed.isEmpty { return Verdict(.failed, "failed: \(failed.joined(separator: ", "))") }
        if let problem { return Verdict(.couldNotRun, problem) }
        let stuck = named(.couldNotRun)
        if !stuck.isEmpty { return Verdict(.couldNotRun, "could not run: \(stuck.joined(separator: ", "))") }
        let passed = named(.passed)
        guard !passed.isEmpty else { return Verdict(.couldNotRun, "no scenario ran") }
        let skipped = named(.skipped)
        let rest = skipped.isEmpty ? "" : "; skipped: \(skipped.joined(separator: ", "))"
        let what = passed.count == 1 ? "1 scenario" : "\(passed.count) scenarios"
        return Verdict(.passed, "\(what) passed\(rest)")
    }

    /// The exit status of `holdfast drill`: 0 within budget, 1 over it or a check failed, 2 could not run.
    var exitStatus: Int32 {
        switch verdict.outcome {
        case .passed: 0
        case .failed: 1
        case .skipped, .couldNotRun: 2
        }
    }
}

/// Where and with what a drill ran.
struct DrillHeader: Hashable, Sendable, Codable {
    /// Version of `holdfast`.
    var toolVersion: String
    /// When it began, as the caller wishes it printed: `2026-08-21 14:02 UTC`.
    var date: String
    /// `uname -sr` of the kernel that forwarded the packets.
    var kernel: String
    /// Where that kernel ran: `this machine`, or `guest, QEMU TCG` (emulated: times are an upper limit).
    var place: String
    /// The example whose configurations ran: `dr-pair`.
    var example: String
    /// The daemon's executable.
    var daemonPath: String
    /// What the daemon says about its version.
    var daemonVersion: String
    /// The configurations exactly as the directors read them.
    var configurations: [DirectorConfiguration]
    /// More rows for the report's table of versions and settings: probe spacing, interface, processors.
    var facts: [Fact] = []
}

/// One row of the report's table of versions and settings.
struct Fact: Hashable, Sendable, Codable {
    /// What it is about: `probe spacing`.
    var name: String
    /// Its value with its unit: `1 ms`.
    var value: String
}

/// A configuration as a director read it.
struct DirectorConfiguration: Hashable, Sendable, Codable {
    /// Whose it is: `director-a`.
    var director: String
    /// The text of the file.
    var text: String
    /// SHA-256 of the text, lower-case hexadecimal.
    var sha256: String
}

/// How something ended.
enum Outcome: String, Hashable, Sendable, Codable, CaseIterable {
    case passed = "pass"
    case failed = "fail"
    case skipped = "skipped"
    case couldNotRun = "could-not-run"
}

/// How something ended and why, in a few words.
struct Verdict: Hashable, Sendable, Codable {
    /// How it ended.
    var outcome: Outcome
    /// Why: `outage 3.412 s of 3.859 s`.
    var reason: String

    /// A verdict with its reason.
    init(_ outcome: Outcome, _ reason: String) {
        self.outcome = outcome
        self.reason = reason
    }
}

/// One scenario: what was done, what was expected, and what each run of it showed.
struct ScenarioRecord: Hashable, Sendable, Codable {
    /// Its word on the command line: `crash`.
    var name: String
    /// Its heading: `Crash of the master`.
    var title: String
    /// One sentence: what is done to the pair.
    var sentence: String
    /// One sentence, computed from the configuration before the fault: what is expected.
    var expectation: String
    /// Longest outage that the protocol allows with this configuration. Nil when the scenario is not about
    /// one.
    var bound: Interval?
    /// Longest outage that passes. Nil when only checks decide.
    var budget: Interval?
    /// The runs, in order.
    var runs: [RunRecord] = []
    /// Checks over all runs, or beside them.
    var checks: [CheckRecord] = []
    /// Parts of the scenario that were left out.
    var skipped: [SkippedPart] = []
    /// What kept the scenario as a whole from running.
    var obstacle: Obstacle?

    /// What is granted beyond the protocol's bound when no budget is named.
    static let margin = Interval.milliseconds(250)

    /// All checks: the scenario's own, then those of its runs.
    var allChecks: [CheckRecord] { checks + runs.flatMap(\.checks) }

    /// The longest outage of all runs; nil when none was measured.
    var worstOutage: Outage? { runs.compactMap(\.outage).max { $0.length < $1.length } }

    /// The run with the longest outage, the first run when no outage was measured: the one worth a picture.
    var worstRun: RunRecord? {
        runs.filter { $0.outage != nil }.max { left, right in
            (left.outage?.length ?? .zero) < (right.outage?.length ?? .zero)
        } ?? runs.first
    }

    /// Failed when an outage is over the budget or has no end, or a check failed; never passed without a
    /// measurement.
    var verdict: Verdict {
        switch obstacle {
        case .skipped(let reason): return Verdict(.skipped, reason)
        case .couldNotRun(let reason): return Verdict(.couldNotRun, reason)
        case nil: break
        }
        if let failure { return Verdict(.failed, failure) }
        guard !runs.isEmpty || !checks.isEmpty else { return Verdict(.couldNotRun, "no run was made") }
        let passed = allChecks.count
        let checksPassed = passed == 1 ? "1 check passed" : "\(passed) checks passed"
        guard let budget else {
            return passed == 0 ? Verdict(.couldNotRun, "nothing was checked") : Verdict(.passed, checksPassed)
        }
        guard let worst = worstOutage, !runs.contains(where: { $0.outage == nil }) else {
            return Verdict(.couldNotRun, "the client's outage was not measured")
        }
        return Verdict(.passed, "outage \(worst.length) of \(budget)")
    }

    /// The first reason to fail.
    private var failure: String? {
        if let budget {
            if runs.contains(where: { $0.outage?.isOver == false }) {
                return "service had not come back when the measurement ended"
            }
            if let worst = worstOutage, worst.length > budget { return "outage \(worst.length) of \(budget)" }
        }
        let failed = allChecks.filter { !$0.passed }
        guard let first = failed.first else { return nil }
        let others = failed.count == 1 ? "" : " (and \(failed.count - 1) more)"
        return "\(first.name): \(first.seen)\(others)"
    }
}

/// What kept a scenario from running.
enum Obstacle: Hashable, Sendable, Codable {
    /// Left out on purpose or because the machine lacks something; the drill may still pass.
    case skipped(String)
    /// It should have run; the drill's exit status tells.
    case couldNotRun(String)
}

/// A part that was left out, and why.
struct SkippedPart: Hashable, Sendable, Codable {
    /// What was left out.
    var what: String
    /// Why.
    var why: String
}

/// Something that had to be so, and what was seen.
struct CheckRecord: Hashable, Sendable, Codable {
    /// What is checked: `VIP held by one director`.
    var name: String
    /// What had to be seen: `never by both`.
    var wanted: String
    /// What was seen: `0 ms`.
    var seen: String
    /// Whether that is good.
    var passed: Bool
}

/// One run of a scenario.
struct RunRecord: Hashable, Sendable, Codable {
    /// 1 for the first.
    var number: Int
    /// The client's longest gap without a good reply; nil when it was not measured.
    var outage: Outage?
    /// The client's probes.
    var probes: ProbeCount
    /// The longest gap before the fault: what the lab itself adds. Nil when not measured.
    var noise: Interval?
    /// Who answered, most first.
    var servers: [ServerShare] = []
    /// Points in time, any order, each kind at most once.
    var milestones: [Milestone] = []
    /// The timeline's lanes, from top to bottom.
    var lanes: [Lane] = []
    /// Points that are marked across all lanes: the fault, a server removed, rules flushed, rules repaired.
    var marks: [EventMark] = []
    /// Checks of this run.
    var checks: [CheckRecord] = []
}

/// How many probes a client sent.
struct ProbeCount: Hashable, Sendable, Codable {
    /// All probes.
    var sent: Int
    /// Those without a good reply.
    var failed: Int
    /// The time between two of them, as meant.
    var spacing: Interval
}

/// The replies of one real server.
struct ServerShare: Hashable, Sendable, Codable {
    /// The server: `rs1`.
    var name: String
    /// Its good replies.
    var replies: Int
}

/// A point in time on the way from the fault to service.
struct Milestone: Hashable, Sendable, Codable {
    /// What happened.
    var kind: Kind
    /// When, since the fault.
    var at: Interval
    /// Who, or more: `director-b`.
    var detail: String = ""

    /// What may happen, in the order in which it is expected.
    enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case lastAdvert = "last advert of the old master"
        case fault
        case firstAdvert = "first advert of the new master"
        case addressAdded = "virtual address added"
        case firstAnnouncement = "first gratuitous ARP"
        case firstReply = "first good reply"
    }
}
