import Testing

@testable import ConfigSyntax

@Suite struct DefinitionNameTests {
    @Test(arguments: [("A", 1), ("_a9-", 3), ("9a", 0), ("", 0), ("-", 0), ("ab c", 2), ("é", 0)])
    func `a name is letters, digits and underscores, no digit first`(text: String, end: Int) {
        #expect(DefinitionName.end(Array(text.utf8), from: 0) == end)
    }
}
