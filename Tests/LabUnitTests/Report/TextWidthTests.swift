import Testing

@testable import Lab

struct TextWidthTests {
    @Test func `wide letters need more than narrow ones`() {
        #expect(TextWidth.of("MMM", size: 12) > TextWidth.of("iii", size: 12))
        #expect(TextWidth.of("漢字", size: 12) > TextWidth.of("ab", size: 12))
        #expect(TextWidth.of("ab", size: 24) == 2 * TextWidth.of("ab", size: 12))
        #expect(TextWidth.of("", size: 12) == 0)
    }

    @Test func `what fits is not cut, what does not ends with an ellipsis and fits`() {
        #expect(TextWidth.cut("director-a", size: 12, to: 500) == "director-a")
        let cut = TextWidth.cut("director-a of the example", size: 12, to: 90)
        #expect(cut.hasSuffix("\u{2026}") && cut.hasPrefix("direc"))
        #expect(TextWidth.of(cut, size: 12) <= 90)
    }

    @Test(arguments: [-10.0, 0, 3])
    func `without room nothing is left`(width: Double) {
        #expect(TextWidth.cut("director-a", size: 12, to: width) == "")
    }

    @Test func `lines break between words and the last is cut`() {
        let text = "All processes of director-a are killed and its link is taken down."
        let lines = TextWidth.lines(text, size: 12, width: 200, limit: 9)
        #expect(lines.joined(separator: " ") == text)
        #expect(lines.count > 1)
        #expect(lines.allSatisfy { TextWidth.of($0, size: 12) <= 200 })
        let two = TextWidth.lines(text, size: 12, width: 200, limit: 2)
        #expect(two.count == 2)
        #expect(two.last?.hasSuffix("\u{2026}") == true)
        #expect(two.allSatisfy { TextWidth.of($0, size: 12) <= 200 })
    }

    @Test func `degenerate texts give few lines`() {
        #expect(TextWidth.lines("", size: 12, width: 100, limit: 3).isEmpty)
        #expect(TextWidth.lines("  \n ", size: 12, width: 100, limit: 3).isEmpty)
        #expect(TextWidth.lines("word", size: 12, width: 100, limit: 0).isEmpty)
        #expect(TextWidth.lines("one two", size: 12, width: 0, limit: 3).allSatisfy { $0.isEmpty })
        let long = String(repeating: "x", count: 400)
        #expect(TextWidth.lines(long, size: 12, width: 100, limit: 3).count == 1)
    }
}
