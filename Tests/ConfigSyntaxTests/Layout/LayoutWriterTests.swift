import Testing

@testable import ConfigSyntax

@Suite struct LayoutWriterTests {
    /// The rows of a text: a digit for the depth, the text, the comment after a bar.
    private func rows(_ text: String) -> [String] {
        let octets = Array(text.utf8)
        let lines = LayoutLine.all(of: SourceFile(name: "f", octets: octets))
        let masked = SourceFile(name: "f", octets: LayoutLine.masked(octets, lines))
        var lexer = Lexer(masked, number: 0, configID: "")
        var ignored = Diagnostics()
        var writer = LayoutWriter(octets)
        var next = lexer.next(&ignored)
        for line in lines {
            var tokens: [Token] = []
            while next.kind != .endOfFile, Int(next.span.start) < line.whole.upperBound {
                tokens.append(next)
                next = lexer.next(&ignored)
            }
            writer.add(line, tokens)
        }
        return writer.rows.map { row in
            let comment = row.comment.isEmpty ? "" : "|" + String(decoding: row.comment, as: UTF8.self)
            return "\(row.depth)\(String(decoding: row.text, as: UTF8.self))\(comment)"
        }
    }

    @Test(arguments: [
        ("a   b\tc", ["0a b c"]), ("a{b 1}c", ["0a {", "1b 1", "0}", "0c"]),
        ("a { } # x", ["0a {", "0}|# x"]), ("a {b} {", ["0a {", "1b", "0}", "0{"]),
        ("}\na", ["0}", "0a"]), ("# x\n a", ["0|# x", "0a"]), ("a{\n# x\n}", ["0a {", "1|# x", "0}"]),
        ("a 80#x", ["0a 80|#x"]), ("a \"b  c\"d", ["0a \"b  c\"d"]), ("a\\#b", ["0a\\#b"]),
        ("a ${X Y}{", ["0a ${X Y} {"]),
    ])
    func `statements are cut at braces and spaced out`(text: String, expected: [String]) {
        #expect(rows(text) == expected)
    }

    @Test(arguments: [
        ("a b\n{\nc\n}", ["0a b {", "1c", "0}"]), ("a\n\n{ c }", ["0a {", "1c", "0}"]),
        ("a # x\n{ # y\n", ["0a {|# x", "1|# y"]), ("a\n# x\n{\n", ["0a {", "1|# x"]),
        ("a\n{ # y\n", ["0a {|# y"]), ("a\n# x\n{ # y", ["0a {", "1|# x", "1|# y"]),
        ("a\n{ b # y", ["0a {", "1b|# y"]),
        // A definition that stands for lines takes nothing behind it; a brace belongs to a file's name.
        ("a $B\n{", ["0a $B", "0{"]), ("include b\n{", ["0include b", "0{"]), ("@a b\n{", ["0@a b", "0{"]),
        ("$A\n{", ["0$A", "0{"]), ("a {\n{", ["0a {", "1{"]), ("a\n$X=1\n{", ["0a", "0$X=1", "0{"]),
    ])
    func `a brace joins the statement before it`(text: String, expected: [String]) {
        #expect(rows(text) == expected)
    }

    @Test(arguments: [
        ("@a   b   1   # x", ["0@a b 1|# x"]), ("@a b { c 1 }", ["0@a b { c 1 }"]),
        ("~SEQ(N, 2)a ${N} { b }", ["0~SEQ(N, 2) a ${N} { b }"]), ("$A  b  # x", ["0$A  b|# x"]),
        ("a { @b c }", ["0a { @b c }"]), ("a { ~SEQ(N,2) c }", ["0a { ~SEQ(N,2) c }"]),
        ("a { $X=1 }", ["0a { $X=1 }"]), ("a { $X b }", ["0a {", "1$X b", "0}"]),
        ("a { include b", ["0a { include b"]), ("@a", ["0@a"]), ("@a # x", ["0@a|# x"]),
    ])
    func `what counts by the line stays a line`(text: String, expected: [String]) {
        #expect(rows(text) == expected)
    }

    @Test(arguments: [
        ("$A=  x   y  # c", ["0$A=  x   y  # c"]), ("@a   $A=1", ["0@a $A=1"]),
        ("b {\n$A= \\\n  c   { \\\n}\nd", ["0b {", "1$A= \\", "0  c   { \\", "0}", "1d"]),
        ("$A= \\\n\n\nb", ["0$A= \\", "0", "0b"]),
    ])
    func `definitions stay as they are written`(text: String, expected: [String]) {
        #expect(rows(text) == expected)
    }

    @Test(arguments: [
        // One shape for each id, and a common body.
        ("@a b {\n@c d {\ne\n}", ["0@a b {", "0@c d {", "1e", "0}"]),
        ("@a b {\n@a c\n@a }\nd", ["0@a b {", "1@a c", "0@a }", "0d"]),
        ("@a b {\nc\n@a }\nd", ["0@a b {", "1c", "0@a }", "0d"]),
        ("@a b {\n# x\n@a }\nd", ["0@a b {", "1|# x", "0@a }", "0d"]),
        ("a {\n@a }\n@b }\nc", ["0a {", "0@a }", "0@b }", "0c"]),
    ])
    func `lines for several ids stand beside each other`(text: String, expected: [String]) {
        #expect(rows(text) == expected)
    }
}
