import SimulationKit
import Testing
import Timekeeping
import VRRP

@Suite struct ScenarioKindTests {
    @Test func `each kind is what its name says`() {
        for kind in ScenarioKind.allCases {
            let scenario = kind.scenario(seed: 8)
            let version: ProtocolVersion = kind.rawValue.hasSuffix("v2") ? .v2 : .v3
            #expect(scenario.routers.allSatisfy { $0.version == version })
            let count = kind.rawValue.hasPrefix("three") || kind.rawValue.hasPrefix("rough") ? 3 : 2
            #expect(scenario.routers.count == count)
        }
    }

    @Test func `the command repeats one seed with a trace`() {
        #expect(
            ScenarioKind.roughV3.replay(seed: 2034, program: "holdfast")
                == "holdfast lab simulate --kind rough-v3 --first 2034 --seeds 1 --trace")
    }

    @Test func `a tally adds up what runs came to`() {
        var tally = Tally()
        let outcome = Simulation.run(ScenarioKind.twoV2.scenario(seed: 1))
        tally.add(outcome)
        var twice = tally
        twice.add(tally)
        #expect(tally.runs == 1 && twice.runs == 2)
        #expect(twice.events == 2 * outcome.events && twice.takeovers == 2 * outcome.takeovers)
        #expect(twice.virtualTime == outcome.virtualTime * 2)
        #expect(twice.counters == outcome.counters.mapValues { $0 * 2 })
    }

    @Test func `who sleeps hears nothing and is found out when it wakes`() {
        var scenario = Scenario(seed: 9, routers: [.make(priority: 150), .make(priority: 100)])
        scenario.faults = [(Instant(nanoseconds: 0) + .seconds(10), .suspend(node: 0, length: .seconds(12)))]
        var simulation = Simulation(scenario, tracing: true)
        let outcome = simulation.run()
        #expect(outcome.violations.isEmpty, "\(outcome.report)")
        #expect(outcome.trace.contains { $0.contains("director 0 thaws with 0 packets queued") })
        #expect(outcome.trace.contains { $0.contains("listening first") })
    }

    @Test(arguments: Stranger.allCases)
    func `a stranger's advert changes nothing`(stranger: Stranger) {
        var scenario = Scenario(seed: 10, routers: [.make(priority: 150), .make(priority: 100)])
        scenario.routers[0].startsAsMaster = true
        scenario.faults = (0..<2).map {
            (Instant(nanoseconds: 0) + .seconds(10), .stranger(node: $0, stranger))
        }
        let outcome = Simulation.run(scenario)
        #expect(outcome.violations.isEmpty, "\(outcome.report)")
        #expect(outcome.takeovers == 1)
        #expect(outcome.counters.filter { $0.key.hasPrefix("dropped") }.values.reduce(0, +) == 2)
    }
}
