import FoundationEssentials
import Testing

@testable import Lab

@Suite struct DrillRunnerTests {
    @Test(arguments: [
        (Scenario.crash, "dr-pair", "dr-pair"), (.loopGuardOff, "dr-pair", "fwmark-loop-guard"),
        (.guardRepair, "nat", "fwmark-loop-guard"), (.loopGuardOn, "fwmark-loop-guard", "fwmark-loop-guard"),
    ])
    func `guard scenarios take a guarded pair`(scenario: Scenario, named: String, used: String) {
        let examples = PairFilesTests.examples
        #expect(DrillRunner.example(for: scenario, named: "\(examples)/\(named)") == "\(examples)/\(used)")
        #expect(
            DrillRunner.example(for: scenario, named: "\(examples)/\(named)/").hasPrefix(
                "\(examples)/\(used)"))
    }

    @Test func `a run's folder is its own and private`() throws {
        let (one, two) = (try DrillRunner.makeFolder(), try DrillRunner.makeFolder())
        defer { for folder in [one, two] { try? FileManager.default.removeItem(atPath: folder) } }
        #expect(one != two)
        let facts = try FileManager.default.attributesOfItem(atPath: one)
        #expect(facts[.posixPermissions] as? Int == 0o700)
    }
}
