import Testing

@testable import ConfigSyntax

@Suite struct PackedTreeTests {
    /// The tree of the first statement outside every block.
    private func tree(_ octets: [UInt8]) throws -> PackedTree {
        var diagnostics = Diagnostics()
        let file = SourceFile(name: "f", octets: octets)
        var parser = Parser(file, number: 3, configID: "", hints: GrammarHints(), &diagnostics)
        let tree = parser.next(&diagnostics)
        return try #require(tree)
    }

    private func tree(_ text: String) throws -> PackedTree { try tree(Array(text.utf8)) }

    @Test(arguments: [
        ("abc", "abc", false), ("a\\#b\\!", "a#b!", false), ("\"a b\"", "a b", true), ("\"\"", "", true),
        ("\"a b", "a b", true), ("\"", "", true), ("é", "é", false), ("\"é", "é", true),
    ])
    func `a word is what the lexer read, wherever it is kept`(
        written: String, text: String, isQuoted: Bool
    ) throws {
        let word = try #require(try tree("k x \(written)").arguments(of: 0).last)
        let span = Span(file: 3, start: 4, end: 4 + written.utf8.count)
        #expect(word == Word(text, span: span, isQuoted: isQuoted))
    }

    @Test(arguments: [[0xFF], [0xC3, 0x28], [0x22, 0xFF, 0x22], [0x22, 0xE9]] as [[UInt8]])
    func `octets that are no text become what the lexer made of them`(octets: [UInt8]) throws {
        var diagnostics = Diagnostics()
        var lexer = Lexer(SourceFile(name: "f", octets: octets), number: 3, configID: "")
        let token = lexer.next(&diagnostics)
        #expect(try tree(octets).keyword(of: 0).text == lexer.text(of: token))
    }

    @Test func `nodes stand in written order, each before what it holds`() throws {
        let tree = try tree("a 1 2 3 { b { c\n }\n d }")
        #expect(tree.count == 4)
        #expect((0..<4).map { tree.keyword(of: $0).text } == ["a", "b", "c", "d"])
        #expect((0..<4).map(tree.end) == [4, 3, 3, 4])
        #expect(tree.arguments(of: 0).map(\.text) == ["1", "2", "3"])
        #expect(tree.title(of: 0) == "a 1 2")
        #expect(tree.braces(of: 2) == nil)
    }

    @Test func `a brace that is missing is a point`() throws {
        let braces = try #require(try tree("a {\n").braces(of: 0))
        #expect(braces.open == Span(file: 3, start: 2, end: 3))
        #expect(braces.close == Span(file: 3, start: 4, end: 4))
    }

    @Test func `taking a tree leaves an empty one that can be filled again`() throws {
        var tree = try tree("a { include b }")
        let taken = tree.take()
        #expect(tree.count == 0)
        #expect(tree.includes.isEmpty)
        #expect(taken.count == 2)
        #expect(taken.includes == [1])
        let lexer = Lexer(SourceFile(name: "f", octets: Array("a".utf8)), number: 3, configID: "")
        let token = Token(kind: .word, span: Span(file: 3, start: 0, end: 1), startsLine: true)
        let index = tree.append(token, [token], lexer)
        #expect(index == 0)
        #expect(tree.arguments(of: 0).map(\.text) == ["a"])
    }
}
