import ConfigModel
import ConfigSyntax
import Testing

@Suite struct PairChecksInstancesTests {
    private static let script = "vrrp_script s {\nscript /bin/true\nweight -60\n}\n"

    private func pair(_ local: String, _ peer: String) -> [Diagnostic] {
        PairChecks.run(Sample.load(local), against: Sample.load(peer))
    }

    private func director(_ priority: Int, _ lines: String = "", id: Int = 51) -> String {
        Self.script
            + Sample.instance(
                id: id, lines: "priority \(priority)\n" + (lines.isEmpty ? "" : "track_script {\n\(lines)\n}")
            )
    }

    @Test func `one number that differs is one finding, and the rest is compared`() {
        let found = pair(director(150), director(100, id: 52))
        #expect(found.map(\.code) == [.pairRouterID])
        #expect(found.first?.message == "VI_1 has VRID 51 here and 52 there")
        #expect(pair(director(150), director(150, id: 52)).map(\.code) == [.pairRouterID, .pairPriority])
    }

    @Test func `instances of other addresses are no counterparts`() {
        let other = Sample.instance(id: 52, address: 101, lines: "priority 100")
        let found = pair(director(150), other)
        #expect(found.map(\.code) == [.pairInstanceMissing, .pairInstanceMissing])
        #expect(found.map(\.message).contains("only the peer has an instance with VRID 52"))
    }

    @Test(arguments: [
        // The higher one falls to 90, which is enough or is not.
        (150, "s", 100, "", true), (180, "s", 100, "", false), (160, "s", 100, "", true),
        (161, "s", 100, "", false),
        // The lower one rises.
        (150, "", 100, "s weight 49", false), (150, "", 100, "s weight 50", true),
        (100, "s weight 49", 150, "", false), (100, "s weight 51", 150, "", true),
        // Both move; a fault is no matter of numbers.
        (150, "s weight -20", 100, "s weight 20", false), (150, "s weight -30", 100, "s weight 30", true),
        (150, "s weight 0", 100, "", true), (150, "", 100, "", true),
        // There is no priority above 254.
        (254, "s weight 20", 250, "", false), (250, "s weight 100", 254, "", true),
    ])
    func `weights must be able to change who is master`(
        priority: Int, lines: String, other: Int, others: String, isGood: Bool
    ) {
        let codes = pair(director(priority, lines), director(other, others)).map(\.code)
        #expect(codes == (isGood ? [] : [.pairWeight]))
    }

    @Test func `the finding names both ranges and both places`() throws {
        let found = try #require(pair(director(180, "s"), director(100, "s weight 10")).first)
        #expect(
            found.message
                == "no weight changes who is master: the priority is 120 to 180 here and 100 to 110 there")
        #expect(found.notes.last?.hasPrefix("the peer's is at t:") == true)
    }

    @Test func `a file's number and a group's weights are not guessed`() {
        let file = "track_file f {\nfile /x\n}\n"
        let text = { (priority: Int) in
            file + Sample.instance(lines: "priority \(priority)\ntrack_file {\nf weight 1\n}")
        }
        #expect(pair(text(200), text(100)).isEmpty)
        let group = "vrrp_sync_group G {\nVI_1\n}\n"
        #expect(pair(group + director(180, "s"), director(100)).isEmpty)
    }
}
