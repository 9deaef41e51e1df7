import ConfigSyntax
import Testing

@Suite struct DiagnosticTests {
    private func diagnostic(
        _ code: DiagnosticCode, file: Int32 = 0, at start: Int, _ text: String = ""
    )
        -> Diagnostic
    {
        Diagnostic(code, text, at: Label(Span(file: file, start: start, end: start + 1)))
    }

    @Test func `the severity is that of the code`() {
        #expect(diagnostic(.unknownKeyword, at: 0).severity == .error)
        #expect(diagnostic(.givenTwice, at: 0).severity == .warning)
    }

    @Test func `a finding without help of its own has the cure of its kind`() {
        #expect(diagnostic(.givenTwice, at: 0).help == ["keep one of the two"])
        let place = Label(Span(file: 0, start: 0, end: 1))
        #expect(Diagnostic(.givenTwice, "", at: place, help: ["x"]).help == ["x"])
        #expect(Diagnostic(.givenTwice, "", at: place, suggestion: "x").help.isEmpty)
        #expect(diagnostic(.portTranslation, at: 0).help.isEmpty)
    }

    @Test func `warnings alone are no errors`() {
        var diagnostics = Diagnostics()
        #expect(!diagnostics.hasErrors)
        diagnostics.report(diagnostic(.givenTwice, at: 0))
        #expect(!diagnostics.hasErrors)
        diagnostics.report(diagnostic(.unknownKeyword, at: 0))
        #expect(diagnostics.hasErrors)
        #expect(diagnostics.errorCount == 1)
    }

    @Test func `what was only counted is counted again where there is still no room for it`() {
        let warning = diagnostic(.givenTwice, at: 0)
        var full = Diagnostics()
        for _ in 0..<(Diagnostics.limit - 1) { full.report(warning) }
        var (one, two, none) = (full, full, full)
        let hasRepeated = [
            one.repeat([warning], dropped: 7), two.repeat([warning, warning], dropped: 7),
            none.repeat([], dropped: 7), full.repeat([warning], dropped: 0),
        ]
        #expect(hasRepeated == [true, true, false, true])
        #expect([one, two, none].map(\.all.count) == [500, 500, 499])
        #expect([one, two, none].map(\.dropped) == [7, 8, 0])
    }

    @Test func `there is room for so many, and what has none counts`() {
        var diagnostics = Diagnostics()
        for _ in 0..<Diagnostics.limit {
            let isKept = diagnostics.hasRoom(for: .givenTwice)
            #expect(isKept)
            diagnostics.report(diagnostic(.givenTwice, at: 0))
        }
        #expect(diagnostics.all.count == Diagnostics.limit && diagnostics.dropped == 0)
        for code in [DiagnosticCode.givenTwice, .unknownKeyword] {
            let isKept = diagnostics.hasRoom(for: code)
            #expect(!isKept)
        }
        #expect(diagnostics.dropped == 2 && diagnostics.errorCount == 1)
    }

    @Test func `what is reported comes out in reading order, equal places in the order of the report`() {
        var diagnostics = Diagnostics()
        diagnostics.report(diagnostic(.givenTwice, file: 1, at: 0, "d"))
        diagnostics.report(diagnostic(.givenTwice, at: 9, "b"))
        diagnostics.report(diagnostic(.givenTwice, at: 9, "c"))
        diagnostics.report(diagnostic(.givenTwice, at: 3, "a"))
        #expect(diagnostics.sorted.map(\.message) == ["a", "b", "c", "d"])
        #expect(diagnostics.all.map(\.message) == ["d", "b", "c", "a"])
    }

    @Test func `beyond the limit errors are counted, and still make errors`() {
        var diagnostics = Diagnostics()
        for index in 0..<Diagnostics.limit { diagnostics.report(diagnostic(.givenTwice, at: index)) }
        #expect(diagnostics.dropped == 0)
        diagnostics.report(diagnostic(.unknownKeyword, at: 0))
        #expect(diagnostics.all.count == Diagnostics.limit)
        #expect(diagnostics.dropped == 1)
        #expect(diagnostics.hasErrors)
    }

    @Test func `what two readers found is one list with the sum of both counts`() {
        var (first, second) = (Diagnostics(), Diagnostics())
        first.report(diagnostic(.unknownKeyword, at: 5, "a"))
        for index in 0...Diagnostics.limit { second.report(diagnostic(.givenTwice, at: index, "b")) }
        let both = first.followed(by: second)
        #expect(both.all.first?.message == "a")
        #expect(both.all.count == Diagnostics.limit)
        #expect(both.dropped == 2)
        #expect(both.errorCount == 1)
    }

    @Test func `it is enough when a refused file has more wrong with it than anybody reads`() {
        var diagnostics = Diagnostics()
        for _ in 0..<(Diagnostics.limit + Diagnostics.enough) {
            #expect(!diagnostics.isOverrun)
            diagnostics.report(diagnostic(.givenTwice, at: 0))
        }
        #expect(!diagnostics.isOverrun)
        diagnostics.report(diagnostic(.unknownKeyword, at: 0))
        #expect(diagnostics.isOverrun)
    }
}
