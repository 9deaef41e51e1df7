// VRRP beside keepalived, in the same run: failovers, adverts' punctuality, processor time and memory.

import FoundationEssentials
import LinuxIO
import Timekeeping
import VRRP

/// What is measured, and how often.
package struct ElectionBenchOptions: Hashable, Sendable {
    /// Failovers of each kind; of configurations that advertise every second `slowRuns`.
    package var runs = 10
    /// Of configurations that advertise every second; 0 leaves them out.
    package var slowRuns = 3
    /// Everything, at least ten times.
    package var full = false
    /// Seconds that adverts and processor time are watched for.
    package var seconds: Int64 = 10
    /// Our daemon; by default the one beside this program.
    package var daemon: String?
    /// Only what has this in its title.
    package var only = ""

    /// The defaults, which take about ten minutes.
    package init() {}
}

/// Runs everything as root in namespaces of its own.
package struct ElectionBench {
    private let options: ElectionBenchOptions
    private let signals: SignalSource
    private let contestants: [DaemonProgram]
    private let progress: (String) -> Void

    /// Needs root. Without a keepalived our daemon runs alone.
    package init(_ options: ElectionBenchOptions, progress: @escaping (String) -> Void) throws {
        var options = options
        if options.full {
            options.runs = max(options.runs, 10)
            options.slowRuns = max(options.slowRuns, 10)
            options.seconds = max(options.seconds, 30)
        }
        self.options = options
        self.progress = progress
        signals = try SignalSource([.interrupt, .terminate])
        let executable = try FileManager.default.destinationOfSymbolicLink(atPath: HostFacts.ownExecutable)
        var contestants = [try DaemonProgram.find(options.daemon, beside: executable)]
        if let keepalived = HostPrograms.find("keepalived") {
            contestants.append(try DaemonProgram.find(keepalived, beside: executable))
        }
        self.contestants = contestants
    }

    /// Measures; what was measured so far is in the record even when the rest cannot be.
    package func run() throws -> ElectionRecord {
        let folder = try DrillRunner.makeFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var record = ElectionRecord(programs: contestants.map(\.version))
        for setup in ElectionSetup.failovers where isWanted(setup) { try failovers(setup, folder, &record) }
        for interval in [Interval.milliseconds(100), .milliseconds(10)] {
            for isBusy in [false, true] {
                let setup = ElectionSetup(version: .v3, interval: interval)
                guard options.only.isEmpty || "jitter".contains(options.only) else { continue }
                try punctuality(setup, isBusy: isBusy, folder, &record)
            }
        }
        for count in [1, 50, 255] {
            for interval in [Interval.milliseconds(100), .seconds(1)]
            where options.full || interval == .milliseconds(100) {
                guard options.only.isEmpty || "load".contains(options.only) else { continue }
                try load(
                    ElectionSetup(version: .v3, interval: interval, instances: count), folder, &record)
            }
        }
        return record
    }

    private func isWanted(_ setup: ElectionSetup) -> Bool {
        let isSlow = setup.interval >= .seconds(1)
        if !options.only.isEmpty { return setup.title.contains(options.only) }
        return options.full || !isSlow || (setup.version == .v2 && options.slowRuns > 0)
    }

    // MARK: - Failovers

    private func failovers(_ setup: ElectionSetup, _ folder: String, _ record: inout ElectionRecord) throws {
        let isSlow = setup.interval >= .seconds(1)
        let runs = isSlow ? max(1, options.slowRuns) : options.runs
        for fault in ElectionFault.allCases {
            var row = FailoverRow(setup: setup, fault: fault, readings: contestants.map { _ in [] })
            for (index, daemon) in contestants.enumerated() {
                let pair = try ElectionPair(setup, daemon: daemon, folder: folder, signals: signals)
                defer { pair.close() }
                try pair.startClient()
                for number in 0..<runs {
                    row.readings[index].append(
                        try failover(pair, setup, fault, phase: Double(number) / Double(runs)))
                }
            }
            record.failovers.append(row)
            progress("\(setup.title), \(fault.title): done")
        }
    }

    /// One failover; the fault comes `phase` of an interval after an advert.
    private func failover(
        _ pair: ElectionPair, _ setup: ElectionSetup, _ fault: ElectionFault, phase: Double
    ) throws -> ElectionReading {
        try pair.startDaemons()
        let count = pair.trace.adverts.count
        try pair.run(for: setup.interval * 3) { pair.trace.adverts.count > count }
        try pair.run(for: Interval(nanoseconds: Int64(Double(setup.interval.nanoseconds) * phase)))
        let start = Clock.now() - .milliseconds(50)
        let at = try pair.strike(fault)
        let limit = fault == .role ? setup.bound + .seconds(1) : setup.bound + .seconds(3)
        let before = pair.trace.adverts.count
        try pair.run(for: limit) {
            fault != .role
                && pair.trace.adverts.dropFirst(before).contains {
                    $0.director == LabPlan.directorB && $0.value > 0
                }
        }
        try pair.run(for: .milliseconds(200))
        let end = Clock.now()
        // What was sent by then has time to be answered or lost.
        try pair.run(for: ElectionPair.probeTimeout + .milliseconds(50))
        let reading = ElectionReading(pair.trace, from: start, fault: fault, at: at, to: end)
        try pair.reset()
        return reading
    }

    // MARK: - Punctuality

    private func punctuality(
        _ setup: ElectionSetup, isBusy: Bool, _ folder: String, _ record: inout ElectionRecord
    ) throws {
        let busy = try HostPrograms.require("md5sum", package: "coreutils")
        var row = JitterRow(setup: setup, isBusy: isBusy, gaps: [])
        for daemon in contestants {
            let pair = try ElectionPair(setup, daemon: daemon, folder: folder, signals: signals)
            defer { pair.close() }
            try pair.startDaemons()
            let hogs = try (0..<(isBusy ? 4 : 0)).map { _ in
                try ChildProcess(
                    Program(busy, ["/dev/zero"]),
                    ChildStreams(output: .null, error: .null))
            }
            defer {
                for hog in hogs { hog.send(.kill) }
                for hog in hogs {
                    while (try? hog.reap()) == .some(nil) { Scheduling.sleep(.milliseconds(5)) }
                }
            }
            try pair.run(for: .milliseconds(500))
            let start = Clock.now()
            try pair.run(for: .seconds(options.seconds))
            row.gaps.append(
                AdvertGaps(
                    pair.trace.adverts.filter { $0.director == LabPlan.directorA && $0.at > start }.map(\.at))
            )
        }
        record.jitter.append(row)
        progress("adverts of \(setup.title)\(isBusy ? " beside four busy loops" : ""): done")
    }

    // MARK: - Load

    private func load(_ setup: ElectionSetup, _ folder: String, _ record: inout ElectionRecord) throws {
        var row = LoadRow(setup: setup, figures: [])
        for daemon in contestants {
            let pair = try ElectionPair(setup, daemon: daemon, folder: folder, signals: signals)
            defer { pair.close() }
            try pair.startDaemons()
            // Repeated announcements come five seconds after a director became master.
            try pair.run(for: setup.bound + .seconds(6))
            var figure = LoadFigure()
            let start = Clock.now()
            let pids = try LabPlan.directors.map { try pair.electionProcess(of: $0) }
            for _ in 0..<10 {
                let (from, count) = (pids.map { ProcessLoad(of: $0) }, pair.trace.adverts.count)
                try pair.run(for: max(.milliseconds(options.seconds * 100), setup.interval))
                let to = pids.map { ProcessLoad(of: $0) }
                let adverts = pair.trace.adverts.count - count
                for (index, times) in zip(from, to).enumerated() {
                    guard adverts > 0, let first = times.0, let last = times.1 else { continue }
                    let used = last.processor - first.processor
                    figure.perAdvert[index].append(Double(used.nanoseconds) / 1e3 / Double(adverts))
                }
            }
            for (index, director) in LabPlan.directors.enumerated() {
                figure.resident[index] = ProcessLoad(of: pids[index])?.resident ?? 0
                figure.residentInAll[index] =
                    pair.processes(of: director).compactMap { ProcessLoad(of: $0)?.resident }.reduce(0, +)
            }
            figure.strayAdverts = pair.trace.adverts.count {
                $0.director == LabPlan.directorB && $0.at > start
            }
            row.figures.append(figure)
        }
        record.loads.append(row)
        progress("\(setup.instances) instances, \(setup.title): done")
    }
}
