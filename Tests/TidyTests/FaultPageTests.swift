import Testing

struct FaultPageTests {
    private func page(_ last: String) -> TextFile {
        TextFile(
            path: "docs/faults.md",
            text: "# F\n| F | `not a test` | tests |\n|---|---|---|\n| F1, F2 | `b` | \(last) |\n\n`c/d`\n")
    }

    private let suite = TextFile(
        path: "Tests/VRRPTests/RouterTests.swift",
        text: """
            @Suite struct RouterTests {
                @Test func `a b`() {}
                @Test(arguments: [1])
                func `c`(number: Int) {}
            }
            """)

    @Test func `every fault has tests, and all of them exist`() throws {
        let page = try #require(Repository.files.first { $0.path == "docs/faults.md" })
        let violations = FaultPage.violations(in: page, tests: Repository.tests.map(\.file))
        #expect(violations.isEmpty, "\n\(violations.report)")
        #expect(FaultPage.references(in: page).count > 40)
    }

    @Test func `every fault is in a row, or excused`() throws {
        let page = try #require(Repository.files.first { $0.path == "docs/faults.md" })
        let violations = FaultPage.unspoken(in: page)
        #expect(violations.isEmpty, "\n\(violations.report)")
    }

    private static let lists: [(Int, String, [String])] = [
        (3, "", []), (4, "", ["F3: neither in a row nor excused"]),
        (2, "", ["F2: in a row and excused"]), (3, "| x | b | c |\n", ["x: no number of a fault"]),
        (3, "| F53 | b | c |\n| | b | c |\n", []),
    ]

    @Test(arguments: lists)
    func `a fault that is forgotten is found`(first: Int, rows: String, reasons: [String]) {
        let text =
            "| F | fault | tests |\n|---|---|---|\n| F1, F2 | a | b |\n\(rows)\n"
            + FaultPage.faults.filter { Int($0.dropFirst()) ?? 0 >= first }
            .map { "- **\($0)**, a reason\n" }.joined()
        let page = TextFile(path: "docs/faults.md", text: text)
        #expect(FaultPage.unspoken(in: page).map(\.reason) == reasons)
    }

    @Test func `tests are named in the last column of a table`() {
        let found = FaultPage.references(in: page("`RouterTests/a b`, `RouterTests/c`"))
        #expect(found.map(\.suite) == ["RouterTests", "RouterTests"])
        #expect(found.map(\.test) == ["a b", "c"])
        #expect(found.map(\.line) == [4, 4])
    }

    @Test func `names are those of functions, by file`() {
        #expect(FaultPage.names(in: [suite]) == ["RouterTests": ["a b", "c"]])
    }

    @Test(arguments: [
        ("`RouterTests/a b`", 0), ("`RouterTests/a`", 1), ("`OtherTests/a b`", 1), ("`a b`", 1), ("none", 1),
        ("", 1), ("`RouterTests/c`, `RouterTests/gone`", 1),
    ])
    func `a fault without a test and a test that is gone are found`(last: String, count: Int) {
        #expect(FaultPage.violations(in: page(last), tests: [suite]).count == count)
    }
}
