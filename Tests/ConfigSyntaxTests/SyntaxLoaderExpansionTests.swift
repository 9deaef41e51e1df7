import Testing

@testable import ConfigSyntax

/// Definitions, repetitions and what includes do with them.
@Suite struct SyntaxLoaderExpansionTests {
    private func load(
        _ text: String, _ files: [String: String] = [:], workLimit: Int = ExpansionState.maximumWork
    ) -> (lines: [String], loader: SyntaxLoader) {
        let surroundings = Surroundings(configID: "me", environment: { ["N": "7"][$0] }) { path in
            path == "/etc/t"
                ? .success(Array(text.utf8))
                : files[path].map { .success(Array($0.utf8)) } ?? .failure(FileProblem("no such file"))
        }
        var loader = SyntaxLoader(surroundings, hints: GrammarHints(), workLimit: workLimit)
        let statements = loader.load(path: "/etc/t")
        return (lines(statements), loader)
    }

    /// One string a statement: `a b`, `c d { e f }`.
    private func lines(_ statements: some Sequence<Statement>) -> [String] {
        statements.map { statement in
            let words = ([statement.keyword] + statement.arguments).map(\.text).joined(separator: " ")
            guard let block = statement.block else { return words }
            return words + " { " + lines(block.statements).joined(separator: "; ") + " }"
        }
    }

    @Test(arguments: [
        ("$A=1\nx $A", ["x 1"]), ("$A=1\nx ${A}2", ["x 12"]), ("$A=1 2\nx $A 3", ["x 1 2 3"]),
        ("$A=\nx ${A}y", ["x y"]), ("$A=1 # not this\nx $A", ["x 1"]), ("$A=\"a # b\"\nx $A", ["x a # b"]),
        ("  $A=1\n x $A ! no\n", ["x 1"]), ("$A=1\r\nx $A\r\n", ["x 1"]),
        ("$A=1\nx \"v ${A} w\"", ["x v 1 w"]), ("x ${_ENV N}", ["x 7"]), ("x ${_INSTANCE}", ["x me"]),
        ("x ${_PWD}/s", ["x /etc/s"]), ("x a${_HASH}b ${_BANG}", ["x a#b !"]),
        ("$A=y\n$A 1", ["y 1"]), ("x a$HOME $HOME/b $1 a$", ["x a$HOME $HOME/b $1 a$"]),
        // A comment is not looked into.
        ("x 1 # ${NONE}", ["x 1"]),
    ])
    func `a reference is replaced`(text: String, expected: [String]) {
        let (lines, loader) = load(text)
        #expect(lines == expected)
        #expect(loader.diagnostics.all.isEmpty)
    }

    @Test(arguments: [
        "~SEQ(I,1,3) a ${I} {\n b ${I}\n}\nc", "~LST(I,1,2) a ${I} {\n b ${I}\n}\nc",
        "$O=a ${I} {\n~SEQ(I,1,3) $O\n b ${I}\n}\nc", "~SEQ(I,1,2) ~SEQ(J,1,2) a ${I} {\n b ${J}\n}\nc",
    ])
    func `a repeated line that opens a block is one mistake, and the block is read once`(text: String) {
        let (lines, loader) = load(text)
        #expect(loader.diagnostics.all.map(\.code) == [.badRepetition])
        #expect(lines == ["a 1 { b 1 }", "c"])
    }

    @Test(arguments: [
        ("~SEQ(I,1,2) a ${I} { b ${I} }", ["a 1 { b 1 }", "a 2 { b 2 }"]),
        ("~SEQ(I,1,2) a \"${I} {\"", ["a 1 {", "a 2 {"]), ("~SEQ(I,1,2) a ${I} # {", ["a 1", "a 2"]),
        ("a {\n b {\n~SEQ(I,1,2) }", ["a { b {  } }"]),
    ])
    func `a repeated line may hold whole blocks, and braces that are none`(text: String, expected: [String]) {
        let (lines, loader) = load(text)
        #expect(lines == expected)
        #expect(loader.diagnostics.all.isEmpty)
    }

    @Test func `what a definition refers to is looked up at its use`() {
        let text = "$BASE=10.2.${SUB}\n$SUB=0\na ${BASE}.1\n$SUB=10\na ${BASE}.1"
        #expect(load(text).lines == ["a 10.2.0.1", "a 10.2.10.1"])
    }

    @Test(arguments: [
        ("$B= \\\n one 1 \\\n two 2\n$B", ["one 1", "two 2"]),
        ("$B= \\\n one { \\\n two ${N} \\\n}\n$N=1\n$B\n$N=2\n  $B\n", ["one { two 1 }", "one { two 2 }"]),
        ("$B=one 1 \\\n two 2\n$B", ["one 1", "two 2"]),
        // A blank line ends it, as it does for keepalived.
        ("$B= \\\n one \\\n\ntwo\n$B", ["two", "one"]),
        (
            "$I= \\\n in ${N} \\\n}\n$O= \\\n out { \\\n $N=1 \\\n $I\n$O\n$O",
            ["out { in 1 }", "out { in 1 }"]
        ),
        ("$B= \\\n @me here \\\n @^me there\n$B", ["here"]),
        ("$B= \\\n one", []),
        ("a {\n$B= \\\n x\n$B\n}", ["a { x }"]), ("$B= \\\n two\none $B", ["one two"]),
    ])
    func `a definition may be lines`(text: String, expected: [String]) {
        let (lines, loader) = load(text + "\nend")
        #expect(lines == expected + ["end"] || lines == expected)
        #expect(loader.diagnostics.all.isEmpty)
    }

    @Test(arguments: [
        ("@me $A=1\n@you $A=2\nx $A", ["x 1"]), ("$C=@me\n$C x\n$D=@you\n$D y\nz", ["x", "z"]),
        ("$A=1\n@^me x $A\n@^you y $A", ["y 1"]),
    ])
    func `lines for a config-id may define and be defined`(text: String, expected: [String]) {
        let (lines, loader) = load(text)
        #expect(lines == expected)
        #expect(loader.diagnostics.all.isEmpty)
    }

    @Test(arguments: [
        ("~SEQ(I,1,3) a ${I}", ["a 1", "a 2", "a 3"]), ("~SEQ(I,2) a $I b", ["a 1 b", "a 2 b"]),
        ("~LST(I,x,y) ~SEQ(J,1,2) ${I}${J}", ["x1", "x2", "y1", "y2"]),
        ("~LST({I,J},{1,a},{2,b}) ${I} ${J}", ["1 a", "2 b"]), ("$S=~SEQ(I,1,2)\n$S a ${I}", ["a 1", "a 2"]),
        ("$N=2\n~SEQ(I,1,${N}) a ${I}", ["a 1", "a 2"]),
        ("~SEQ(I,1,2) ~SEQ(J,1,${I}) ${I}${J}", ["11", "21", "22"]),
        ("$B= \\\n a ${I} { \\\n b \\\n}\n~SEQ(I,1,2) $B", ["a 1 { b }", "a 2 { b }"]),
        ("b {\n ~SEQx(I,10,11) 2001:db8::${I}\n}", ["b { 2001:db8::a; 2001:db8::b }"]),
        ("$I=9\n~SEQ(I,1,1) a ${I}\nb ${I}", ["a 1", "b 9"]), ("@you ~SEQ(I,1,3) a\nb", ["b"]),
    ])
    func `a line is repeated`(text: String, expected: [String]) {
        let (lines, loader) = load(text)
        #expect(lines == expected)
        #expect(loader.diagnostics.all.isEmpty)
    }

    @Test func `definitions of included files count from there on, and theirs before`() {
        let files = ["/etc/d/defs": "$A=2\ny $A $B ${_PWD}", "/etc/late": "z $A"]
        let text = "$A=1\n$B=b\nx $A\ninclude d/defs\nx $A ${_PWD}\nblock {\n  include late\n}"
        let (lines, loader) = load(text, files)
        #expect(lines == ["x 1", "y 2 b /etc/d", "x 2 /etc", "block { z 2 }"])
        #expect(loader.diagnostics.all.isEmpty)
        #expect(loader.sources.writtenFiles.map(\.name) == ["/etc/t", "/etc/d/defs", "/etc/late"])
    }

    @Test func `a file without any dollar may include those that define and use`() {
        let (lines, _) = load("include a\ninclude b", ["/etc/a": "$A=1", "/etc/b": "x $A"])
        #expect(lines == ["x 1"])
        let files = ["/etc/a": "a\ninclude b\nc", "/etc/b": "$A=1\nb"]
        #expect(load("$A=0\ninclude a\nx $A", files).lines == ["a", "b", "c", "x 1"])
    }

    @Test(arguments: [
        ("x ${NONE}", DiagnosticCode.undefinedName), ("x \"${NONE}\"", .undefinedInString),
        ("x ${_ENV NONE}", .undefinedName), ("$A=1\nx $A/24", .bareReference),
        ("~SEQ(I,1,9) x $I/24", .bareReference), ("~SEQ(I,1,9) x ${NONE}", .undefinedName),
        ("$A =1\nx $A ${A}", .badDefinition), ("~SEQ(I,3,1,5,7) x ${I} {\n}", .badRepetition),
        ("$A=1\nx \"$A/24\"", .undefinedInString), ("$A =1", .badDefinition), ("$_PWD=/", .badDefinition),
        ("$A=${A}\nx ${A}", .definitionLoop), ("$A=${B}\n$B=x ${A}${A}\nx ${A} ${A}", .definitionLoop),
        ("$A= \\\n$A \\\n$A\n$A", .definitionLoop), ("~SEQ(I,1,0,3) a", .badRepetition),
        ("~SEQ(I,1 a", .badRepetition), ("$B= \\\n a \\\n b\nx $B y", .badDefinition),
    ])
    func `what cannot be expanded is said once`(text: String, code: DiagnosticCode) {
        #expect(load(text).loader.diagnostics.all.map(\.code) == [code])
    }

    @Test(arguments: [
        ("~SEQ(I,1,0,3) a ${I} {\nb\n}\nc", ["a ${I} { b }", "c"]), ("$A=$A\nx $A\ny $A", ["x $A", "y $A"]),
        ("$A =1\nx $A", ["x $A"]), ("$B= \\\n a \\\n b\nx $B y", ["x $B y"]),
    ])
    func `what cannot be expanded stays, and its blocks are closed`(text: String, expected: [String]) {
        #expect(load(text).lines == expected)
    }

    @Test func `definitions end at a number`() {
        let names = (0...ExpansionState.maximumDefinitions).map { "$A\($0)=1\n" }.joined()
        #expect(load(names + "x 1").loader.diagnostics.all.map(\.code) == [.expansionTooLarge])
    }

    @Test func `a near name is suggested`() {
        let (_, loader) = load("$ADDRESS=1\nx ${ADRESS}")
        #expect(loader.diagnostics.all.first?.suggestion == "${ADDRESS}")
    }

    @Test(arguments: [
        // A line, text and work that double at every step.
        (0..<30).map { "$A\($0)=${A\($0 + 1)} ${A\($0 + 1)}\n" }.joined() + "$A30=xxxxxxxxxxxx\na ${A0}",
        (0..<30).map { "$A\($0)= \\\n$A\($0 + 1) \\\n$A\($0 + 1)\n" }.joined() + "$A30=xxxxxxxxx\n$A0",
        (0..<30).map { "$A\($0)=${A\($0 + 1)}${A\($0 + 1)}\n" }.joined() + "$A30=\na ${A0}",
        "~SEQ(I,2147483647) ~SEQ(J,2147483647) $X=1", "~SEQ(I,2147483647) a",
    ])
    func `expansion is bounded`(text: String) {
        let codes = load(text, workLimit: 200_000).loader.diagnostics.all.map(\.code)
        #expect(codes == [.expansionTooLarge])
    }
}
