import Testing

@testable import ConfigSyntax

@Suite struct KnownBlocksTests {
    private func known(_ texts: String...) -> KnownBlocks {
        var known = KnownBlocks(of: "b")
        for (index, text) in texts.enumerated() { known.add(Int32(-1 - index), text: Array(text.utf8)[...]) }
        return known
    }

    @Test func `a block is found by its whole text`() {
        var blocks = known("b 1 {\nx\n}", "b 2 { }")
        let octets = Array("\nb 1 {\nx\n}\nb 2 { y }\nb 2 { }".utf8)
        #expect(blocks.take(at: 0, of: octets) == nil)
        #expect(blocks.take(at: 11, of: octets) == nil)
        let found = blocks.take(at: 1, of: octets)
        #expect(found?.piece == -1 && found?.end == 10)
        let short = blocks.take(at: 0, of: Array("b 2 { ".utf8))
        #expect(short == nil)
    }

    @Test func `each is given once, and of two with one first line the first is known`() {
        var blocks = known("b {\n1\n}", "b {\n2\n}")
        #expect(blocks.take(at: 0, of: Array("b {\n2\n}".utf8)) == nil)
        #expect(blocks.take(at: 0, of: Array("b {\n1\n}".utf8))?.piece == -1)
        #expect(blocks.take(at: 0, of: Array("b {\n1\n}".utf8)) == nil)
    }

    @Test func `new pieces have numbers of their own, and only blocks of the keyword are pieces`() {
        var blocks = known("b 1", "b 2")
        #expect(blocks.number(for: "c") == nil)
        #expect(blocks.number(for: "b") == -3)
        #expect(blocks.number(for: "b") == -4)
        blocks.add(.min, text: Array("b 3".utf8)[...])
        #expect(blocks.number(for: "b") == nil)
    }

    // MARK: In a loader

    private func parts(_ text: String, _ known: KnownBlocks) -> (parts: [String], loader: SyntaxLoader) {
        let surroundings = Surroundings(configID: "me") { _ in .success(Array(text.utf8)) }
        let hints = GrammarHints(rootBlocks: ["b"], rootKeywords: ["b", "c"], children: ["b": ["x"]])
        var loader = SyntaxLoader(surroundings, hints: hints, known: known)
        var parts: [String] = []
        loader.open(path: "/t")
        while let part = loader.nextPart() {
            switch part {
            case .known(let piece): parts.append("\(piece)")
            case .statement(let statement):
                let place = loader.sources.location(of: statement.keyword.span)
                parts.append("\(statement.title) \(place.line):\(place.column)")
            }
        }
        return (parts, loader)
    }

    @Test func `known blocks are gone past, and the places of all others are right`() {
        let (parts, loader) = parts("c 1\nb 1 {\nx\n} # y\nb 2 {\n}\n c 2", known("b 1 {\nx\n}"))
        #expect(parts == ["c 1 1:1", "-1", "b 2 5:1", "c 2 7:2"])
        #expect(loader.others.map { String(decoding: $0, as: UTF8.self) } == ["c 1", "c 2"])
        #expect(loader.sources.text(of: -1).map { String(decoding: $0, as: UTF8.self) } == "b 1 {\nx\n}")
        #expect(loader.sources.text(of: -2).map { String(decoding: $0, as: UTF8.self) } == "b 2 {\n}")
        #expect(loader.isPlain && loader.diagnostics.all.isEmpty)
    }

    @Test func `a block is read where it is not the first of its line, or a line is too long`() {
        let long = "#" + String(repeating: "x", count: SourceFile.maximumLine + 1)
        #expect(parts(" b 1 {\n}", known("b 1 {\n}")).parts == ["b 1 1:2"])
        #expect(parts("c b 1 {\n}", known("b 1 {\n}")).parts == ["c b 1 1:1"])
        #expect(parts("b 1 {\n}\n" + long, known("b 1 {\n}")).parts == ["b 1 1:1"])
        #expect(parts("b 1 {\n} c", known("b 1 {\n}")).parts == ["-1", "c 2:3"])
    }

    @Test func `what could belong into a known block makes it unknown`() {
        #expect(!parts("b 1 {\n}\nx", known("b 1 {\n}")).loader.isPlain)
        #expect(!parts("b 1 {\n}\n}", known("b 1 {\n}")).loader.isPlain)
        #expect(parts("b 1 {\n}\nc", known("b 1 {\n}")).loader.isPlain)
    }
}
