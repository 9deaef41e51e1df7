import ConfigSyntax
import Testing

@Suite struct IncludeKeywordTests {
    private let files = [
        "/etc/d/a.conf": "a", "/etc/d/b.conf": "b", "/etc/e/c.conf": "c", "/etc/d/.hidden.conf": "hidden",
    ]

    private func load(
        _ text: String, needsAllFiles: Bool = false
    ) -> (words: [String], codes: [DiagnosticCode]) {
        let directories = ["/etc": ["d", "e", "a.conf"], "/etc/d": ["b.conf", "a.conf", ".hidden.conf"]]
        let surroundings = Surroundings(
            configID: "",
            list: { path in
                directories[path].map { .success($0) } ?? .failure(FileProblem("no such directory"))
            }, needsAllFiles: needsAllFiles,
            read: { path in
                if path == "/etc/a.conf" { return .success(Array(text.utf8)) }
                return files[path].map { .success(Array($0.utf8)) } ?? .failure(FileProblem("no such file"))
            })
        var loader = SyntaxLoader(surroundings, hints: GrammarHints())
        let statements = loader.load(path: "/etc/a.conf")
        return (statements.map(\.keyword.text), loader.diagnostics.all.map(\.code))
    }

    @Test(arguments: [
        ("include d/*.conf", ["a", "b"]), ("include d/{b,a}.conf", ["b", "a"]),
        ("include {d/*,e/c}.conf", ["a", "b", "c"]), ("include /etc/d/?.conf", ["a", "b"]),
        ("include d/.*.conf", ["hidden"]), ("includea d/[ab].conf\nx", ["a", "b", "x"]),
        ("include {d/a.conf,d/*.conf}", ["a", "b"]),
    ])
    func `a pattern includes what matches, in order and once`(text: String, expected: [String]) {
        let (words, codes) = load(text)
        #expect(words == expected)
        #expect(codes.isEmpty)
    }

    @Test(arguments: ["include d/*.none", "includer d/*.none", "includeb d/*.none", "include d/{a,x}.conf"])
    func `where all files are needed every form is includea`(text: String) {
        #expect(load(text + "\nx").codes.allSatisfy { $0 == .uselessPattern || $0 == .unreadableFile })
        #expect(load(text, needsAllFiles: true).codes.contains { $0.severity == .error })
        #expect(load("include d/*.conf", needsAllFiles: true).codes.isEmpty)
    }

    @Test(arguments: [
        ("include d/*.none\nx", .uselessPattern), ("includer d/*.none\nx", .uselessPattern),
        ("includeb d/*.none\nx", .uselessPattern), ("include d/*.conf", nil),
        ("includem d/*.none\nx", DiagnosticCode.noMatchingFile), ("includew d/*.none\nx", .noMatchingFile),
        ("includea d/*.none\nx", .noMatchingFile), ("includeb d/{a,x}*.conf\ny", .noMatchingFile),
        ("includea d/{a,x}*.conf", .noMatchingFile), ("include none/*\nx", .uselessPattern),
        ("includer d/x.conf\ny", .unreadableFile), ("include d/{a,x}.conf", .unreadableFile),
        ("include \(String(repeating: "{a,b}", count: 12))\nx", .noMatchingFile),
    ])
    func `each form insists on what it says`(text: String, code: DiagnosticCode?) {
        #expect(load(text).codes == (code.map { [$0] } ?? []))
    }

    @Test func `the form is known by its word alone`() {
        let span = Span(file: 0, start: 0, end: 0)
        #expect(IncludeKeyword(Word("includew", span: span)) == .includew)
        #expect(IncludeKeyword(Word("included", span: span)) == nil)
        #expect(IncludeKeyword(Word("inc", span: span)) == nil)
    }
}
