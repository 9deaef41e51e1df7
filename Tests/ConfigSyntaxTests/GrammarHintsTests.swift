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

    @Test func `what is known at once asks for no more`() {
        let quick = GrammarHints(knows: { $0 == "name" && $1 == "router" }) {
            Issue.record("asked for all names")
            return GrammarHints.Names(rootBlocks: [], rootKeywords: [], children: [:], addressBlocks: [])
        }
        #expect(quick.isLegal("name", in: "router"))
        let slow = GrammarHints(knows: { _, _ in false }) {
            GrammarHints.Names(
                rootBlocks: ["router"], rootKeywords: ["router"], children: ["router": ["name"]],
                addressBlocks: ["list"])
        }
        #expect(slow.isLegal("name", in: "router") && slow.isLegal("router", in: nil))
        #expect(slow.rootBlocks == ["router"] && slow.addressBlocks == ["list"])
        #expect(slow.children == ["router": ["name"]])
    }

    @Test func `without hints nothing is known to be legal`() {
        let none = GrammarHints()
        #expect(!none.isLegal("router", in: nil))
        #expect(none.addressBlocks.isEmpty)
    }
}
