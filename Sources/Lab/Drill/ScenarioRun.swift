// One run of one scenario: builds a fresh lab, waits until the pair is well, breaks something, follows what
// happens, and removes the lab in every case.

import ConfigModel
import FoundationEssentials
import LinuxIO
import LoadBalancing
import NetTypes
import Timekeeping
import VRRP

/// What a run needs to know.
struct ScenarioSetting {
    let scenario: Scenario
    let pair: PairFiles
    let expectation: DrillExpectation
    let daemon: DaemonProgram
    let interval: Interval
    /// For files of the run.
    let folder: String
    let signals: SignalSource
    /// Tells the operator what is going on.
    let progress: (String) -> Void
}

/// The run.
final class ScenarioRun {
    let setting: ScenarioSetting
    let plan: LabPlan
    let session: LabSession
    /// Long-lived connections.
    static let connections = 4

    private init(_ setting: ScenarioSetting) throws {
        self.setting = setting
        guard let configuration = setting.pair.configurations[setting.pair.master],
            let instance = configuration.instances.first
        else { throw LabError("the configuration has no vrrp_instance") }
        plan = try LabPlan(configuration)
        session = try LabSession(plan, instance: instance.name, signals: setting.signals)
    }

    /// Runs it; the record, and the last log lines of both directors.
    static func run(_ setting: ScenarioSetting, number: Int) throws -> RunRecord {
        setting.progress("building the lab")
        let run = try ScenarioRun(setting)
        defer { run.session.close() }
        try run.bringUp()
        return try run.perform(number)
    }

    var master: String { setting.pair.master }
    var backup: String { setting.pair.backup }
    var trace: Trace { session.trace }

    // MARK: - Before the fault

    private func bringUp() throws {
        let pair = LabPair(setting.pair, plan: plan, session: session)
        try pair.startServers()
        try pair.startWatcher(countingRevisits: setting.scenario.needsGuard)
        setting.progress("starting the daemons")
        try pair.startDaemons(setting.daemon, folder: setting.folder)
        setting.progress("waiting for the pair to be ready")
        try pair.waitUntilReady()
        let client = ProbeSettings(
            target: plan.service, interval: setting.interval, connections: Self.connections,
            timeout: setting.scenario.requestTimeout)
        try session.start(.probe(client), in: LabPlan.client, name: "client")
        // Long enough for the connections to be synced: the third packet is announced to the other director.
        try session.run(for: .milliseconds(2500))
        let recent = trace.probes.suffix(50)
        let isLooping = setting.scenario == .loopGuardOff
        guard isLooping || (!recent.isEmpty && recent.allSatisfy { $0.outcome == .answered }) else {
            let answered = recent.count { $0.outcome == .answered }
            throw LabError(
                "the service is not ready: \(answered) of the last \(recent.count) requests answered")
        }
    }

    // MARK: - The fault

    private func perform(_ number: Int) throws -> RunRecord {
        let record = try act(number)
        guard setting.scenario.isFailover || !trace.wasDisturbed(backup: backup) else {
            throw LabError(
                "\(backup) took the address although nothing had happened to \(master): this machine is "
                    + "too busy to say anything about the pair")
        }
        return record
    }

    private func act(_ number: Int) throws -> RunRecord {
        switch setting.scenario {
        case .crash, .connection: try crash(number)
        case .stop: try stop(number)
        case .server: try killServer(number)
        case .loopGuardOff, .loopGuardOn: try watchLoops(number)
        case .guardRepair: try flushRules(number)
        }
    }

    /// Waits a random part of the advert interval, so that runs do not always meet the same phase.
    private func waitForPhase() throws {
        let interval =
            setting.pair.configurations[master]?.instances.first?.advertisementInterval ?? .seconds(1)
        try session.run(for: Interval(nanoseconds: Int64.random(in: 0...max(1, interval.nanoseconds))))
    }

    /// Follows a failover until the client has been served again for a while and every long-lived connection
    /// has carried a line or is lost: TCP may wait as long again as the outage was before it tries.
    private func followFailover(from fault: Instant) throws {
        let budget = setting.expectation.budget ?? .seconds(10)
        var servedSince: Instant?
        try session.run(for: budget * 2 + .seconds(10)) { [self] in
            guard let recovery = recovery(after: fault) else { return false }
            if servedSince == nil, trace.probes.last(where: { $0.start > fault })?.outcome == .answered {
                servedSince = Clock.now()
            }
            guard let servedSince, Clock.now() - servedSince > .milliseconds(1500) else { return false }
            let carrying = Set(trace.exchanges.filter { $0.received > recovery }.map(\.connection))
            let ended = trace.connections(servedBy: master).union(trace.losses.keys)
            return carrying.union(ended).count >= Self.connections
        }
    }

    /// When the other director had the address.
    private func recovery(after fault: Instant) -> Instant? {
        trace.holdings.first { $0.director == backup && $0.at > fault && $0.value }?.at
    }

    private func crash(_ number: Int) throws -> RunRecord {
        setting.progress("the master crashes")
        try waitForPhase()
        // Frozen first, so that no process can say goodbye for another; then the cables, then the kill.
        session.freeze(master)
        let fault = Clock.now()
        try session.network.setCables(master, up: false)
        session.killAll(in: master)
        try followFailover(from: fault)
        let moments = self.moments(fault, "\(master) dies", dead: master)
        var run = RunReading(trace: trace, moments: moments).record(number: number)
        let measurement = Measurement(
            trace, in: moments.after, dead: master, recovery: recovery(after: fault) ?? moments.end)
        run.checks = failoverChecks(measurement, together: .milliseconds(50))
        if setting.scenario == .connection { run.checks += connectionChecks(measurement) }
        return run
    }

    private func stop(_ number: Int) throws -> RunRecord {
        setting.progress("the master's daemon is asked to stop")
        try waitForPhase()
        let fault = Clock.now()
        session.send(.terminate, to: master)
        try followFailover(from: fault)
        let hasEnded = try session.run(for: .seconds(10)) { [self] in session.ending(of: master) != nil }
        try session.run(for: .milliseconds(200))
        var moments = self.moments(fault, "\(master) stops")
        moments.stopped = session.endings[master]
        var run = RunReading(trace: trace, moments: moments).record(number: number)
        let measurement = Measurement(trace, in: moments.after)
        let left = leftBehind()
        run.checks =
            failoverChecks(measurement, together: .milliseconds(500)) + [
                CheckRecord(
                    name: "daemon ends by itself", wanted: "exit status 0",
                    seen: hasEnded ? "\(session.ending(of: master).map { "\($0)" } ?? "")" : "still runs",
                    passed: session.ending(of: master)?.isSuccess == true),
                CheckRecord(
                    name: "nothing of it left behind", wanted: "no address, no IPVS entry, no mark rule",
                    seen: left.isEmpty ? "nothing" : left.joined(separator: ", "), passed: left.isEmpty),
            ]
        return run
    }

    private func leftBehind() -> [String] {
        var left: [String] = []
        if trace.holds(master) { left.append("the address") }
        if !trace.table(master).isEmpty { left.append("\(trace.table(master).count) IPVS destinations") }
        if let rules = try? markRules(master), !rules.isEmpty { left.append("\(rules.count) mark rules") }
        return left
    }

    private func killServer(_ number: Int) throws -> RunRecord {
        guard let configuration = setting.pair.configurations[master],
            let (victim, listed) = DrillExpectation.victim(of: configuration),
            case .v4(let address) = victim.endpoint.address, let name = plan.serverNames[address],
            let node = plan.node(name), let bound = setting.expectation.bound
        else { throw LabError("the configuration has no real server with a check") }
        setting.progress("\(name) dies")
        let removal = setting.expectation.budget ?? bound
        let return_ = DrillExpectation.readmission(of: victim) + (removal - bound)
        func isListed(_ director: String) -> Bool {
            trace.table(director).contains { $0.hasPrefix("\(listed)*") && !$0.hasSuffix("*0") }
        }
        let fault = Clock.now()
        session.kill(LabPair.serverProcess(name))
        let isOut = try session.run(for: removal + .seconds(10)) {
            !LabPlan.directors.contains(where: isListed)
        }
        let out = Clock.now()
        try session.run(for: .seconds(2))
        setting.progress("\(name) comes back")
        try LabPair(setting.pair, plan: plan, session: session).startServer(node)
        let revived = Clock.now()
        let isBack = try session.run(for: return_ + .seconds(10)) { LabPlan.directors.allSatisfy(isListed) }
        let back = Clock.now()
        let answers = try session.run(for: .seconds(3)) { [self] in
            trace.probes.suffix(200).contains { $0.server == name && $0.start > back }
        }
        try session.run(for: .milliseconds(500))
        var moments = self.moments(fault, "\(name) dies")
        moments.marks = (isOut ? [(out, "\(name) removed")] : []) + [(revived, "\(name) starts")]
        if isBack { moments.marks.append((back, "\(name) readmitted")) }
        var run = RunReading(trace: trace, moments: moments).record(number: number)
        let quiet = Measurement(trace, in: TimeSpan(from: out + .milliseconds(250), to: moments.end))
        run.checks = [
            timeCheck("removed on both directors", isOut ? out - fault : nil, within: removal),
            timeCheck("readmitted on both directors", isBack ? back - revived : nil, within: return_),
            CheckRecord(
                name: "requests answered once it is out", wanted: "all", seen: "failed: \(quiet.failureText)",
                passed: quiet.failed == 0),
            CheckRecord(
                name: "serves again", wanted: "answers from \(name)", seen: answers ? "yes" : "none",
                passed: answers),
        ]
        return run
    }

    private func watchLoops(_ number: Int) throws -> RunRecord {
        setting.progress("requests through both directors")
        let fault = Clock.now()
        try session.run(for: .seconds(6))
        let moments = self.moments(fault, setting.scenario == .loopGuardOff ? "no guard" : "guarded")
        var run = RunReading(trace: trace, moments: moments).record(number: number)
        let measurement = Measurement(trace, in: moments.after)
        if setting.scenario == .loopGuardOff {
            run.checks = [
                CheckRecord(
                    name: "the loop shows", wanted: "packets that come back, or failed requests",
                    seen: Self.loopText(measurement, requests: run.probes.sent),
                    passed: measurement.revisits > 0 || measurement.failed > 0)
            ]
        } else {
            run.checks = loopChecks(measurement, requests: run.probes.sent) + sharingChecks(run)
        }
        return run
    }

    private static func loopText(_ measurement: Measurement, requests: Int) -> String {
        "\(measurement.revisits) came back, \(measurement.failed) of \(requests) failed"
    }

    private func flushRules(_ number: Int) throws -> RunRecord {
        setting.progress("the guard's rules are flushed")
        let before = try markRules(master)
        guard !before.isEmpty else { throw LabError("\(master) has no mark rules to flush") }
        let iptables = try HostPrograms.require("iptables", package: "iptables")
        let fault = Clock.now()
        let flush = session.network.program(in: master, [iptables, "-t", "mangle", "-F"])
        _ = try flush.run(timeout: .seconds(20))
        var isRepaired = false
        let bound = setting.expectation.bound ?? DrillExpectation.repairBound
        while !isRepaired, Clock.now() - fault < bound * 2 {
            try session.run(for: .milliseconds(100))
            isRepaired = try markRules(master) == before
        }
        let repaired = Clock.now()
        try session.run(for: .seconds(2))
        var moments = self.moments(fault, "rules flushed")
        if isRepaired { moments.marks.append((repaired, "rules are back")) }
        var run = RunReading(trace: trace, moments: moments).record(number: number)
        let measurement = Measurement(trace, in: TimeSpan(from: repaired, to: moments.end))
        run.checks =
            [timeCheck("rules are back", isRepaired ? repaired - fault : nil, within: bound)]
            + loopChecks(measurement, requests: run.probes.sent)
        return run
    }

    /// The rules of a director's mangle table that set marks.
    private func markRules(_ director: String) throws -> [String] {
        let save = try HostPrograms.require("iptables-save", package: "iptables")
        let program = session.network.program(in: director, [save, "-t", "mangle"])
        let text = try program.run(timeout: .seconds(20)).output.text
        return text.split(separator: "\n").filter { $0.hasPrefix("-A") }.map(String.init)
    }

    // MARK: - Verdicts

    private func moments(_ fault: Instant, _ label: String, dead: String? = nil) -> RunMoments {
        RunMoments(
            start: fault - .milliseconds(1200), fault: fault, end: Clock.now(), dead: dead, master: master,
            faultLabel: label, spacing: setting.interval)
    }

    private func timeCheck(_ name: String, _ time: Interval?, within limit: Interval) -> CheckRecord {
        CheckRecord(
            name: name, wanted: "within \(limit)", seen: time.map { "after \($0)" } ?? "never",
            passed: time.map { $0 <= limit } ?? false)
    }

    /// `together`: how long both may have the address. One that dies shares it with nobody; one that stops
    /// keeps it for 50 ms more than its successor needs to take it.
    private func failoverChecks(_ measurement: Measurement, together: Interval) -> [CheckRecord] {
        [
            CheckRecord(
                name: "address on one director at most", wanted: "on both for \(together) at most",
                seen: "\(measurement.heldTwice) on both", passed: measurement.heldTwice <= together),
            CheckRecord(
                name: "the other director serves", wanted: "address on \(backup)",
                seen: trace.holds(backup) ? "yes" : "no", passed: trace.holds(backup)),
        ]
    }

    private func connectionChecks(_ measurement: Measurement) -> [CheckRecord] {
        let stall = "longest silence \(measurement.longestStall)"
        let others = Self.connections - measurement.connectionsOfDead
        let rest = measurement.connectionsOfDead == 0 ? "" : " that \(master) did not serve itself"
        return [
            CheckRecord(
                name: "established connections survive", wanted: "\(others) of \(others)\(rest)",
                seen: "\(measurement.survivors) of \(measurement.connections), \(stall)",
                passed: others > 0 && measurement.connections == others
                    && measurement.survivors == others)
        ]
    }

    private func loopChecks(_ measurement: Measurement, requests: Int) -> [CheckRecord] {
        [
            CheckRecord(
                name: "no packet visits a director twice", wanted: "0", seen: "\(measurement.revisits)",
                passed: measurement.revisits == 0),
            CheckRecord(
                name: "requests answered", wanted: "all",
                seen: "of \(requests) failed: \(measurement.failureText)",
                passed: measurement.failed == 0),
        ]
    }

    private func sharingChecks(_ run: RunRecord) -> [CheckRecord] {
        let seen = run.servers.map { "\($0.name) \($0.replies)" }.joined(separator: ", ")
        return [
            CheckRecord(
                name: "both directors serve", wanted: "answers from both", seen: seen,
                passed: run.servers.count { LabPlan.directors.contains($0.name) } == 2)
        ]
    }
}
