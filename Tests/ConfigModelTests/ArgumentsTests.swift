import ConfigSyntax
import Testing

@testable import ConfigModel

@Suite struct ArgumentsTests {
    private func statement(_ words: String...) -> Statement {
        var start = 0
        let placed = words.map { text in
            defer { start += text.utf8.count + 1 }
            return Word(text, span: Span(file: 0, start: start, end: start + text.utf8.count))
        }
        return Statement(keyword: placed[0], arguments: Array(placed.dropFirst()))
    }

    private func reader() -> SchemaReader { SchemaReader(diagnostics: Diagnostics()) }

    @Test func `words are read one after the other`() {
        var (arguments, reader) = (Arguments(statement("k", "a", "7", "b")), self.reader())
        #expect(arguments.peeked?.text == "a")
        #expect(arguments.word()?.text == "a")
        #expect(arguments.next(ValueType<Int>.integer(0...9), &reader)?.value == 7)
        let (skipsOther, skipsNext) = (arguments.skip("c"), arguments.skip("b"))
        #expect(!skipsOther)
        #expect(skipsNext)
        #expect(arguments.peeked == nil)
        #expect(arguments.finish(&reader))
        #expect(reader.diagnostics.all.isEmpty)
    }

    @Test func `a value that is not there is missed after the word before it`() {
        var (arguments, reader) = (Arguments(statement("weight")), self.reader())
        #expect(arguments.next(ValueType<Int>.integer(0...9), &reader) == nil)
        #expect(reader.diagnostics.all.map(\.message) == ["weight needs 0...9"])
        #expect(reader.diagnostics.all.map(\.code) == [.missingValue])
        var (more, second) = (Arguments(statement("sync", "id")), self.reader())
        _ = more.word()
        #expect(more.next(ValueType<Int>.integer(0...9), &second) == nil)
        #expect(second.diagnostics.all.map(\.message) == ["id needs 0...9"])
        #expect(second.diagnostics.all.first?.primary.span.start == 5)
    }

    @Test func `words left over are unexpected`() {
        let (arguments, quiet) = (Arguments(statement("flag", "yes")), self.reader())
        var reader = quiet
        #expect(!arguments.finish(&reader))
        #expect(reader.diagnostics.all.map(\.message) == ["unexpected \"yes\" after \"flag\""])
        #expect(reader.diagnostics.all.first?.help.first == DiagnosticCode.unexpectedWord.cure)
    }

    @Test func `a keyword left over belongs on its own line`() {
        var reader = reader()
        #expect(!Arguments(statement("lb_algo", "lb_kind")).finish(&reader))
        #expect(reader.diagnostics.all.first?.help == ["every keyword begins a line of its own"])
    }

    @Test func `a value that may be left out is absent, good or bad`() {
        let type = ValueType<Int>.integer(0...9)
        for (words, expected) in [
            (statement("k"), "absent"), (statement("k", "5"), "5"), (statement("k", "x"), "bad"),
        ] {
            var (arguments, reader) = (Arguments(words), self.reader())
            let found = arguments.nextIfAny(type, &reader)
            #expect((found == .absent) == (expected == "absent"))
            #expect((found == .bad) == (expected == "bad"))
            #expect(found.found?.value == Int(expected))
            #expect(reader.diagnostics.all.isEmpty == (expected != "bad"))
        }
    }
}
