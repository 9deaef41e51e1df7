import FoundationEssentials
import LinuxIO
import SimulationKit
import Timekeeping

/// What a seed is run on.
package enum SimulationKind: Hashable, Sendable, CaseIterable, RawRepresentable {
    /// One segment with one virtual router a director.
    case segment(ScenarioKind)
    /// Several of them, with a sync group of virtual routers a director.
    case groups

    /// One after the other.
    package static var allCases: [SimulationKind] { ScenarioKind.allCases.map(segment) + [.groups] }

    /// By the word for `--kind`.
    package init?(rawValue: String) {
        guard let kind = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
        self = kind
    }

    /// The word for `--kind`.
    package var rawValue: String {
        switch self {
        case .segment(let kind): kind.rawValue
        case .groups: "groups"
        }
    }

    /// One run: what it broke, its trace, and what it came to.
    func run(
        seed: UInt64, sabotage: Sabotage, tracing: Bool
    ) -> (violations: [String], trace: [String], tally: Tally) {
        var tally = Tally()
        switch self {
        case .segment(let kind):
            var simulation = Simulation(kind.scenario(seed: seed), sabotage: sabotage, tracing: tracing)
            let outcome = simulation.run()
            tally.add(outcome)
            return (outcome.violations.map(\.description), outcome.trace, tally)
        case .groups:
            var simulation = GroupSimulation(seed: seed, tracing: tracing)
            simulation.run()
            tally.add(simulation)
            return (simulation.violations, simulation.trace, tally)
        }
    }
}

/// Runs many simulations and tells how fast that went.
package struct SimulationRunner {
    private let kinds: [SimulationKind]
    private let seeds: Range<UInt64>
    private let tracing: Bool
    private let sabotage: Sabotage
    private let program: String

    /// Every seed on every kind; `tracing` shows each event, `sabotage` is of those with one segment.
    package init(
        kinds: [SimulationKind], seeds: Range<UInt64>, tracing: Bool = false, sabotage: Sabotage = .none
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
                let run = kind.run(seed: seed, sabotage: sabotage, tracing: tracing)
                if tracing { show(run.trace.map { $0 + "\n" }.joined()) }
                guard run.violations.isEmpty else {
                    show(run.violations.map { "\($0)\n" }.joined())
                    show("seed \(seed) of \(kind.rawValue) broke a promise; to repeat it with a trace:\n")
                    show("    \(ScenarioKind.replay(kind.rawValue, seed: seed, program: program))\n")
                    return false
                }
                tally.add(run.tally)
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
