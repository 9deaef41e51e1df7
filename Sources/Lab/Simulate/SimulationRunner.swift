import FoundationEssentials
import LinuxIO
import SimulationKit
import Timekeeping

/// Runs many simulations and tells how fast that went.
package struct SimulationRunner {
    private let kinds: [ScenarioKind]
    private let seeds: Range<UInt64>
    private let tracing: Bool
    private let sabotage: Sabotage
    private let program: String

    /// Every seed on every kind of segment; `tracing` shows each event.
    package init(
        kinds: [ScenarioKind], seeds: Range<UInt64>, tracing: Bool = false, sabotage: Sabotage = .none
    ) {
        self.kinds = kinds
        self.seeds = seeds
        self.tracing = tracing
        self.sabotage = sabotage
        let executable = try? FileManager.default.destinationOfSymbolicLink(atPath: HostFacts.ownExecutable)
        program = executable ?? "holdfast"
    }

    /// Runs until a promise is broken or all is done, and shows what it came to; true when all held.
    package func run(show: (String) -> Void) -> Bool {
        var total = Tally()
        let start = Clock.now()
        show(Self.line(["kind", "runs", "events", "takeovers", "simulated h", "seconds", "h/s"]))
        for kind in kinds {
            let begin = Clock.now()
            var tally = Tally()
            for seed in seeds {
                var simulation = Simulation(kind.scenario(seed: seed), sabotage: sabotage, tracing: tracing)
                let outcome = simulation.run()
                if tracing { show(outcome.trace.map { $0 + "\n" }.joined()) }
                guard outcome.violations.isEmpty else {
                    show(outcome.violations.map { "\($0)\n" }.joined())
                    show("seed \(seed) of \(kind.rawValue) broke a promise; to repeat it with a trace:\n")
                    show("    \(kind.replay(seed: seed, program: program))\n")
                    return false
                }
                tally.add(outcome)
            }
            show(Self.row(kind.rawValue, tally, took: Clock.now() - begin))
            total.add(tally)
        }
        show(Self.row("all", total, took: Clock.now() - start))
        return true
    }

    private static func row(_ name: String, _ tally: Tally, took: Interval) -> String {
        let hours = tally.virtualTime.seconds / 3600
        return line([
            name, "\(tally.runs)", "\(tally.events)", "\(tally.takeovers)",
            Decimals.fixed(hours, places: 1), Decimals.fixed(took.seconds, places: 2),
            Decimals.fixed(hours / max(took.seconds, 1e-9), places: 1),
        ])
    }

    private static func line(_ cells: [String]) -> String {
        zip(cells, [10, 9, 11, 10, 12, 8, 9]).enumerated().map { index, cell in
            let blanks = String(repeating: " ", count: max(0, cell.1 - cell.0.count))
            return index == 0 ? cell.0 + blanks : blanks + cell.0
        }.joined(separator: " ") + "\n"
    }
}
