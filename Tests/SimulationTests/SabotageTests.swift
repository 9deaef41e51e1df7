import SimulationKit
import Testing
import VRRP

@Suite struct SabotageTests {
    /// Breaking a rule on purpose must turn this invariant red, or the invariant proves nothing.
    static let expected: [(Sabotage, Rule)] = [
        (.ignoresResignation, .takeover), (.neverYields, .oneMaster), (.neverYields, .election),
        (.speaksAsBackup, .onlyMastersAdvertise), (.leavesAddressesOfTheDead, .deadHoldNothing),
        (.forgetsRelease, .addressesFollowState), (.reportsBeforeRelease, .order),
        (.announcesBeforeAcquiring, .order), (.hurriesTakeover, .noHurry), (.skipsDraining, .leaseFirst),
        (.decidesBeforeHearing, .drainsFirst), (.actsOnDamagedPackets, .droppedMeansNothing),
        (.resignsAsBackup, .onlyMastersResign),
        (.neverTakesOver, .election), (.flaps, .stability), (.neverPreempts, .bestWins),
        (.neverReannounces, .neighbours), (.yieldsSilently, .neighbours),
        (.breaksBeforeMaking, .handover), (.clings, .lettingGo), (.hidesYielding, .transitions),
        (.amplifies, .noAmplification), (.forgetsNewAddresses, .addressesFollowState),
    ]

    @Test(arguments: expected)
    func `a broken rule is noticed`(sabotage: Sabotage, rule: Rule) {
        var broken: Set<Rule> = []
        for seed in UInt64(1)...60 {
            for version in [ProtocolVersion.v2, .v3] {
                var scenario = Scenario.drawn(seed: seed, directors: 2, version: version, units: 60)
                if rule == .neighbours { scenario = scenario.healing() }
                if sabotage == .forgetsNewAddresses { scenario = scenario.rougher() }
                var simulation = Simulation(scenario, sabotage: sabotage)
                broken.formUnion(simulation.run().violations.map(\.rule))
                if broken.contains(rule) { return }
            }
        }
        Issue.record("\(sabotage) broke only \(broken)")
    }

    @Test func `every sabotage and every rule has its proof`() {
        #expect(Set(Self.expected.map(\.0)).union([.none]) == Set(Sabotage.allCases))
        #expect(Set(Self.expected.map(\.1)) == Set(Rule.allCases))
    }

    @Test func `a broken run is reported with its seed and its trace`() {
        let outcome = Simulation.run(
            .drawn(seed: 4, directors: 2, version: .v2, units: 60), sabotage: .neverTakesOver)
        #expect(outcome.report.contains("seed 4"))
        #expect(outcome.report.contains("election broken"))
        #expect(outcome.report.contains("quiet"))
    }
}
