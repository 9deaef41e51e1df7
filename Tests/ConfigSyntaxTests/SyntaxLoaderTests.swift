import ConfigSyntax
import Testing

@Suite struct SyntaxLoaderTests {
    private func load(
        _ files: [String: String], _ path: String = "/etc/a.conf"
    ) -> (
        [Statement], SyntaxLoader
    ) {
        let surroundings = Surroundings(configID: "me") { path in
            files[path].map { .success(Array($0.utf8)) } ?? .failure(FileProblem("no such file"))
        }
        var loader = SyntaxLoader(surroundings, hints: GrammarHints())
        return (loader.load(path: path), loader)
    }

    private func words(_ statements: some Sequence<Statement>) -> [String] {
        statements.flatMap { [$0.keyword.text] + ($0.block.map { words($0.statements) } ?? []) }
    }

    @Test func `a file without includes is what it is`() {
        let (tree, loader) = load(["/etc/a.conf": "one\ntwo {\nthree\n}"])
        #expect(words(tree) == ["one", "two", "three"])
        #expect(loader.sources.files.map(\.name) == ["/etc/a.conf"])
        #expect(loader.diagnostics.all.isEmpty)
    }

    @Test func `included statements stand where the include stood, also inside a block`() {
        let (tree, loader) = load([
            "/etc/a.conf": "one\ninclude b.conf\nblock {\ninclude d/c.conf\nfive\n}",
            "/etc/b.conf": "two\nthree",
            "/etc/d/c.conf": "include e.conf",
            "/etc/d/e.conf": "four",
        ])
        #expect(words(tree) == ["one", "two", "three", "block", "four", "five"])
        #expect(loader.sources.files.count == 4)
        #expect(loader.diagnostics.all.isEmpty)
    }

    @Test func `spans of included statements name their file`() throws {
        let (tree, loader) = load(["/etc/a.conf": "include b.conf", "/etc/b.conf": "\n  two"])
        let span = try #require(tree.first?.keyword.span)
        #expect(loader.sources.location(of: span).description == "/etc/b.conf:2:3")
    }

    @Test func `a place says by which includes it was read`() throws {
        for definition in ["", "$A=1\n"] {
            let (tree, loader) = load([
                "/etc/a.conf": "\(definition)x\n include b.conf", "/etc/b.conf": "include c.conf",
                "/etc/c.conf": "two",
            ])
            func includes(_ word: String) throws -> [String] {
                let statement = try #require(tree.first { $0.keyword.text == word })
                return loader.sources.includes(of: statement.keyword.span).map(\.description)
            }
            #expect(try includes("x") == [])
            let line = definition.isEmpty ? 2 : 3
            #expect(try includes("two") == ["/etc/b.conf:1:9", "/etc/a.conf:\(line):10"])
        }
    }

    @Test(arguments: [
        ("b.conf", "/etc/a.conf", "/etc/b.conf"),
        ("/x/b.conf", "/etc/a.conf", "/x/b.conf"),
        ("./d//b.conf", "/etc/a.conf", "/etc/d/b.conf"),
        ("../b.conf", "/etc/a.conf", "/etc/../b.conf"),
        ("b.conf", "a.conf", "b.conf"),
        ("b.conf", "d/a.conf", "d/b.conf"),
    ])
    func `a name is seen from the directory of the including file`(name: String, base: String, path: String) {
        #expect(SyntaxLoader.resolve(name, relativeTo: base) == path)
    }

    @Test func `the same file twice is no loop`() {
        let (tree, loader) = load([
            "/etc/a.conf": "include b.conf\ninclude b.conf", "/etc/b.conf": "two",
        ])
        #expect(words(tree) == ["two", "two"])
        #expect(loader.diagnostics.all.isEmpty)
    }

    @Test func `a file that includes itself is reported once, with the way back to it`() {
        let (_, loader) = load([
            "/etc/a.conf": "include b.conf", "/etc/b.conf": "x\ninclude c.conf",
            "/etc/c.conf": "include b.conf",
        ])
        #expect(loader.diagnostics.all.map(\.code) == [.includeLoop])
        #expect(
            loader.diagnostics.all.first?.related.map(\.text) == ["/etc/c.conf was included from here"])
        let (_, itself) = load(["/etc/a.conf": "include a.conf"])
        #expect(itself.diagnostics.all.map(\.code) == [.includeLoop])
    }

    @Test func `a file is known by its one name, however it is named`() {
        let text = Array("include x/../a.conf\ny".utf8)
        let surroundings = Surroundings(configID: "", name: { $0.contains("a.conf") ? "a" : $0 }) { _ in
            .success(text)
        }
        var loader = SyntaxLoader(surroundings, hints: GrammarHints())
        #expect(words(loader.load(path: "/etc/a.conf")) == ["include", "y"])
        #expect(loader.diagnostics.all.map(\.code) == [.includeLoop])
    }

    @Test(arguments: ["", "$A=1\n"]) func `an include that failed stays where it stood`(definition: String) {
        let (tree, _) = load([
            "/etc/a.conf": "\(definition)one\ninclude none\ntwo {\ninclude b.conf\ninclude none\nfour\n}",
            "/etc/b.conf": "three\ninclude /nul", "/nul": "\0",
        ])
        #expect(words(tree) == ["one", "include", "two", "three", "include", "include", "four"])
    }

    @Test func `a file whose lines end in CR alone is one mistake`() {
        let (tree, loader) = load(["/etc/a.conf": "! comment\rone\rtwo"])
        #expect(tree.isEmpty)
        #expect(loader.diagnostics.all.map(\.code) == [.badCharacter])
        #expect(loader.diagnostics.all.first?.primary.span == Span(file: 0, start: 9, end: 10))
        #expect(load(["/etc/a.conf": "one\r\ntwo\r"]).1.diagnostics.all.isEmpty)
        #expect(load(["/etc/a.conf": "one\r"]).1.diagnostics.all.isEmpty)
    }

    @Test func `includes end at a depth`() {
        let files = Dictionary(
            uniqueKeysWithValues: (0..<40).map { ("/etc/\($0).conf", "include \($0 + 1).conf\nx") })
        let (tree, loader) = load(files, "/etc/0.conf")
        #expect(loader.diagnostics.all.map(\.code) == [.includeLoop])
        // And the last include, which failed.
        #expect(tree.count == SyntaxLoader.maximumDepth + 1)
    }

    @Test func `includes end at a number of files`() {
        let line = "include b.conf\n"
        let (_, loader) = load([
            "/etc/a.conf": String(repeating: line, count: SyntaxLoader.maximumFiles + 2), "/etc/b.conf": "x",
        ])
        #expect(loader.diagnostics.all.map(\.code) == [.includeLoop, .includeLoop, .includeLoop])
        #expect(loader.sources.files.count == SyntaxLoader.maximumFiles)
    }

    @Test(arguments: [
        ("include nowhere.conf", DiagnosticCode.unreadableFile), ("include", .missingValue),
        ("include \"\"", .missingValue), ("include b c", .unexpectedWord),
        ("include *.conf\nx", .uselessPattern), ("include ~/b.conf", .unreadableFile),
        ("includer b", .unreadableFile), ("includea b", .unreadableFile),
        ("includem *.conf", .noMatchingFile),
        ("includew b?", .noMatchingFile), ("includea *.d/x", .noMatchingFile),
        ("includeb {a*,b*}", .noMatchingFile),
    ])
    func `an include that cannot be followed is an error`(text: String, code: DiagnosticCode) {
        let (_, loader) = load(["/etc/a.conf": text])
        #expect(loader.diagnostics.all.map(\.code) == [code])
    }

    @Test(arguments: IncludeKeyword.allCases) func `every form of include is recognised`(form: IncludeKeyword)
    {
        let (tree, loader) = load(["/etc/a.conf": "\(form.rawValue) b.conf", "/etc/b.conf": "x"])
        #expect(loader.diagnostics.all.isEmpty)
        #expect(tree.count == 1)
    }

    @Test(arguments: [
        ("", DiagnosticCode.emptyFile), ("# nothing", .emptyFile), ("\n\n", .emptyFile),
        ("a\0b", .binaryFile),
    ])
    func `a file with nothing in it, or with octets that are no text, is an error`(
        text: String, code: DiagnosticCode
    ) {
        let (tree, loader) = load(["/etc/a.conf": text])
        #expect(tree.isEmpty)
        #expect(loader.diagnostics.all.map(\.code) == [code])
    }

    @Test func `an empty file may be included`() {
        let (_, loader) = load(["/etc/a.conf": "include b.conf\nx", "/etc/b.conf": "# nothing"])
        #expect(loader.diagnostics.all.isEmpty)
    }

    @Test func `an unreadable file is named with the reason`() {
        let (_, loader) = load([:], "/etc/x.conf")
        let diagnostic = loader.diagnostics.all.first
        #expect(diagnostic?.message == "cannot read /etc/x.conf: no such file")
        #expect(loader.sources.files.map(\.name) == ["/etc/x.conf"])
    }

    @Test func `after too much nothing more is read, be it text or not`() {
        let half = [UInt8](repeating: 0, count: SourceFile.maximumSize / 2 + 1)
        var files = ["/etc/main": Array("include a\ninclude b\ninclude c\ninclude d\n".utf8)]
        for name in ["/etc/a", "/etc/b"] { files[name] = half }
        let surroundings = Surroundings(configID: "") { path in
            files[path].map { .success($0) } ?? .failure(FileProblem("it was read"))
        }
        var loader = SyntaxLoader(surroundings, hints: GrammarHints())
        _ = loader.load(path: "/etc/main")
        #expect(loader.diagnostics.all.map(\.code).contains(.tooLarge))
        #expect(!loader.diagnostics.all.map(\.code).contains(.unreadableFile), "neither c nor d was read")
    }

    @Test func `more than can be read is refused`() {
        let surroundings = Surroundings(configID: "") { _ in
            .success([UInt8](repeating: UInt8(ascii: "\n"), count: SourceFile.maximumSize + 1))
        }
        var loader = SyntaxLoader(surroundings, hints: GrammarHints())
        #expect(loader.load(path: "big").isEmpty)
        #expect(loader.diagnostics.all.map(\.code) == [.tooLarge])
    }

    @Test func `surroundings without a seed differ by the config-id and stay the same`() {
        let seeds = ["a", "b", "a"].map { Surroundings(configID: $0) { _ in .success([]) }.seed }
        #expect(seeds[0] == seeds[2])
        #expect(seeds[0] != seeds[1])
    }
}
