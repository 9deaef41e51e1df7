import ConfigSyntax
import Testing

@testable import ConfigModel

@Suite struct KeywordTests {
    private struct Thing: Draft {
        var origin: Origin
        var size: Located<Int>?
        var isLoud: Located<Bool>?
        var isQuiet: Located<Bool>?
    }

    private static let grammar = BlockGrammar<Thing>(
        .root,
        [
            .value(
                "size", also: ["length"], \.size, .integer(1...9), "How big.", tier: .core,
                required: "too small"),
            .flag("loud", \.isLoud, "Makes noise.", tier: .rare),
            .flag("quiet", \.isQuiet, takesValue: true, "Makes none.", tier: .rare),
            .flag("quieter", \.isQuiet, "Makes none.", tier: .obsolete).obsolete("write: quiet"),
        ])

    private func read(_ text: String) -> (Thing, [Diagnostic]) {
        var diagnostics = Diagnostics()
        let file = SourceFile(name: "f", octets: Array(text.utf8))
        let statements = Parser.parse(
            file, number: 0, configID: "", hints: GrammarHints(), &diagnostics)
        let word = Word("thing", span: Span(file: 0, start: 0, end: 0))
        var thing = Thing(origin: Origin(Statement(keyword: word, arguments: [])))
        var reader = SchemaReader(diagnostics: diagnostics)
        reader.read(Statements(statements), as: Self.grammar, into: &thing)
        return (thing, reader.diagnostics.all)
    }

    @Test func `a value is kept with its place, by any spelling`() {
        #expect(read("size 5").0.size == Located(5, at: Span(file: 0, start: 5, end: 6)))
        #expect(read("length 6").0.size?.value == 6)
    }

    @Test(arguments: [
        ("", [DiagnosticCode.missingKeyword]), ("size", [.missingValue]), ("size 0", [.outOfRange]),
        ("size 5 6", [.unexpectedWord]), ("size x", [.invalidNumber]), ("size 5\nsize 6", [.givenTwice]),
        ("size 5\nlength 6", [.givenTwice]), ("size 5 {\n}", [.unexpectedBlock]),
        ("sise 5", [.unknownKeyword]),
        ("size 5\nloud yes", [.unexpectedWord]), ("size 5\nquiet perhaps", [.unknownChoice]),
        ("size 5\nquiet on off", [.unexpectedWord]), ("size 5\nloud\nloud", [.givenTwice]),
    ])
    func `what is wrong with a keyword is said once`(text: String, codes: [DiagnosticCode]) {
        #expect(read(text).1.map(\.code) == codes)
    }

    @Test func `an obsolete keyword or spelling is kept, and warned about with what to write`() {
        let (thing, found) = read("size 1\nquieter")
        #expect(thing.isQuiet?.value == true)
        #expect(found.map(\.code) == [.obsoleteKeyword] && found.first?.help == ["write: quiet"])
        let old = Keyword<Thing>.value("size", also: ["length"], \.size, .integer(1...9), "", tier: .core)
            .obsolete("write: size", as: "length")
        #expect(old.obsolete == ["length": "write: size"])
    }

    @Test func `of a block that is partly unknown nothing is absent`() {
        let word = Word("thing", span: Span(file: 0, start: 0, end: 0))
        var origin = Origin(Statement(keyword: word, arguments: []))
        #expect(origin.isWhole && origin.isAbsent("size"))
        origin.failed = ["loud"]
        #expect(!origin.isWhole && origin.isAbsent("size") && !origin.isAbsent("loud"))
        origin.isPartial = true
        let next = Origin(Statement(keyword: word, arguments: []), after: origin)
        #expect(!next.isAbsent("size") && next.failed == ["loud"])
    }

    @Test func `the last of two values counts`() {
        #expect(read("size 5\nsize 6").0.size?.value == 6)
        #expect(read("size 5\nsize x").0.size?.value == 5)
    }

    @Test(arguments: [("loud", true), ("quiet", true), ("quiet on", true), ("quiet no", false)])
    func `a flag is on by being there, and off only where it takes a value`(line: String, value: Bool) {
        let thing = read("size 1\n\(line)").0
        #expect((thing.isLoud ?? thing.isQuiet)?.value == value)
    }

    private func keyword(_ name: String) -> Keyword<Thing>? {
        Self.grammar.index(of: name).map { Self.grammar.keywords[$0] }
    }

    @Test func `a row says what documentation needs`() throws {
        let facts = try #require(keyword("length")).facts
        #expect(facts.name == "size")
        #expect(facts.otherSpellings == ["length"])
        #expect(facts.arguments == "1...9")
        #expect(facts.body == .none)
        #expect(facts.scope == .root)
        #expect(keyword("quiet")?.facts.arguments == "[BOOL]")
        #expect(keyword("loud")?.facts.defaultText == "off")
        #expect(keyword("nothing") == nil)
    }

    @Test func `a block is named by its keyword and two more words`() {
        func origin(_ words: String...) -> Origin {
            let words = words.enumerated().map { index, text in
                Word(text, span: Span(file: 0, start: 9 * index, end: 9 * index + text.utf8.count))
            }
            return Origin(Statement(keyword: words[0], arguments: Array(words.dropFirst())))
        }
        #expect(origin("TCP_CHECK").title == "TCP_CHECK")
        #expect(origin("real_server", "a", "b").title == "real_server a b")
        let long = origin("x", "group", "b", "c")
        #expect(long.title == "x group b")
        #expect(long.header == Span(file: 0, start: 0, end: 28))
    }

    @Test func `a missing keyword is reported with its effect`() {
        let diagnostic = read("loud").1.first
        #expect(diagnostic?.message == "thing has no size")
        #expect(diagnostic?.notes == ["too small"])
        #expect(diagnostic?.help == ["add: size 1...9"])
    }
}
