import Testing

@testable import ConfigSyntax

@Suite struct LayoutLineTests {
    /// The lines in short: kind, heads in brackets, the rest.
    private func shapes(_ text: String) -> [String] {
        let file = SourceFile(name: "f", octets: Array(text.utf8))
        func read(_ range: Range<Int>) -> String { String(decoding: file.octets[range], as: UTF8.self) }
        return LayoutLine.all(of: file).map { line in
            let heads = line.heads.map { "[\(read($0))]" }.joined()
            let kind =
                switch line.kind {
                case .statements: "s"
                case .reference: "r"
                case .definition: "d"
                case .continuation: "c"
                }
            return kind + heads + (line.isConditional ? "?" : "") + ":" + read(line.rest)
        }
    }

    @Test(arguments: [
        ("  a b { \t", ["s:a b {"]), ("a\r\nb\r\r\n", ["s:a", "s:b", "s:"]), ("", ["s:"]),
        ("@a b", ["s[@a]?:b"]), ("@^a  b", ["s[@^a]?:b"]), ("@a @b c", ["s[@a][@b]?:c"]), ("@a", ["s[@a]?:"]),
        ("@a\"b\"", ["s[@a]?:\"b\""]), ("@a#b", ["s[@a]?:#b"]), ("@ a", ["s:@ a"]), ("@^ a", ["s:@^ a"]),
        ("~SEQ(N,1,2) a ${N}", ["s[~SEQ(N,1,2)]:a ${N}"]), ("~LST({a,b},{1,2})x", ["s[~LST({a,b},{1,2})]:x"]),
        ("@a ~SEQ(N,2) ~SEQ(M,2) x", ["s[@a][~SEQ(N,2)][~SEQ(M,2)]?:x"]), ("~SEQ(N", ["s:~SEQ(N"]),
        ("~x", ["s:~x"]),
        ("$A=1 2 # c", ["d:$A=1 2 # c"]), ("@a $A=1", ["d[@a]?:$A=1"]), ("$A b", ["r:$A b"]),
        ("$A =1", ["r:$A =1"]), ("${A}=1", ["r:${A}=1"]), ("$", ["r:$"]), ("a $A=1", ["s:a $A=1"]),
        ("$=1", ["r:$=1"]),
    ])
    func `a line tells what may be done with it`(text: String, expected: [String]) {
        #expect(shapes(text) == expected)
    }

    @Test(arguments: [
        ("$A= \\\n a \\\n\n b", ["d:$A= \\", "c:a \\", "c:", "s:b"]),
        ("$A= \\ # more\n a\n b", ["d:$A= \\ # more", "c:a", "s:b"]),
        ("$A=\\#\nb", ["d:$A=\\#", "s:b"]),
        ("$A=1\nb \\\nc", ["d:$A=1", "s:b \\", "s:c"]),
        ("$A= \\\n@a $B= \\\nc", ["d:$A= \\", "c:@a $B= \\", "c:c"]),
    ])
    func `a definition takes the lines that it goes on in`(text: String, expected: [String]) {
        #expect(shapes(text) == expected)
    }

    @Test func `the lexer sees blanks for what is kept`() {
        let text = "@a b {\n$A=\"\n$B= \\\n { \\\n}\n~LST(x,{) c\n"
        let octets = Array(text.utf8)
        let lines = LayoutLine.all(of: SourceFile(name: "f", octets: octets))
        let masked = String(decoding: LayoutLine.masked(octets, lines), as: UTF8.self)
        #expect(masked == "   b {\n    \n     \n    \n \n          c\n")
    }
}
