import Testing

@testable import ConfigSyntax

@Suite struct LayoutRowTests {
    private func row(
        _ text: String, _ comment: String = "", depth: Int = 0, afterEmpty: Bool = false
    ) -> LayoutRow {
        LayoutRow(
            depth: depth, text: Array(text.utf8), comment: Array(comment.utf8), followsEmptyLine: afterEmpty,
            opens: text.hasSuffix("{"), closes: text.hasPrefix("}"))
    }

    private func text(_ rows: [LayoutRow]) -> String {
        String(decoding: LayoutRow.text(rows), as: UTF8.self)
    }

    @Test func `depth becomes blanks and every line ends`() {
        #expect(
            text([row("a {"), row("b", depth: 1), row("", "# c", depth: 2), row("}")])
                == "a {\n    b\n        # c\n}\n")
        #expect(text([]) == "")
    }

    @Test func `comments behind neighbours begin in one column`() {
        let rows = [row("a", "# 1"), row("éé", "# 2"), row("long", "! 3"), row("b"), row("c", "# 4")]
        #expect(text(rows) == "a     # 1\néé    # 2\nlong  ! 3\nb\nc  # 4\n")
    }

    @Test func `an empty line, another depth or a comment alone ends the column`() {
        #expect(text([row("a", "#1"), row("bbb", "#2", afterEmpty: true)]) == "a  #1\n\nbbb  #2\n")
        #expect(text([row("a {", "#1"), row("bbbbb", "#2", depth: 1)]) == "a {  #1\n    bbbbb  #2\n")
        #expect(text([row("a", "#1"), row("", "#2"), row("bbb", "#3")]) == "a  #1\n#2\nbbb  #3\n")
    }

    @Test func `no empty line stands at the start or inside of a brace`() {
        let rows = [
            row("a {", afterEmpty: true), row("b", depth: 1, afterEmpty: true),
            row("c", depth: 1, afterEmpty: true), row("}", afterEmpty: true), row("d", afterEmpty: true),
        ]
        #expect(text(rows) == "a {\n    b\n\n    c\n}\n\nd\n")
    }

    @Test func `what is kept as it is has its own blanks`() {
        var kept = row("  a \\", depth: 3)
        kept.isVerbatim = true
        var empty = kept
        empty.text = []
        #expect(text([kept, empty, row("b")]) == "  a \\\n\nb\n")
        #expect(text([row("b"), empty]) == "b\n")
        #expect(text([empty]) == "")
    }
}
