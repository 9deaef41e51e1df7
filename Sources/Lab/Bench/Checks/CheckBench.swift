// Health checks beside keepalived, in the same run: processor time, memory, system calls, how evenly probes
// begin, and how soon a server that dies has left the kernel's table.

import FoundationEssentials
import LinuxIO
import Timekeeping

/// What is measured, and how long.
package struct CheckBenchOptions: Hashable, Sendable {
    /// Ten thousand checks, too.
    package var full = false
    /// Seconds that each load is watched for.
    package var seconds: Int64 = 10
    /// Deaths of each kind.
    package var deaths = 5
    /// Our daemon; by default the one beside this program.
    package var daemon: String?
    /// Only what has this in its title.
    package var only = ""

    /// The defaults.
    package init() {}
}

/// Runs everything as root on a kernel with IPVS, in a namespace of its own.
package struct CheckBench {
    private let options: CheckBenchOptions
    private let contestants: [DaemonProgram]
    private let executable: String
    private let progress: (String) -> Void
    /// A load so small that a process is as large as it is without checks.
    private static let few = 10
    private static let windows: Int64 = 5

    /// Without a keepalived our daemon runs alone.
    package init(_ options: CheckBenchOptions, progress: @escaping (String) -> Void) throws {
        self.options = options
        self.progress = progress
        executable = try FileManager.default.destinationOfSymbolicLink(atPath: HostFacts.ownExecutable)
        contestants = try DaemonProgram.contestants(options.daemon)
    }

    /// The loads.
    static func setups(full: Bool) -> [CheckSetup] {
        let watched = [100, 1000].map { CheckSetup(kind: .tcp, count: $0, victims: 5) }
        let usual = watched + [CheckSetup(kind: .http, count: 1000)]
        return usual + (full ? [CheckSetup(kind: .tcp, count: 10_000)] : [])
    }

    /// Measures.
    package func run() throws -> CheckBenchRecord {
        let folder = try DrillRunner.makeFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var record = CheckBenchRecord(programs: contestants.map(\.version))
        var bases: [CheckSetup.Kind: [Int]] = [:]
        for setup in Self.setups(full: options.full)
        where options.only.isEmpty || setup.title.contains(options.only) {
            if bases[setup.kind] == nil {
                bases[setup.kind] = try contestants.map { daemon in
                    try within(folder) { lab in
                        try lab.start(daemon, CheckSetup(kind: setup.kind, count: Self.few))
                        return ProcessLoad(of: try lab.checker())?.resident ?? 0
                    }
                }
            }
            var row = CheckRow(setup: setup, figures: [])
            for (index, daemon) in contestants.enumerated() {
                let title = "\(setup.title) checks, \(CheckBenchRecord.name(index))"
                var figures = CheckFigures()
                do {
                    figures = try within(folder) { try measure($0, daemon, setup) }
                    let grown = Double(figures.resident - (bases[setup.kind]?[index] ?? 0)) * 1024
                    figures.perCheck = grown / Double(setup.count + setup.victims - Self.few)
                    progress("\(title): done")
                } catch {
                    // What was measured before is worth its minutes.
                    record.failures.append("\(title): \(error)")
                    progress("\(title): \(error)")
                }
                row.figures.append(figures)
            }
            record.rows.append(row)
        }
        return record
    }

    private func within<Value>(_ folder: String, _ body: (CheckLab) throws -> Value) throws -> Value {
        let lab = try CheckLab(folder: folder, tool: executable)
        defer { lab.close() }
        return try lab.quoting(body)
    }

    private func measure(
        _ lab: CheckLab, _ daemon: DaemonProgram, _ setup: CheckSetup
    ) throws -> CheckFigures {
        var figures = CheckFigures()
        try lab.start(daemon, setup)
        let checker = try lab.checker()
        let before = ProcessTimes(of: checker)
        var counts: [StartCount] = []
        for _ in 0..<Self.windows {
            let first = try lab.usage()
            counts += try lab.pass(.milliseconds(options.seconds * 1000 / Self.windows))
            figures.add(from: first, to: try lab.usage())
        }
        if let before, let after = ProcessTimes(of: checker) {
            figures.userShare = after.userShare(since: before)
        }
        if let first = counts.first, let last = counts.last, last.at > first.at {
            figures.rate = Double(last.begun - first.begun) / (last.at - first.at).seconds
        }
        figures.spread = StartSpread(counts)
        figures.out = setup.count + setup.victims - (try lab.tableSize())
        figures.resident = ProcessLoad(of: checker)?.resident ?? 0
        figures.residentInAll = lab.processes.compactMap { ProcessLoad(of: $0)?.resident }.reduce(0, +)
        figures.calls = try lab.systemCalls()
        guard setup.victims > 0 else { return figures }
        for death in CheckSetup.Death.allCases {
            for number in 0..<options.deaths {
                // At another moment of the period each time.
                try lab.pass(CheckSetup.delayLoop * Int64(number) / Int64(max(options.deaths, 1)))
                if let took = try lab.kill(setup.victim(number % setup.victims), death) {
                    figures.removals[death, default: []].append(took)
                } else {
                    figures.unnoticed += 1
                }
            }
        }
        return figures
    }
}
