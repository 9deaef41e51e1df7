import Testing

@testable import ConfigModel

@Suite struct ReloadChangeTests {
    @Test func `the words of the protocol are the raw values`() {
        #expect([ReloadChange.Kind.add, .change, .remove].map(\.rawValue) == ["add", "change", "remove"])
    }

    @Test func `nothing is known unless it is said`() {
        let facts = LiveFacts()
        #expect(facts.masters.isEmpty && facts.followed.isEmpty && facts.connections == nil)
    }
}
