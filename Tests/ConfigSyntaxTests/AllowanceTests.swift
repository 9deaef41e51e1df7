import Testing

@testable import ConfigSyntax

@Suite struct AllowanceTests {
    /// Whether `line`, the second of three, allows a finding of `code` at its first word.
    private func allows(_ line: String, _ code: DiagnosticCode) -> Bool {
        var sources = SourceMap()
        let text = "# holdfast: allow W213 W305\n\(line)\n# holdfast: allow W213 W305"
        let number = sources.add(SourceFile(name: "a", octets: Array(text.utf8)))
        let start = Array(text.utf8).firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        return sources.allows(
            Diagnostic(code, "m", at: Label(Span(file: number, start: start, end: start + 1))))
    }

    @Test(arguments: [
        ("x ! holdfast: allow W213", true), ("x # holdfast: allow W213", true),
        ("x # because so: holdfast: allow W305, W213 for ever", true), ("x #holdfast: allow W305 W213", true),
        ("x ! holdfast: allow W213\r", true), ("x # holdfast: allow W305 W213\r", true),
        ("x", false), ("x # W213", false), ("x # holdfast: allow", false),
        ("x # holdfast: allow W305", false),
        ("x holdfast: allow W213", false), ("x # holdfast: allow not W213", false), ("x # ümlaut", false),
    ])
    func `a comment allows the warnings of its own line`(line: String, expected: Bool) {
        #expect(allows(line, .implicitHostPrefix) == expected)
    }

    @Test func `no comment allows an error`() {
        #expect(!allows("x # holdfast: allow E101", .unknownKeyword))
    }

    @Test func `a finding of no file is not allowed`() {
        let span = Span(file: 7, start: 0, end: 0)
        #expect(!SourceMap().allows(Diagnostic(.implicitHostPrefix, "m", at: Label(span))))
    }

    @Test func `what is allowed is left out, the rest stays in order`() {
        var sources = SourceMap()
        let number = sources.add(SourceFile(name: "a", octets: Array("a # holdfast: allow W213\nb".utf8)))
        var diagnostics = Diagnostics()
        let found = [(DiagnosticCode.implicitHostPrefix, 0), (.unknownKeyword, 0), (.givenTwice, 25)]
        for (code, offset) in found {
            diagnostics.report(
                Diagnostic(code, "m", at: Label(Span(file: number, start: offset, end: offset + 1))))
        }
        let left = diagnostics.allowed(by: sources)
        #expect(left.all.map(\.code) == [.unknownKeyword, .givenTwice])
        #expect(left.errorCount == 1)
    }
}
