// One soak: a pair with real servers and a client, one fault after the other, and a look at everything once
// the pair is well again.

import ConfigModel
import ControlProtocol
import FoundationEssentials
import LinuxIO
import NetTypes
import Timekeeping

/// Makes a soak, as root on a kernel with IPVS.
final class SoakRun {
    private let options: SoakOptions
    private let progress: (String) -> Void
    private let session: LabSession
    private let pair: LabPair
    private let hands: SoakHands
    private let checker = SoakChecker(spacing: .milliseconds(20), timeout: .milliseconds(2500))
    private let tables: [String: [[String]]]
    private var schedule: SoakSchedule
    private var record: SoakRecord
    private var samples: [String: (first: SoakSample, last: SoakSample)] = [:]

    /// How long a pair may take to be well, beyond what the machine stood still.
    private static let patience = Interval.seconds(45)
    /// So many violations are enough.
    private static let limit = 20

    private init(
        _ options: SoakOptions, place: String, folder: String, signals: SignalSource,
        progress: @escaping (String) -> Void
    ) throws {
        self.options = options
        self.progress = progress
        let executable = try FileManager.default.destinationOfSymbolicLink(atPath: HostFacts.ownExecutable)
        let daemon = try DaemonProgram.find(options.daemon, beside: executable)
        tables = try Self.tables(folder)
        let files = try PairFiles(folder: folder)
        let plan = try LabPlan(Self.load(SoakFiles.everything(of: LabPlan.directorA), folder, "everything"))
        session = try LabSession(plan, instance: SoakFiles.instance, signals: signals)
        pair = LabPair(files, plan: plan, session: session)
        hands = try SoakHands(session, plan, pair, daemon, folder: folder)
        schedule = SoakSchedule(seed: options.seed)
        record = SoakRecord(
            seed: options.seed, from: Clock.now(), to: Clock.now(), place: place, daemon: daemon.version)
    }

    /// Runs it; the lab is removed in every case.
    static func run(
        _ options: SoakOptions, place: String, signals: SignalSource, progress: @escaping (String) -> Void
    ) throws -> SoakRecord {
        let folder = try DrillRunner.makeFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let run = try SoakRun(options, place: place, folder: folder, signals: signals, progress: progress)
        defer { run.session.close() }
        try run.bringUp()
        try run.soak()
        return run.record
    }

    /// What each director is to have in its table with each configuration; writes the first of them.
    private static func tables(_ folder: String) throws -> [String: [[String]]] {
        var tables: [String: [[String]]] = [:]
        for director in LabPlan.directors {
            for variant in (0..<SoakFiles.variants).reversed() {
                let text = SoakFiles.text(of: director, variant: variant)
                let configuration = try load(text, folder, director)
                tables[director, default: []].insert(SoakFiles.table(of: configuration), at: 0)
            }
        }
        return tables
    }

    private static func load(_ text: String, _ folder: String, _ name: String) throws -> Configuration {
        let path = "\(folder)/\(name).conf"
        try Files.replace(path, with: Array(text.utf8))
        let result = ConfigurationLoader.load(path: path, configID: name, read: ConfigFiles.read)
        guard let configuration = result.configuration else { throw LabError(result.text) }
        return configuration
    }

    private func bringUp() throws {
        progress("building the lab, seed \(options.seed)")
        try pair.startServers()
        try pair.startWatcher(countingRevisits: false)
        for director in LabPlan.directors {
            try hands.write(director, variant: 0)
            try hands.start(director)
        }
        let client = ProbeSettings(
            target: session.network.plan.service, interval: checker.spacing, connections: 0,
            timeout: checker.timeout)
        guard try settle() == nil else { throw LabError("the pair did not get ready: \(try state() ?? "?")") }
        try session.start(.probe(client), in: LabPlan.client, name: "client")
        try session.run(for: .seconds(3))
    }

    // MARK: - Rounds

    private func soak() throws {
        record.from = Clock.now()
        let end = record.from + options.duration
        do {
            while Clock.now() < end, record.violations.count < Self.limit {
                try session.run(for: schedule.pause())
                guard try round(schedule.next()) else { break }
            }
            try finish()
        } catch let error as LabError {
            record.violations.append(SoakViolation(round: record.rounds.count, text: error.description))
        }
        let trace = session.trace
        record.to = Clock.now()
        record.requests = trace.probes.count
        record.failed = trace.probes.count { $0.outcome != .answered }
        record.stalled = checker.stall(trace, in: TimeSpan(from: record.from, to: record.to))
        record.samples = samples.values.flatMap { [$0.first, $0.last] }
            .sorted { ($0.director, $0.role, $0.at) < ($1.director, $1.role, $1.at) }
        record.violations += checker.growth(record.samples)
        guard let last = record.violations.last else { return }
        if let round = record.rounds.last(where: { $0.number == last.round }) ?? record.rounds.last {
            record.history = checker.history(of: round, in: trace)
        }
        for director in LabPlan.directors {
            record.logs += (session.logs[director] ?? []).suffix(60).map { "\(director): \($0)" }
        }
    }

    /// Makes one fault and follows it until the pair is well; false when it never was.
    private func round(_ fault: SoakFault) throws -> Bool {
        let number = record.rounds.count + 1
        let from = Clock.now()
        var round = SoakRound(number: number, fault: fault, from: from, over: from)
        record.rounds.append(round)
        let dead = try hands.perform(fault)
        round.dead = dead
        round.over = dead?.from ?? Clock.now()
        let trouble = try settle()
        if trouble == nil { round.settled = Clock.now() }
        round.complaints = hands.takeComplaints() + (trouble.map { [$0] } ?? [])
        // The requests that are under way have an end; then what holds must hold for a while.
        try session.run(for: checker.timeout + .milliseconds(500))
        sample(&round)
        record.rounds[number - 1] = round
        let found = checker.violations(of: round, in: session.trace, until: Clock.now() - checker.timeout)
        record.violations += found
        let well = round.settling.map { "well after \(Decimals.people($0))" } ?? "NOT WELL"
        progress("\(number): \(fault.sentence): \(well)" + found.map { "\n    BROKEN: \($0.text)" }.joined())
        return round.settled != nil
    }

    /// What the processes take, and whom they have not asked after.
    private func sample(_ round: inout SoakRound) {
        for director in LabPlan.directors {
            guard let host = hands.host(director) else { continue }
            for sample in host.samples(of: director, at: Clock.now()) {
                let name = "\(director) \(sample.role)"
                samples[name] = (samples[name]?.first ?? sample, sample)
            }
            let zombies = host.zombies
            guard !zombies.isEmpty else { continue }
            _ = try? session.run(for: .seconds(2))
            let left = host.zombies.filter(zombies.contains)
            if !left.isEmpty { round.complaints.append("\(director) does not ask after \(left.count) ended") }
        }
    }

    // MARK: - Well

    /// Waits until the pair is as it has to be; what is wrong when it never gets so.
    private func settle() throws -> String? {
        let from = Clock.now()
        while true {
            let isWell = try session.run(for: .seconds(5)) { [self] in isSteady }
            let trouble = isWell ? try state() : steadiness
            guard let trouble else { return nil }
            let stalled = checker.stall(session.trace, in: TimeSpan(from: from, to: Clock.now()))
            if Clock.now() - from > Self.patience + stalled * 2 { return trouble }
            try session.run(for: .milliseconds(300))
        }
    }

    private var isSteady: Bool {
        session.trace.holds(LabPlan.directorA) && !session.trace.holds(LabPlan.directorB)
            && LabPlan.directors.allSatisfy(hasTable)
    }

    private func hasTable(_ director: String) -> Bool {
        session.trace.table(director).sorted() == tables[director]?[hands.variants[director] ?? 0]
    }

    private var steadiness: String {
        LabPlan.directors.map { director in
            let held = session.trace.holds(director) ? "has" : "does not have"
            return "\(director) \(held) the address and the table "
                + session.trace.table(director).joined(separator: " ")
        }.joined(separator: "; ")
    }

    /// What the daemons themselves, and the last requests, say is wrong; nil for nothing.
    private func state() throws -> String? {
        for director in LabPlan.directors {
            let end = try hands.holdfast(director, "status", "--json")
            guard end.status.isSuccess, let status = try? JSONReader.read(end.output.text) else {
                return "holdfast status on \(director): \(end.status) \(end.error.text)"
            }
            let trouble = SoakStatus.trouble(status, of: director)
            if let trouble { return "\(director): \(trouble)" }
        }
        let recent = session.trace.probes.suffix(20)
        let failed = recent.count { $0.outcome != .answered }
        return failed == 0 ? nil : "\(failed) of the last \(recent.count) requests failed"
    }

    // MARK: - The end

    private func finish() throws {
        progress("stopping")
        for director in LabPlan.directors.reversed() { session.send(.terminate, to: director) }
        let haveEnded = try session.run(for: .seconds(40)) { [self] in
            LabPlan.directors.allSatisfy { session.ending(of: $0) != nil }
        }
        try session.run(for: .seconds(1))
        func complain(_ text: String) { record.violations.append(SoakViolation(round: 0, text: text)) }
        if !haveEnded { complain("a daemon did not end within 40 s of SIGTERM") }
        for director in LabPlan.directors {
            if let end = session.ending(of: director), !end.isSuccess {
                complain("\(director) ended: \(end)")
            }
            if session.trace.holds(director) { complain("\(director) has ended and still has the address") }
            let table = try hands.run(["ipvsadm", "-Sn"], in: director).output.text
            if !table.isEmpty { complain("\(director) has ended and left in the table: \(table)") }
            let left = session.inhabitants(of: director).count
            if left > 0 { complain("\(director) has ended and left \(left) processes") }
        }
    }
}
