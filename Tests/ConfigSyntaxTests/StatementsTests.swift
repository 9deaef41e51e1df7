import Testing

@testable import ConfigSyntax

@Suite struct StatementsTests {
    private func tree(_ text: String) throws -> PackedTree {
        var diagnostics = Diagnostics()
        let file = SourceFile(name: "f", octets: Array(text.utf8))
        var parser = Parser(file, number: 0, configID: "", hints: GrammarHints(), &diagnostics)
        let tree = parser.next(&diagnostics)
        return try #require(tree)
    }

    private func plain(_ word: String) -> Statement {
        Statement(keyword: Word(word, span: Span(file: 0, start: 0, end: 0)), arguments: [])
    }

    private func names(_ statements: some Sequence<Statement>) -> [String] { statements.map(\.keyword.text) }

    @Test func `a list gives what was put in`() {
        #expect(names(Statements([plain("a"), plain("b")])) == ["a", "b"])
        let literal: Statements = [plain("a")]
        #expect(names(literal) == ["a"])
        #expect(names([] as Statements).isEmpty)
    }

    @Test func `a tree gives its outer statements, and each its block's`() throws {
        let statements = Statements(try tree("a { b { c\n d\n }\n e }"))
        #expect(names(statements) == ["a"])
        let inner = try #require(statements.map(\.block).first??.statements)
        #expect(names(inner) == ["b", "e"])
        #expect(names(inner) == ["b", "e"])
        #expect(inner.map { $0.block.map { names($0.statements) } ?? [] } == [["c", "d"], []])
    }

    @Test func `what was included stands in place of the include`() throws {
        var tree = try tree("a {\n include x\n b\n include y\n include z\n}")
        #expect(tree.includes == [1, 3, 4])
        tree.replace(1, with: [plain("x1"), plain("x2")])
        tree.replace(3, with: [])
        tree.replace(4, with: [plain("z")])
        let inner = try #require(Statements(tree).map(\.block).first??.statements)
        #expect(names(inner) == ["x1", "x2", "b", "z"])
    }
}
