import Timekeeping
import VRRP

/// The kinds of segment on which every seed is run.
package enum ScenarioKind: String, Hashable, Sendable, CaseIterable {
    case twoV2 = "two-v2"
    case twoV3 = "two-v3"
    case threeV2 = "three-v2"
    case threeV3 = "three-v3"
    /// Sleeping machines, strangers and changed address lists besides.
    case roughV2 = "rough-v2"
    case roughV3 = "rough-v3"
    /// One partition or some stalls only: the neighbours must know the master afterwards.
    case healingV2 = "healing-v2"
    case healingV3 = "healing-v3"

    /// The run of a seed.
    package func scenario(seed: UInt64) -> Scenario {
        switch self {
        case .twoV2: .drawn(seed: seed, directors: 2, version: .v2, units: 120)
        case .twoV3: .drawn(seed: seed, directors: 2, version: .v3, units: 120)
        case .threeV2: .drawn(seed: seed, directors: 3, version: .v2, units: 120)
        case .threeV3: .drawn(seed: seed, directors: 3, version: .v3, units: 120)
        case .roughV2: Scenario.drawn(seed: seed, directors: 3, version: .v2, units: 120).rougher()
        case .roughV3: Scenario.drawn(seed: seed, directors: 3, version: .v3, units: 120).rougher()
        case .healingV2: Scenario.drawn(seed: seed, directors: 2, version: .v2, units: 80).healing()
        case .healingV3: Scenario.drawn(seed: seed, directors: 2, version: .v3, units: 80).healing()
        }
    }

    /// The command that repeats the run of a seed with a trace; `program` is the tool.
    package func replay(seed: UInt64, program: String = ".build/release/holdfast") -> String {
        Self.replay(rawValue, seed: seed, program: program)
    }

    /// The same for any word that `--kind` takes.
    package static func replay(_ kind: String, seed: UInt64, program: String) -> String {
        "\(program) lab simulate --kind \(kind) --first \(seed) --seeds 1 --trace"
    }
}

/// What many runs came to.
package struct Tally: Hashable, Sendable {
    /// How many runs.
    package var runs = 0
    /// How much time passed inside.
    package var virtualTime = Interval.zero
    /// How many events were handled.
    package var events = 0
    /// How often a director became master.
    package var takeovers = 0
    /// What the routers counted, by name.
    package var counters: [String: UInt64] = [:]

    /// Nothing yet.
    package init() {}

    /// Adds a run.
    package mutating func add(_ outcome: Outcome) {
        runs += 1
        virtualTime = virtualTime + outcome.virtualTime
        events += outcome.events
        takeovers += outcome.takeovers
        counters.merge(outcome.counters, uniquingKeysWith: +)
    }

    /// Adds a run with a group.
    package mutating func add(_ simulation: GroupSimulation) {
        runs += 1
        virtualTime = virtualTime + simulation.virtualTime
        events += simulation.events
        takeovers += simulation.takeovers
    }

    /// Adds what others came to.
    package mutating func add(_ other: Tally) {
        runs += other.runs
        virtualTime = virtualTime + other.virtualTime
        events += other.events
        takeovers += other.takeovers
        counters.merge(other.counters, uniquingKeysWith: +)
    }
}
