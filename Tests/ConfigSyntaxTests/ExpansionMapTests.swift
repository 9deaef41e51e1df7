import ConfigSyntax
import Testing

@Suite struct ExpansionMapTests {
    /// How a fault at each word that says `wanted` is shown: place, related places, notes.
    private func shown(_ text: String, _ wanted: String) -> [String] {
        let surroundings = Surroundings(configID: "me") { path in
            path == "/t" ? .success(Array(text.utf8)) : .failure(FileProblem("no such file"))
        }
        var loader = SyntaxLoader(surroundings, hints: GrammarHints())
        var diagnostics = Diagnostics()
        for word in words(loader.load(path: "/t")) where word.text == wanted {
            diagnostics.report(Diagnostic(.invalidNumber, "bad", at: Label(word.span)))
        }
        let sources = loader.sources
        return diagnostics.written(in: sources).all.map { diagnostic in
            let places = ([diagnostic.primary] + diagnostic.related).map { label in
                let file = sources.file(of: label.span)
                let (start, end) = (Int(label.span.start), Int(label.span.end))
                let line =
                    "\(sources.location(of: label.span).line):\(sources.location(of: label.span).column)"
                return line + " " + String(decoding: file?.octets[start..<end] ?? [], as: UTF8.self)
            }
            return (places + diagnostic.notes).joined(separator: ", ")
        }
    }

    private func words(_ statements: some Sequence<Statement>) -> [Word] {
        statements.flatMap { [$0.keyword] + $0.arguments + ($0.block.map { words($0.statements) } ?? []) }
    }

    @Test(arguments: [
        // A value: where it is defined, and where it is used.
        ("$P=300\nx ${P}\n", "300", ["1:4 300, 2:3 ${P}"]),
        ("$P=300\n\n  x $P y", "300", ["1:4 300, 3:5 $P"]),
        // A word put together: the line that puts it together.
        ("$P=3\nx 10.${P}/24", "10.3/24", ["2:3 10.${P}/24"]),
        // A line of a definition.
        ("$B= \\\n  x 1 \\\n  y 2\n$B\n", "2", ["3:5 2, 4:1 $B"]),
        // Inside each other: the innermost and the next.
        ("$A=7\n$B=x $A\n$B", "7", ["1:4 7, 2:6 $A, 3:1 $B"]),
        // A counted value has no place but the head; the note says which.
        ("~SEQ(I,1,3) x 1${I}", "12", ["1:15 1${I}, where I is 2"]),
        // A listed value has one.
        ("~LST(I,a,b) x ${I}", "b", ["1:10 b, where I is b"]),
        // What is not expanded is where it is.
        ("$A=1\nx 5\n", "5", ["2:3 5"]),
        ("x 5\ny", "5", ["1:3 5"]),
        ("$A=1\n@me x 5\n", "5", ["2:7 5"]),
        ("$A=y\n@me $A 5\n", "5", ["2:8 5"]),
    ])
    func `a fault is shown where the text was written`(text: String, word: String, expected: [String]) {
        #expect(shown(text, word) == expected)
    }

    @Test func `what a file says each time it is included is said once`() {
        let surroundings = Surroundings(configID: "me") { path in
            .success(Array((path == "/t" ? "include b\ninclude b\nx" : "x").utf8))
        }
        var loader = SyntaxLoader(surroundings, hints: GrammarHints())
        var diagnostics = Diagnostics()
        for word in words(loader.load(path: "/t")) {
            diagnostics.report(Diagnostic(.invalidNumber, "bad", at: Label(word.span)))
        }
        let said = diagnostics.written(in: loader.sources).all
        #expect(
            said.map { loader.sources.location(of: $0.primary.span).description } == ["/b:1:1", "/t:3:1"])
    }

    @Test func `a reference that was refused hides what else is wrong with its word`() {
        #expect(shown("$A=$B\n$B=$A\nx $A", "$A").isEmpty)
        #expect(shown("$A =1\nx $A", "$A").isEmpty)
        #expect(shown("~SEQ(I,1,0,3) x 1${I}", "1${I}").isEmpty)
        #expect(shown("$B= \\\n a \\\n b\n$B x", "$B").isEmpty)
    }

    @Test func `what a repetition says again and again is said once`() {
        #expect(shown("~SEQ(I,1,9) x bad", "bad") == ["1:15 bad"])
        #expect(shown("$B= \\\n x bad\n$B\n$B", "bad").count == 1)
        #expect(shown("$A=1\nx bad\nx bad", "bad").count == 2)
    }
}
