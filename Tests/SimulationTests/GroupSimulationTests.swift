import SimulationKit
import Testing

@Suite struct GroupSimulationTests {
    @Test func `no seed tears a group apart`() {
        var (takeovers, sharedFaults) = (0, 0)
        for seed in UInt64(1)...100 {
            var simulation = GroupSimulation(seed: seed)
            simulation.run()
            guard simulation.violations.isEmpty else {
                Issue.record("seed \(seed): \(simulation.violations)")
                return
            }
            takeovers += simulation.takeovers
            sharedFaults += simulation.sharedFaults
        }
        // The runs must have been worth something.
        #expect(takeovers > 100 && sharedFaults > 50, "\(takeovers) takeovers, \(sharedFaults) faults")
    }

    @Test(arguments: GroupSimulation.Sabotage.allCases.filter { $0 != .none })
    func `a broken rule is noticed`(sabotage: GroupSimulation.Sabotage) {
        let red = (UInt64(1)...50).contains { seed in
            var simulation = GroupSimulation(seed: seed, sabotage: sabotage)
            simulation.run()
            return !simulation.violations.isEmpty
        }
        #expect(red)
    }

    @Test func `a seed repeats itself`() {
        for seed in UInt64(1)...5 {
            var (first, second) = (GroupSimulation(seed: seed), GroupSimulation(seed: seed))
            first.run()
            second.run()
            #expect(first.takeovers == second.takeovers && first.sharedFaults == second.sharedFaults)
        }
    }
}
