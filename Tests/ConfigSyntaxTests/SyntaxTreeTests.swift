import ConfigSyntax
import Testing

@Suite struct SyntaxTreeTests {
    private func word(_ text: String, at start: Int) -> Word {
        Word(text, span: Span(file: 0, start: start, end: start + text.utf8.count))
    }

    @Test func `the header of a statement goes from its keyword to its last word`() {
        let alone = Statement(keyword: word("alpha", at: 4), arguments: [])
        #expect(alone.header == Span(file: 0, start: 4, end: 9))
        let more = Statement(keyword: word("peer", at: 0), arguments: [word("a", at: 5), word("bc", at: 9)])
        #expect(more.header == Span(file: 0, start: 0, end: 11))
    }

    @Test func `a title is no longer than three words`() {
        let words = ["a", "b", "c"].map { word($0, at: 0) }
        let statement = Statement(keyword: word("k", at: 0), arguments: words)
        #expect(statement.title == "k a b")
        #expect(Statement(keyword: word("k", at: 0), arguments: []).title == "k")
    }

    @Test func `a word in quotes is another word`() {
        let span = Span(file: 0, start: 0, end: 3)
        #expect(Word("a", span: span) != Word("a", span: span, isQuoted: true))
    }
}
