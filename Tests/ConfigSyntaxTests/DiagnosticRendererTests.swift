import ConfigSyntax
import Testing

@Suite struct DiagnosticRendererTests {
    private let text = """
        router r {
        \tname "one"
            colour blau
        }
        """

    private func map(_ texts: String...) -> SourceMap {
        var map = SourceMap()
        for (index, text) in texts.enumerated() {
            _ = map.add(
                SourceFile(name: index == 0 ? "/etc/a.conf" : "/etc/b.conf", octets: Array(text.utf8)))
        }
        return map
    }

    /// The span of the first `word` in `text`.
    private func span(_ word: String, in text: String, file: Int32 = 0) -> Span {
        let octets = Array(text.utf8)
        let wanted = Array(word.utf8)
        let start = octets.indices.first { octets[$0...].starts(with: wanted) } ?? 0
        return Span(file: file, start: start, end: start + wanted.count)
    }

    @Test func `the short form is one line for editors and logs`() {
        let diagnostic = Diagnostic(
            .unknownChoice, "no such colour", at: Label(span("blau", in: text), "here"))
        #expect(
            DiagnosticRenderer(map(text)).line(diagnostic)
                == "/etc/a.conf:3:12: error: no such colour [E206]")
        var suggested = diagnostic
        suggested.suggestion = "blue"
        #expect(
            DiagnosticRenderer(map(text)).line(suggested)
                == "/etc/a.conf:3:12: error: no such colour, did you mean \"blue\"? [E206]")
    }

    @Test func `the long form says what was looked at`() {
        let pair = Diagnostic(.pairVersion, "differs", at: Label(span("blau", in: text)))
        #expect(DiagnosticRenderer(map(text)).text(pair).contains("/etc/a.conf:3:12 (pair check)\n"))
    }

    @Test func `the long form says how a file came in`() {
        let files = ["/a": "include b", "/b": "x"]
        var loader = SyntaxLoader(
            Surroundings(configID: "") { .success(Array((files[$0] ?? "").utf8)) }, hints: GrammarHints())
        let span = loader.load(path: "/a").first?.keyword.span ?? Span(file: 0, start: 0, end: 0)
        let text = DiagnosticRenderer(loader.sources).text(Diagnostic(.givenTwice, "m", at: Label(span)))
        #expect(text.contains("  --> /b:1:1 (file check)\n"))
        #expect(text.contains("    = included from /a:1:9\n"))
    }

    @Test func `colours change nothing but the colour`() {
        let diagnostic = Diagnostic(
            .unknownChoice, "no such \u{1B}[0mcolour", at: Label(span("blau", in: text)),
            related: [Label(span("router r", in: text), "in this block")], notes: ["it would be black"],
            help: ["one of red, blue"], suggestion: "blue")
        let plain = DiagnosticRenderer(map(text)).text(diagnostic)
        let coloured = DiagnosticRenderer(map(text), isColoured: true).text(diagnostic)
        let pattern = /\u{1B}\[[0-9;]*m/
        #expect(coloured.replacing(pattern, with: "") == plain)
        #expect(coloured.hasPrefix("\u{1B}[1;31merror[E206]\u{1B}[0m\u{1B}[1m: no such "))
        #expect(coloured.contains("\u{1B}[1;31m^^^^ did you mean \"blue\"?\u{1B}[0m\n"))
        #expect(coloured.contains("\u{1B}[34m-------- in this block\u{1B}[0m\n"))
        // What a file holds does not switch colours.
        #expect(coloured.contains("no such \u{FFFD}[0mcolour"))
        let renderer = DiagnosticRenderer(map(text), isColoured: true)
        #expect(renderer.line(diagnostic) == DiagnosticRenderer(map(text)).line(diagnostic))
    }

    @Test func `the long form shows the lines, the marks, the notes and the help`() {
        let diagnostic = Diagnostic(
            .unknownChoice, "no such colour", at: Label(span("blau", in: text)),
            related: [Label(span("router r", in: text), "in this block")], notes: ["it would be black"],
            help: ["one of red, blue"], suggestion: "blue")
        #expect(
            DiagnosticRenderer(map(text)).text(diagnostic) == """
                error[E206]: no such colour
                  --> /etc/a.conf:3:12 (file check)
                    |
                  1 | router r {
                    | -------- in this block
                  3 |     colour blau
                    |            ^^^^ did you mean "blue"?
                    |
                    = it would be black
                    = help: one of red, blue

                """)
    }

    @Test func `tabs count as the blanks they are shown as`() {
        let diagnostic = Diagnostic(.givenTwice, "again", at: Label(span("\"one\"", in: text)))
        #expect(
            DiagnosticRenderer(map(text)).text(diagnostic) == """
                warning[W201]: again
                  --> /etc/a.conf:2:7 (file check)
                    |
                  2 |     name "one"
                    |          ^^^^^
                    |
                    = help: keep one of the two

                """)
    }

    @Test func `two marks on a line stand under each other`() {
        let diagnostic = Diagnostic(
            .givenTwice, "again", at: Label(span("blau", in: text)),
            related: [Label(span("colour", in: text), "this")])
        #expect(
            DiagnosticRenderer(map(text)).text(diagnostic).contains(
                """
                  3 |     colour blau
                    |     ------ this
                    |            ^^^^
                """))
    }

    @Test func `a place in another file is shown with its name`() {
        let other = "first\n"
        let diagnostic = Diagnostic(
            .givenTwice, "again", at: Label(span("blau", in: text)),
            related: [Label(span("first", in: other, file: 1), "there")])
        #expect(
            DiagnosticRenderer(map(text, other)).text(diagnostic) == """
                warning[W201]: again
                  --> /etc/a.conf:3:12 (file check)
                    |
                  3 |     colour blau
                    |            ^^^^
                  ::: /etc/b.conf
                  1 | first
                    | ----- there
                    |
                    = help: keep one of the two

                """)
    }

    @Test func `what stands in a file cannot steer a terminal`() {
        let bad = "a \u{1B}[31m\u{9B}2J b\u{7F}"
        let rendered = DiagnosticRenderer(map(bad))
        let diagnostic = Diagnostic(
            .badCharacter, "bad \u{1B}[0m\nword", at: Label(span("b\u{7F}", in: bad), "\u{07}"),
            suggestion: "\u{1B}")
        for text in [rendered.text(diagnostic), rendered.line(diagnostic)] {
            #expect(
                !text.unicodeScalars.contains {
                    $0.value < 0x20 && $0 != "\n" || (0x7F...0x9F).contains($0.value)
                })
        }
        #expect(!rendered.line(diagnostic).contains("\n"))
    }

    @Test func `of a long line the part around the mark is shown`() {
        let long = String(repeating: "a", count: 5000) + " HERE " + String(repeating: "b", count: 5000)
        let diagnostic = Diagnostic(.badCharacter, "bad", at: Label(span("HERE", in: long)))
        let text = DiagnosticRenderer(map(long)).text(diagnostic)
        let lines = text.split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= DiagnosticRenderer.widestLine + 20 })
        let (source, mark) = (Array(lines[3]), Array(lines[4]))
        let start = mark.firstIndex(of: "^") ?? 0
        #expect(String(source[start..<(start + 4)]) == "HERE")
        #expect(mark.count { $0 == "^" } == 4)
    }

    @Test func `a mark over several lines ends with the first`() {
        let diagnostic = Diagnostic(.badCharacter, "bad", at: Label(Span(file: 0, start: 7, end: 40)))
        #expect(DiagnosticRenderer(map(text)).text(diagnostic).contains("    |        ^^^\n"))
    }

    @Test func `a file without content shows no lines`() {
        let diagnostic = Diagnostic(
            .unreadableFile, "gone", at: Label(Span(file: 0, start: 0, end: 0)), help: ["bring it back"])
        #expect(
            DiagnosticRenderer(map("")).text(diagnostic) == """
                error[E001]: gone
                  --> /etc/a.conf:1:1 (file check)
                    = help: bring it back

                """)
    }

    @Test(
        arguments: [
            ([], 0, "0 errors, 0 warnings in 1 file"),
            ([.givenTwice], 0, "0 errors, 1 warning in 1 file"),
            ([.unknownKeyword, .unknownKeyword, .givenTwice], 0, "2 errors, 1 warning in 1 file"),
            ([.unknownKeyword], 7, "1 error, 0 warnings, 7 more not shown in 1 file"),
        ] as [([DiagnosticCode], Int, String)])
    func `the summary counts`(codes: [DiagnosticCode], dropped: Int, expected: String) {
        let diagnostics = codes.map { Diagnostic($0, "x", at: Label(Span(file: 0, start: 0, end: 0))) }
        let renderer = DiagnosticRenderer(map("x"))
        #expect(renderer.summary(diagnostics, dropped: dropped) == expected)
        #expect(renderer.text(diagnostics, dropped: dropped).hasSuffix(expected + "\n"))
    }

    @Test func `JSON carries places, notes and odd characters`() {
        var sources = SourceMap()
        let number = sources.add(SourceFile(name: "a \"b\"", octets: Array("one\ntwo three\n".utf8)))
        let diagnostic = Diagnostic(
            .unknownKeyword, "tab\there", at: Label(Span(file: number, start: 4, end: 7), "x\u{1}"),
            related: [Label(Span(file: number, start: 0, end: 3))], notes: ["back\\slash"], help: ["h"],
            suggestion: "too")
        let json = DiagnosticRenderer(sources).json([diagnostic], dropped: 2)
        for part in [
            "\"files\": [\"a \\\"b\\\"\"]", "\"errors\": 1", "\"dropped\": 2", "\"message\": \"tab\\there\"",
            "\"line\": 2, \"column\": 1, \"endLine\": 2, \"endColumn\": 4, \"text\": \"x\\u0001\"",
            "\"notes\": [\"back\\\\slash\"]", "\"suggestion\": \"too\"", "\"level\": \"file\"",
        ] {
            #expect(json.contains(part), "\(part) in \(json)")
        }
        #expect(DiagnosticRenderer(sources).json([]).contains("\"diagnostics\": []"))
    }
}
