// The programming of IPVS beside keepalived, in the same run: how soon a table is whole, what a reload costs,
// and what the kernel is asked for.

import FoundationEssentials
import LinuxIO
import Timekeeping

/// What is measured, and how often.
package struct TableBenchOptions: Hashable, Sendable {
    /// The schedulers that are dear to change, and a check of every server, too.
    package var full = false
    /// Timed runs of every table and daemon.
    package var runs = 3
    /// Our daemon; by default the one beside this program.
    package var daemon: String?
    /// Only what has this in its title.
    package var only = ""

    /// The defaults.
    package init() {}
}

/// Runs everything as root on a kernel with IPVS, in a namespace of its own.
package struct TableBench {
    private let options: TableBenchOptions
    private let contestants: [DaemonProgram]
    private let progress: (String) -> Void

    /// Without a keepalived our daemon runs alone.
    package init(_ options: TableBenchOptions, progress: @escaping (String) -> Void) throws {
        self.options = options
        self.progress = progress
        contestants = try DaemonProgram.contestants(options.daemon)
    }

    /// The tables.
    static func setups(full: Bool) -> [TableSetup] {
        let usual = [100, 1000, 10_000].map { TableSetup(count: $0) }
        guard full else { return usual }
        let dear = ["wrr", "mh"].map { TableSetup(count: 10_000, scheduler: $0) }
        return usual + dear + [TableSetup(count: 10_000, isChecked: true)]
    }

    /// Measures.
    package func run() throws -> TableBenchRecord {
        let tool = try FileManager.default.destinationOfSymbolicLink(atPath: HostFacts.ownExecutable)
        let folder = try DrillRunner.makeFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var record = TableBenchRecord(programs: contestants.map(\.version))
        for setup in Self.setups(full: options.full)
        where options.only.isEmpty || setup.title.contains(options.only) {
            var figures = contestants.map { _ in TableFigures() }
            // The programs take turns, so that a change of the machine's mood meets all of them.
            for run in 0...options.runs {
                for (index, daemon) in contestants.enumerated() {
                    let title = "\(setup.title) servers, \(TableBenchRecord.name(index)), run \(run)"
                    do {
                        let lab = try TableLab(
                            setup, daemon, folder: folder, tool: tool, counting: run == 0)
                        defer { lab.close() }
                        try lab.run(into: &figures[index])
                        progress("\(title): done")
                    } catch {
                        record.failures.append("\(title): \(error)")
                        progress("\(title): \(error)")
                    }
                }
            }
            record.rows.append(TableRow(setup: setup, figures: figures))
        }
        return record
    }
}
