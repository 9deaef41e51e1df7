import Testing

@testable import Lab

struct CheckSummaryTests {
    private func check(_ name: String, _ seen: String, _ passed: Bool, wanted: String = "w") -> CheckRecord {
        CheckRecord(name: name, wanted: wanted, seen: seen, passed: passed)
    }

    @Test func `checks of one name and wish are one row, which shows the first failure`() {
        let summaries = CheckSummary.summaries(of: [
            check("a", "1", true), check("b", "x", true), check("a", "2", false), check("a", "3", false),
            check("a", "4", true),
        ])
        #expect(
            summaries == [
                CheckSummary(name: "a", wanted: "w", seen: "2", passed: 2, made: 4),
                CheckSummary(name: "b", wanted: "w", seen: "x", passed: 1, made: 1),
            ])
        #expect(summaries.map(\.isGood) == [false, true])
    }

    @Test func `what was wanted differently is another check`() {
        let summaries = CheckSummary.summaries(of: [
            check("a", "1", true, wanted: "v"), check("a", "1", true, wanted: "w"),
        ])
        #expect(summaries.count == 2)
        #expect(CheckSummary.summaries(of: []).isEmpty)
    }
}
