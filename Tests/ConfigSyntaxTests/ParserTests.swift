import ConfigSyntax
import SimulationKit
import Testing

@Suite struct ParserTests {
    static let hints = GrammarHints(
        rootBlocks: ["router", "server"], rootKeywords: ["router", "server", "option"],
        children: [
            "router": ["name", "addresses", "auth"], "auth": ["pass"], "server": ["port", "real", "timeout"],
            "real": ["weight", "check", "timeout"], "check": ["timeout"],
        ],
        addressBlocks: ["addresses"])

    private func parse(_ text: String, hints: GrammarHints = hints) -> ([Statement], [Diagnostic]) {
        var diagnostics = Diagnostics()
        let file = SourceFile(name: "f", octets: Array(text.utf8))
        let tree = Parser.parse(file, number: 0, configID: "me", hints: hints, &diagnostics)
        return (tree, diagnostics.all)
    }

    private func shape(_ statements: some Sequence<Statement>) -> String {
        statements.map { statement in
            let words = ([statement.keyword] + statement.arguments).map(\.text).joined(separator: " ")
            return words + (statement.block.map { " {\(shape($0.statements))}" } ?? "")
        }.joined(separator: "; ")
    }

    @Test(arguments: [
        ("", ""),
        ("option a b", "option a b"),
        ("option a\noption b", "option a; option b"),
        ("router r {\n name x\n}", "router r {name x}"),
        ("router r\n{\n name x\n}", "router r {name x}"),
        ("router r\n\n# comment\n{ name x }", "router r {name x}"),
        ("router r { name x\n} option y", "router r {name x}; option y"),
        ("router r { auth { pass x } name y }", "router r {auth {pass x}; name y}"),
        ("router r { } router s { }", "router r {}; router s {}"),
        ("router \"a b\" {}", "router a b {}"),
        ("unknown {\n deep {\n deeper\n }\n}", "unknown {deep {deeper}}"),
    ])
    func `statements nest by braces, whatever the lines`(text: String, expected: String) {
        let (tree, diagnostics) = parse(text)
        #expect(shape(tree) == expected)
        #expect(diagnostics.isEmpty)
    }

    @Test func `blocks know where their braces are`() throws {
        let (tree, _) = parse("router r {\n}")
        let block = try #require(tree.first?.block)
        #expect(block.open == Span(file: 0, start: 9, end: 10))
        #expect(block.close == Span(file: 0, start: 11, end: 12))
    }

    @Test(
        arguments: [
            // The next top-level block begins: the open one ends there.
            (
                "router r {\n  name x\nserver s {\n  port 1\n}", "router r {name x}; server s {port 1}",
                [(DiagnosticCode.unclosedBlock, 9)]
            ),
            ("router r {\n  name x\n", "router r {name x}", [(.unclosedBlock, 9)]),
            // The closing brace stands under the outer block: it is the inner one that is open.
            (
                "router r {\n  auth {\n    pass x\n}\nserver s {\n}", "router r {auth {pass x}}; server s {}",
                [(.unclosedBlock, 18)]
            ),
            // A line that is legal only further out, and begins there.
            (
                "server s {\n  real r {\n    check {\n  }\n  real q {\n  }\n}",
                "server s {real r {check {}}; real q {}}", [(.unclosedBlock, 32)]
            ),
            // Tabs go further in than blanks do.
            (
                "server s {\n    real r {\n        check {\n\t\tport 1\n        }\n    }\n}",
                "server s {real r {check {port 1}}}", []
            ),
            (
                "router r {\n  addresses {\n    192.0.2.1\n  name x\n}",
                "router r {addresses {192.0.2.1}; name x}", [(.unclosedBlock, 23)]
            ),
            ("option a\n}\n", "option a", [(.extraClosingBrace, 9)]),
            ("router r {\n}\n}\nserver s {\n}", "router r {}; server s {}", [(.extraClosingBrace, 13)]),
            // What follows the brace belongs into the block it closed.
            (
                "server s {\n  port 1\n}\n  real r {\n  }\n}", "server s {port 1; real r {}}",
                [(.extraClosingBrace, 20)]
            ),
            (
                "server s {\n  real r {\n    check {\n    }\n    }\n    weight 1\n  }\n}",
                "server s {real r {check {}; weight 1}}", [(.extraClosingBrace, 44)]
            ),
            ("router r\n  name x\n}\noption a", "router r {name x}; option a", [(.missingOpeningBrace, 7)]),
            (
                "router r {\n  addresses\n    192.0.2.1\n  }\n  name x\n}",
                "router r {addresses {192.0.2.1}; name x}", [(.missingOpeningBrace, 13)]
            ),
            // Legal in both blocks: the indentation tells.
            (
                "server s {\n  real r\n    timeout 1\n  }\n  timeout 2\n}",
                "server s {real r {timeout 1}; timeout 2}", [(.missingOpeningBrace, 18)]
            ),
            (
                "server s {\n  real r\n  timeout 1\n  port 2\n}", "server s {real r; timeout 1; port 2}", []
            ),
            ("{\n  name x\n}\noption a", "option a", [(.blockWithoutKeyword, 0)]),
            ("router r { { name x } name y }", "router r {name y}", [(.blockWithoutKeyword, 11)]),
        ] as [(String, String, [(DiagnosticCode, Int32)])])
    func `a brace at fault gives one message, and the rest is still read`(
        text: String, expected: String, faults: [(DiagnosticCode, Int32)]
    ) {
        let (tree, diagnostics) = parse(text)
        #expect(shape(tree) == expected)
        #expect(diagnostics.map(\.code) == faults.map(\.0))
        #expect(diagnostics.map(\.primary.span.start) == faults.map(\.1))
    }

    @Test func `without hints braces are only counted`() {
        let (tree, diagnostics) = parse("router r {\nserver s {\n}\n}\nname x", hints: GrammarHints())
        #expect(shape(tree) == "router r {server s {}}; name x")
        #expect(diagnostics.isEmpty)
    }

    @Test func `nesting beyond the limit is skipped with one message`() {
        let depth = 10_000
        let text = String(repeating: "a {\n", count: depth) + String(repeating: "}", count: depth)
        let (tree, diagnostics) = parse(text + "\noption a")
        #expect(tree.count == 2)
        #expect(diagnostics.map(\.code) == [.nestedTooDeep])
        let (_, open) = parse(String(repeating: "a {\n", count: depth))
        #expect(open.map(\.code) == [.nestedTooDeep, .unclosedBlock])
    }
}

/// Whatever octets come, the parser comes to an end, its spans lie in the file and its tree is bounded.
@Suite struct ParserFuzzTests {
    private static let seeds: [[UInt8]] = [
        """
        # comment
        router r {
            name "x y"
            addresses {
                192.0.2.1/24 dev eth0
            }
            auth { pass a\\#b }
        }
        @me option on
        @^me option off
        """,
        "server s\r\n{ real r { check { timeout 1 } }\r\n timeout 2 }\r\n$A= x \\\r\n y\r\n",
        "include a{b,c}\noption ${X} ~SEQ(a,1) \"open\nserver é {\n}\n}\n{\n",
    ].map { Array($0.utf8) }

    private func check(_ octets: [UInt8]) {
        var diagnostics = Diagnostics()
        let file = SourceFile(name: "f", octets: octets)
        let tree = Parser.parse(
            file, number: 0, configID: "me", hints: ParserTests.hints, &diagnostics)
        var statements = tree[...]
        var count = 0
        while let statement = statements.popFirst() {
            count += 1
            let inside = 0...Int32(octets.count)
            guard inside.contains(statement.header.start), inside.contains(statement.header.end) else {
                Issue.record("span outside of \(octets)")
                return
            }
            if let block = statement.block { statements += block.statements }
        }
        #expect(count <= octets.count)
        var map = SourceMap()
        _ = map.add(file)
        let renderer = DiagnosticRenderer(map)
        for diagnostic in diagnostics.all.prefix(20) {
            #expect(!renderer.text(diagnostic).isEmpty)
            #expect(!renderer.line(diagnostic).contains("\n"))
        }
    }

    @Test(arguments: seeds) func `every prefix of a file is read`(seed: [UInt8]) {
        for length in 0...seed.count { check(Array(seed.prefix(length))) }
    }

    @Test(arguments: 0..<40) func `files with octets changed, added and taken away are read`(round: Int) {
        var generator = SeededGenerator(seed: UInt64(round))
        for seed in Self.seeds {
            for _ in 0..<25 {
                var octets = seed
                for _ in 0..<Int.random(in: 1...8, using: &generator) where !octets.isEmpty {
                    let place = Int.random(in: 0..<octets.count, using: &generator)
                    let special = Array("{}\"#!@$~\\\n\r\0 ".utf8)
                    let octet =
                        Bool.random(using: &generator)
                        ? special[Int.random(in: 0..<special.count, using: &generator)]
                        : UInt8.random(in: 0...255, using: &generator)
                    switch Int.random(in: 0..<4, using: &generator) {
                    case 0: octets[place] = octet
                    case 1: octets.insert(octet, at: place)
                    case 2: octets.remove(at: place)
                    default: octets.swapAt(place, Int.random(in: 0..<octets.count, using: &generator))
                    }
                }
                check(octets)
            }
        }
    }

    @Test(arguments: 0..<20) func `octets without any sense are read`(round: Int) {
        var generator = SeededGenerator(seed: UInt64(1000 + round))
        let length = Int.random(in: 0...2000, using: &generator)
        check((0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }
}
