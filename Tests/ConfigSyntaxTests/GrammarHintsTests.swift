import ConfigSyntax
import Testing

@Suite struct GrammarHintsTests {
    private let hints = GrammarHints(
        rootBlocks: ["router"], rootKeywords: ["router", "include"],
        children: ["router": ["name", "list"], "list": []])

    @Test(
        arguments: [
            ("router", nil, true), ("include", nil, true), ("name", nil, false),
            ("name", "router", true), ("router", "router", false), ("name", "list", false),
            ("name", "other", false),
        ] as [(String, String?, Bool)])
    func `a keyword is legal where the grammar has it`(keyword: String, parent: String?, isLegal: Bool) {
        #expect(hints.isLegal(keyword, in: parent) == isLegal)
    }

    @Test func `without hints nothing is known to be legal`() {
        let none = GrammarHints()
        #expect(!none.isLegal("router", in: nil))
        #expect(none.addressBlocks.isEmpty)
    }
}
