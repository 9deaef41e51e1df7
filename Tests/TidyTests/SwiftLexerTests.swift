import Testing

struct SwiftLexerTests {
    private func texts(_ source: String, _ kind: Token.Kind) -> [String] {
        SwiftLexer.tokens(of: source).filter { $0.kind == kind }.map(\.text)
    }

    @Test func `words and signs carry their lines`() {
        let tokens = SwiftLexer.tokens(of: "let a = try! f()\nreturn a")
        #expect(tokens.map(\.text) == ["let", "a", "=", "try", "!", "f", "(", ")", "return", "a"])
        #expect(tokens.map(\.line) == [1, 1, 1, 1, 1, 1, 1, 1, 2, 2])
        #expect(tokens.filter(\.adjacent).map(\.text) == ["!", "(", ")"])
    }

    @Test(
        arguments: [
            (#"f("a { b")"#, ["a { b"]),
            (#"f("quote \" and brace {")"#, [#"quote \" and brace {"#]),
            ("f(\"\"\"\n  a \"quoted\" {\n  \"\"\")", ["\n  a \"quoted\" {\n  "]),
            (##"f(#"raw \ " { "#)"##, [#"raw \ " { "#]),
            (#"f("")"#, [""]),
            (#"f("a\(g("b", { $0 }))c")"#, ["a", "b", "c"]),
            (##"f(#"a\(b)\#(c)d"#)"##, [#"a\(b)"#, "d"]),
        ])
    func `strings are taken whole, interpolations are code`(source: String, expected: [String]) {
        #expect(texts(source, .string) == expected)
        #expect(
            texts(source, .sign).filter { $0 == "(" }.count == texts(source, .sign).filter { $0 == ")" }.count
        )
    }

    @Test func `comments hide braces and may be nested`() {
        let source = "a /* { /* { */ still */ b // } \"\nc /// d"
        #expect(texts(source, .word) == ["a", "b", "c"])
        #expect(texts(source, .sign).isEmpty)
        #expect(texts(source, .comment).count == 3)
    }

    @Test func `a word in a comment or string is not a word of code`() {
        #expect(texts("// print(x)\nlet a = \"print(y)\"", .word) == ["let", "a"])
    }

    @Test func `raw identifiers are set apart`() {
        #expect(texts("func `a test { with } braces`() {}", .quotedWord) == ["a test { with } braces"])
        #expect(texts("func `a test { with } braces`() {}", .sign) == ["(", ")", "{", "}"])
    }

    @Test(arguments: ["\"open", "/* open", "`open", "\"a\\(b", "#\"open\"", "\"\"\"\nopen\"", "\\", "\""])
    func `an unfinished file ends`(source: String) {
        #expect(SwiftLexer.tokens(of: source).count < 10)
    }
}
