import Testing

struct FaultPageTests {
    private func page(_ last: String) -> TextFile {
        TextFile(
            path: "docs/faults.md",
            text: "# F\n| fault | `not a test` | tests |\n|---|---|---|\n| a | `b` | \(last) |\n\n`c/d`\n")
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
