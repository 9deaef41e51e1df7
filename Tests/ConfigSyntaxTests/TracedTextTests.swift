import Testing

@testable import ConfigSyntax

@Suite struct TracedTextTests {
    private let file = SourceFile(name: "f", octets: Array("hello world".utf8))

    private func span(_ start: Int, _ end: Int) -> Span { Span(file: 0, start: start, end: end) }

    private func text(_ traced: TracedText) -> String { String(decoding: traced.octets, as: UTF8.self) }

    @Test func `a part knows where it was written`() {
        let whole = TracedText(file, number: 0, range: 0..<11)
        #expect(text(whole[6..<11]) == "world")
        #expect(whole[6..<11].runs.map(\.origin) == [span(6, 11)])
        #expect(whole.origin(of: 3..<5) == span(3, 5))
    }

    @Test func `replacing keeps what is around`() {
        let whole = TracedText(file, number: 0, range: 0..<11)
        let changed = whole.replacing(0..<5, with: TracedText(made: Array("bye".utf8), for: span(0, 5)))
        #expect(text(changed) == "bye world")
        #expect(changed.origin(of: 0..<2) == span(0, 5))
        #expect(changed.origin(of: 4..<9) == span(6, 11))
        #expect(changed.origin(of: 0..<9) == span(0, 11))
    }

    @Test func `neighbours of one file are one run`() {
        var joined = TracedText(file, number: 0, range: 0..<4)
        joined.append(TracedText(file, number: 0, range: 4..<11))
        #expect(joined.runs.count == 1)
        joined.append(TracedText(file, number: 0, range: 0..<1))
        #expect(joined.runs.count == 2)
    }

    @Test func `a use is a mark on every octet`() {
        let used = TracedText(file, number: 0, range: 0..<3).used(by: 7)
        #expect(used.use(at: 2) == 7)
        #expect(TracedText(file, number: 0, range: 0..<3).use(at: 0) == -1)
        #expect(used.use(at: 99) == -1)
    }

    @Test func `blanks hide without moving anything`() {
        var whole = TracedText(file, number: 0, range: 0..<11)
        whole.blank(0..<5)
        #expect(text(whole) == "      world")
        #expect(whole.origin(of: 6..<8) == span(6, 8))
    }

    @Test func `nothing has a place too`() {
        #expect(TracedText().origin(of: 0..<0) == span(0, 0))
        #expect(TracedText(made: [], for: span(1, 2)).isEmpty)
    }
}
