import Testing

@testable import ConfigSyntax

@Suite struct LexerTests {
    /// A token with what it says.
    private struct Said {
        var kind: Token.Kind
        var text: String
        var span: Span
        var startsLine: Bool
    }

    private func tokens(_ text: String, configID: String = "me") -> ([Said], [Diagnostic]) {
        tokens(Array(text.utf8), configID: configID)
    }

    private func tokens(_ octets: [UInt8], configID: String = "me") -> ([Said], [Diagnostic]) {
        var diagnostics = Diagnostics()
        var lexer = Lexer(SourceFile(name: "f", octets: octets), number: 0, configID: configID)
        var tokens: [Said] = []
        while true {
            let token = lexer.next(&diagnostics)
            if token.kind == .endOfFile { return (tokens, diagnostics.all) }
            tokens.append(
                Said(
                    kind: token.kind, text: lexer.text(of: token), span: token.span,
                    startsLine: token.startsLine))
        }
    }

    /// Words as they are, quoted ones in angle brackets, braces as braces, a stroke before each new line.
    private func shape(_ tokens: [Said]) -> String {
        tokens.map { token in
            let start = token.startsLine ? "|" : ""
            switch token.kind {
            case .word: return start + token.text
            case .quotedWord: return start + "<\(token.text)>"
            case .openBrace: return start + "{"
            case .closeBrace: return start + "}"
            case .endOfFile: return start
            }
        }.joined(separator: " ")
    }

    @Test(arguments: [
        ("a b  c", "|a b c"),
        ("a\tb\u{0B}c\u{0C}d", "|a b c d"),
        ("a\nb", "|a |b"),
        ("a\r\nb\r\n", "|a |b"),
        ("a\rb", "|a b"),
        ("a # b", "|a"),
        ("a ! b", "|a"),
        ("# only\n! only", ""),
        ("a\\#b c\\!d e\\f", "|a#b c!d e\\f"),
        ("a\\", "|a\\"),
        ("a \"b # ! { } c\" d", "|a <b # ! { } c> d"),
        ("a\"b\"c", "|a <b> c"),
        ("\"\"", "|<>"),
        ("\"a\\#b\"", "|<a\\#b>"),
        ("a{b}c", "|a { b } c"),
        ("a\n{\nb\n}", "|a |{ |b |}"),
        ("a}}{{", "|a } } { {"),
        ("x $NAME", "|x $NAME"),
        ("include a{b,c}.conf", "|include a{b,c}.conf"),
        ("a { include b{c}\n}", "|a { include b{c} |}"),
        ("a include {", "|a include {"),
    ])
    func `text becomes words, braces and line starts`(text: String, expected: String) {
        let (tokens, diagnostics) = tokens(text)
        #expect(shape(tokens) == expected)
        #expect(diagnostics.isEmpty)
    }

    @Test(arguments: [
        ("@me a b", "|a b"),
        ("@you a b\nc", "|c"),
        ("@^me a\nb", "|b"),
        ("@^you a", "|a"),
        ("@me\nb", "|b"),
        ("@me a {\n@me }", "|a { |}"),
        ("a @me b", "|a @me b"),
        ("a {\n  @me b\n  @you c\n}", "|a { |b |}"),
        ("@me# no\na", "|a"),
    ])
    func `a line for another config-id is not there`(text: String, expected: String) {
        let (tokens, diagnostics) = tokens(text)
        #expect(shape(tokens) == expected)
        #expect(diagnostics.isEmpty)
    }

    @Test(arguments: [("a#b", "|a"), ("a!b\nc", "|a |c"), ("x rr#y", "|x rr")])
    func `a comment inside a word ends it with a warning`(text: String, expected: String) {
        let (tokens, diagnostics) = tokens(text)
        #expect(shape(tokens) == expected)
        #expect(diagnostics.map(\.code) == [.gluedComment])
    }

    @Test(arguments: [
        ("a {{ b }} c", "|a {{ b }} c"), ("a 10.0.{{n}}.1/24", "|a 10.0.{{n}}.1/24"),
        ("{{ a }} {", "|{{ a }} {"), ("{% if a %}\nb\n{% endif %}", "|b"),
        ("a {\n{%- a -%} b\n}", "|a { |b |}"),
    ])
    func `what a template was to fill in is one mistake, and no block`(text: String, expected: String) {
        let (tokens, diagnostics) = tokens(text)
        #expect(shape(tokens) == expected)
        #expect(Set(diagnostics.map(\.code)) == [.unfilledTemplate])
        #expect(diagnostics.count == (text.contains("endif") ? 2 : 1))
        let (_, none) = self.tokens("a {{\nb }}\nc { d { e }}")
        #expect(none.isEmpty)
    }

    @Test(arguments: [("a \\\n b\nc", "|a b |c"), ("a b\\ \r\nc", "|a b c"), ("a \\\n", "|a")])
    func `a backslash at the end of a line is one mistake, and the line goes on`(
        text: String, expected: String
    ) {
        let (tokens, diagnostics) = tokens(text)
        #expect(shape(tokens) == expected)
        #expect(diagnostics.map(\.code) == [.badCharacter])
    }

    @Test func `spans cover words with their quotes, in octets`() {
        let (tokens, _) = tokens("aé \"b c\" {")
        let expected = [(0, 3), (4, 9), (10, 11)].map { Span(file: 0, start: $0.0, end: $0.1) }
        #expect(tokens.map(\.span) == expected)
    }

    @Test func `a string without an end stops at the end of its line and is reported at its quote`() {
        let (tokens, diagnostics) = tokens("a \"b c\nd")
        #expect(shape(tokens) == "|a <b c> |d")
        #expect(diagnostics.map(\.code) == [.unterminatedString])
        #expect(diagnostics.first?.primary.span == Span(file: 0, start: 2, end: 3))
    }

    @Test(arguments: [[0xFF], [0xC3, 0x28], [0x07], [0x7F], [0xED, 0xA0, 0x80]] as [[UInt8]])
    func `octets that are no text are reported with their word`(bad: [UInt8]) {
        let (tokens, diagnostics) = tokens(Array("a x".utf8) + bad + Array(" b".utf8))
        #expect(tokens.count == 3)
        #expect(diagnostics.map(\.code) == [.badCharacter])
        #expect(diagnostics.first?.primary.span.start == 2)
    }

    @Test func `a comment may hold anything`() {
        let (tokens, diagnostics) = tokens(Array("a # caf".utf8) + [0xE9, 0x01])
        #expect(shape(tokens) == "|a")
        #expect(diagnostics.isEmpty)
    }

    @Test func `a line too long is reported and left out`() {
        let long = String(repeating: "x", count: SourceFile.maximumLine + 1)
        let (tokens, diagnostics) = tokens("a\n\(long)\nb")
        #expect(shape(tokens) == "|a |b")
        #expect(diagnostics.map(\.code) == [.overlongLine])
        let (most, none) = self.tokens(String(long.dropLast()))
        #expect(most.count == 1)
        #expect(none.isEmpty)
    }

    @Test(arguments: ["a ${B}", "a x${B}y", "a \"${B}\"", "a $B", "~LST(a,b)", "a ${B"])
    func `what was not expanded is part of a word`(text: String) {
        let (tokens, diagnostics) = tokens(text)
        #expect(diagnostics.isEmpty)
        #expect(tokens.contains { $0.text.contains("$") || $0.text.contains("~") })
    }

    @Test(arguments: ["@ a", "@^ a", "@", "@^", "@#"])
    func `an empty config-id is refused`(text: String) {
        let (tokens, diagnostics) = tokens(text)
        #expect(tokens.isEmpty)
        #expect(diagnostics.map(\.code) == [.badConditional])
    }

    @Test func `the end comes again and again`() {
        var diagnostics = Diagnostics()
        var lexer = Lexer(SourceFile(name: "f", octets: []), number: 0, configID: "")
        for _ in 0..<3 {
            #expect(lexer.next(&diagnostics).kind == .endOfFile)
        }
    }
}
