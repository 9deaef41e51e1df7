import Testing

@testable import ConfigSyntax

@Suite struct SourceFileTests {
    private func file(_ text: String) -> SourceFile { SourceFile(name: "f", octets: Array(text.utf8)) }

    @Test(arguments: [
        (0, 1, 1), (1, 1, 2), (2, 1, 3), (3, 2, 1), (5, 3, 1), (6, 3, 2), (8, 3, 3), (9, 3, 4), (10, 4, 1),
        (99, 4, 1),
    ])
    func `an offset has a line and a column in characters`(offset: Int, line: Int, column: Int) {
        let file = file("ab\nc\nxéy\n")
        #expect(file.line(at: offset) == line)
        #expect(file.column(at: offset) == column)
    }

    @Test(arguments: [(0, 1), (1, 2), (2, 9), (3, 17), (4, 18), (6, 1), (7, 9), (8, 10), (10, 11), (99, 12)])
    func `an offset has a column on a screen`(offset: Int, column: Int) {
        #expect(file("a\t\tb\n\n\txéy").screenColumn(at: offset) == column)
    }

    @Test func `an empty file has one empty line`() {
        let file = file("")
        #expect(file.lineCount == 1)
        #expect(file.line(at: 0) == 1)
        #expect(file.column(at: 0) == 1)
        #expect(file.range(ofLine: 1).isEmpty)
    }

    @Test func `a line is given without its end, whichever that is`() {
        let file = file("ab\r\n\ncd")
        #expect(file.lineCount == 3)
        #expect(file.range(ofLine: 1) == 0..<2)
        #expect(file.range(ofLine: 2) == 4..<4)
        #expect(file.range(ofLine: 3) == 5..<7)
        #expect(file.range(ofLine: 4).isEmpty)
        #expect(file.range(ofLine: 0).isEmpty)
    }

    @Test func `every line of a long file is found`() {
        let file = file((1...1000).map { String(repeating: "x", count: $0 % 7) + "\n" }.joined())
        #expect(file.lineCount == 1001)
        var start = 0
        for number in 1...1000 {
            #expect(file.range(ofLine: number) == start..<(start + number % 7))
            #expect(file.line(at: start) == number)
            #expect(file.line(at: start + number % 7) == number)
            start += number % 7 + 1
        }
        #expect(file.line(at: start) == 1001)
    }

    @Test func `a span never ends before it starts`() {
        let span = Span(file: 0, start: 5, end: 2)
        #expect(span.end == 5)
        #expect(Span(file: 0, start: .max, end: .max).start == .max)
    }

    @Test func `spans join within one file only`() {
        let first = Span(file: 0, start: 1, end: 3)
        #expect(first.through(Span(file: 0, start: 7, end: 9)) == Span(file: 0, start: 1, end: 9))
        #expect(first.through(Span(file: 1, start: 7, end: 9)) == first)
        #expect(first.through(Span(file: 0, start: 0, end: 2)) == first)
    }

    @Test func `spans are ordered by file, then by place`() {
        let spans = [(0, 5), (0, 6), (1, 0)].map { Span(file: Int32($0.0), start: $0.1, end: 9) }
        for (index, left) in spans.enumerated() {
            for (other, right) in spans.enumerated() {
                #expect(Span.precedes(left, right) == (index < other))
            }
        }
    }

    @Test func `a map finds the place of a span in its files`() {
        var map = SourceMap()
        #expect(map.add(file("a\nb")) == 0)
        #expect(map.add(SourceFile(name: "g", octets: Array("xyz".utf8))) == 1)
        let place = map.location(of: Span(file: 1, start: 2, end: 3))
        #expect(place == SourceLocation(file: "g", line: 1, column: 3))
        #expect(place.description == "g:1:3")
        #expect(map.file(of: Span(file: 0, start: 0, end: 0))?.name == "f")
    }

    @Test func `a span of another map has no place`() {
        let map = SourceMap()
        #expect(map.file(of: Span(file: 0, start: 0, end: 1)) == nil)
        #expect(map.file(of: Span(file: -1, start: 0, end: 1)) == nil)
        #expect(map.location(of: Span(file: 3, start: 0, end: 1)).file == "?")
    }

    @Test func `a span in a piece is where the piece is`() {
        var map = SourceMap()
        let number = map.add(SourceFile(name: "f", octets: Array("one\n two { x }\n".utf8)))
        let span = Span(file: -7, start: 6, end: 7)
        #expect(map.location(of: span).file == "?" && map.text(of: -7) == nil)
        map.put(-7, at: Span(file: number, start: 5, end: 14))
        #expect(map.location(of: span) == SourceLocation(file: "f", line: 2, column: 8))
        #expect(map.text(of: -7).map { String(decoding: $0, as: UTF8.self) } == "two { x }")
        #expect(map.placed(Span(file: number, start: 1, end: 2)) == Span(file: number, start: 1, end: 2))
    }
}
