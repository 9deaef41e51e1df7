import Testing

struct ConformanceTests {
    @Test func `every rule of VRRP has a positive and a negative test that exist`() throws {
        let page = try #require(Repository.files.first { $0.path == "docs/conformance.md" })
        let files = Repository.files.filter { $0.path.hasPrefix("Tests/") && $0.path.hasSuffix(".swift") }
        let existing = Set(files.flatMap(Conformance.tests))
        let violations = Conformance.violations(in: page, existing: existing)
        #expect(violations.isEmpty, "\n\(violations.report)")
    }

    @Test func `every test that the page of the simulation names exists`() throws {
        let page = try #require(Repository.files.first { $0.path == "docs/simulation.md" })
        let files = Repository.files.filter { $0.path.hasPrefix("Tests/") && $0.path.hasSuffix(".swift") }
        let missing = Set(Conformance.references(in: page)).subtracting(files.flatMap(Conformance.tests))
        #expect(missing.isEmpty, "there is no test \(missing.sorted())")
        let example = TextFile(path: "a", text: "`ATests/one`, `Rule.x` and `ls /a`\n`BTests/two`")
        #expect(Conformance.references(in: example) == ["ATests/one", "BTests/two"])
    }

    private func page(_ rows: [String]) -> TextFile {
        TextFile(path: "docs/conformance.md", text: rows.joined(separator: "\n"))
    }

    private var good: [String] {
        Conformance.rules.map { "| \($0) | It says | `ATests/one` | `ATests/two` |" }
    }

    private func reasons(_ rows: [String]) -> [String] {
        Conformance.violations(in: page(rows), existing: ["ATests/one", "ATests/two"]).map(\.reason)
    }

    @Test func `a whole table has nothing to say`() {
        #expect(reasons(["# Title", "| R | Rule | Kept | Broken |", "|---|---|---|---|"] + good) == [])
    }

    @Test func `a rule without a row is found`() {
        #expect(
            reasons(Array(good.dropLast())) == ["the rules are not R1 to R73 in order; missing: [\"R73\"]"])
        #expect(reasons(good + [good[0]]).count == 1)
    }

    @Test(
        arguments: [
            ("| R1 | It says | | `ATests/two` |", "R1 has no positive test"),
            ("| R1 | It says | `ATests/one` | none |", "R1 has no negative test"),
            ("| R1 | It says | `ATests/one` | `ATests/one` |", "R1: `ATests/one` cannot be both tests"),
            ("| R1 | It says | `ATests/one` | `ATests/gone` |", "R1: there is no test `ATests/gone`"),
        ])
    func `a rule without its tests is found`(row: String, reason: String) {
        #expect(reasons([row] + good.dropFirst()) == [reason])
    }

    @Test func `tests are found with their suites`() {
        let file = TextFile(
            path: "Tests/A/BTests.swift",
            text:
                "final class BTests {\n  @Test func `it works`() {}\n  func h() {}\n}\n"
        )
        #expect(Conformance.tests(in: file) == ["BTests/it works"])
    }
}
