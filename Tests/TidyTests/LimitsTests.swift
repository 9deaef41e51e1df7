import Testing

struct LimitsTests {
    @Test func `no line is wider than the formatter's width`() {
        let swift = Repository.sources + Repository.tests + [Repository.manifest]
        let violations = swift.flatMap { Limits.wideLines(in: $0.file) }
        #expect(violations.isEmpty, "\n\(violations.report)")
    }

    @Test func `no file outgrows its limit`() {
        let files = (Repository.sources + Repository.tests).map(\.file)
        let violations = files.compactMap(Limits.longFile)
        #expect(violations.isEmpty, "\n\(violations.report)")
        for file in Repository.sources where file.file.lineCount > Limits.softFile {
            print("note: \(file.path) has \(file.file.lineCount) lines: think of splitting it")
        }
    }

    @Test func `no function outgrows a screen`() {
        let files = Repository.sources + Repository.tests + [Repository.manifest]
        let violations = files.flatMap(Limits.longFunctions)
        #expect(violations.isEmpty, "\n\(violations.report)")
    }

    @Test func `there are at least as many lines of tests as of sources`() {
        func lines(_ files: [TextFile]) -> Int { files.map(\.lineCount).reduce(0, +) }
        // A golden file is a test without code, and the simulation kit serves tests alone.
        let goldens = Repository.files.filter { $0.path.hasSuffix(".conftest") }
        let (support, sources) = Repository.sources.map(\.file).partitioned { $0.target == "SimulationKit" }
        #expect(lines(Repository.tests.map(\.file) + goldens + support) >= lines(sources))
    }

    @Test func `a wide line is found by its characters, not its octets`() {
        let wide = TextFile(path: "a", text: "short\n" + String(repeating: "x", count: 111))
        #expect(Limits.wideLines(in: wide).map(\.line) == [2])
        let accented = TextFile(path: "a", text: String(repeating: "é", count: 110))
        #expect(Limits.wideLines(in: accented).isEmpty)
    }

    @Test(arguments: [("Sources/A/B.swift", 700), ("Tests/A/B.swift", 900)])
    func `a file is too long by one line`(path: String, limit: Int) {
        func file(_ lines: Int) -> TextFile {
            TextFile(path: path, text: String(repeating: "x\n", count: lines))
        }
        #expect(Limits.longFile(file(limit)) == nil)
        #expect(Limits.longFile(file(limit + 1)) != nil)
    }

    @Test(arguments: [
        "func f(_ a: Int = 1) throws -> (Int, [Int])", "init?(a: [Int: Int])", "var x: Int", "deinit",
    ])
    func `a function is too long by one line`(head: String) {
        func source(_ lines: Int) -> SwiftFile {
            SwiftFile(
                "struct A {\n\(head) {\n" + String(repeating: "a()\n", count: lines - 2) + "}\nlet b = 1\n}")
        }
        #expect(Limits.longFunctions(in: source(70)).isEmpty)
        #expect(Limits.longFunctions(in: source(71)).map(\.line) == [2])
    }

    @Test func `braces in strings, comments, closures and interpolations do not confuse`() {
        let file = SwiftFile(
            #"""
            func a(b: (Int) -> Int = { $0 }) -> String
            {
                // }
                let c = "}\(d.map { "{\($0)" })" /* } */
                return c
            }
            func e() {}
            """#)
        #expect(
            Limits.bodies(in: file) == [
                Limits.Body(name: "a", line: 1, lines: 6), Limits.Body(name: "e", line: 7, lines: 1),
            ])
    }

    @Test func `requirements and stored properties have no bodies`() {
        let file = SwiftFile(
            """
            protocol P {
                func a() -> Int
                var b: Int { get }
                init(c: Int)
                @discardableResult func d() throws
            }
            struct S {
                var e = [1, 2].map { $0 }
                var f: Int
                let g = S.init(h: 1)
                func i() { self.init() }
            }
            """)
        #expect(Limits.bodies(in: file).map(\.name) == ["b", "i"])
    }

    @Test func `a raw identifier is a name`() {
        let file = SwiftFile("@Test func `a { test`() {\n}\n")
        #expect(Limits.bodies(in: file) == [Limits.Body(name: "a { test", line: 1, lines: 2)])
    }
}

extension Array {
    /// The elements that `belong` and the others, in order.
    fileprivate func partitioned(by belong: (Element) -> Bool) -> ([Element], [Element]) {
        (filter(belong), filter { !belong($0) })
    }
}
