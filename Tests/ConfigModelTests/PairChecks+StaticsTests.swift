import ConfigModel
import ConfigSyntax
import Testing

@Suite struct PairChecksStaticsTests {
    private func director(_ priority: Int, _ lines: String) -> String {
        (lines.isEmpty ? "" : "static_ipaddress {\n\(lines)\n}\n")
            + Sample.instance(lines: "priority \(priority)")
    }

    private func found(_ mine: String, _ theirs: String) -> [Diagnostic] {
        PairChecks.run(
            Sample.load(director(150, mine)), against: Sample.load(director(100, theirs)))
    }

    @Test(arguments: [
        ("198.51.100.2/24 dev eth1", "198.51.100.3/24 dev eth1"), ("198.51.100.2/24 dev eth1", ""),
        // Hosts of many services have one address on the loopback interface each.
        ("198.51.100.2/32 dev lo", "198.51.100.2/32 dev lo"), ("192.0.2.100/32 dev lo", ""),
    ])
    func `addresses that differ, or that nobody else hears of, are good`(mine: String, theirs: String) {
        #expect(found(mine, theirs).isEmpty)
        #expect(found(theirs, mine).isEmpty)
    }

    @Test func `one address on both is told, with the place on the other`() throws {
        let findings = found("198.51.100.2/24 dev eth1", "198.51.100.2/25 dev eth2")
        #expect(findings.map(\.code) == [.pairStatic])
        let finding = try #require(findings.first)
        #expect(finding.message == "both directors have the static address 198.51.100.2")
        #expect(finding.notes.last == "the peer's is at t:2:1")
    }

    @Test func `an address that moves is fixed nowhere`() {
        let here = found("192.0.2.100/24 dev eth1", "")
        #expect(here.map(\.message) == ["192.0.2.100 is static here and a virtual address of the peer"])
        let there = found("", "192.0.2.100/24 dev eth1")
        #expect(there.map(\.message) == ["192.0.2.100 is a virtual address here and static on the peer"])
    }
}
