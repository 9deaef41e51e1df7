import Testing
import Timekeeping

@testable import Lab

struct ScenarioCardTests {
    private func read(_ scenario: ScenarioRecord) throws -> MarkupReader.Element {
        try MarkupReader.read("<!DOCTYPE html>\n" + ScenarioCard(scenario: scenario, id: "s").html())
    }

    @Test func `a card tells what was done, expected and found`() throws {
        let scenario = SampleRecords.crash()
        let root = try read(scenario)
        #expect(root.attributes["id"] == "s")
        #expect(root.all("h2").first?.text == "Crash of the master")
        #expect(root.all("p").map(\.text) == [scenario.sentence, scenario.expectation])
        #expect(root.all("span").first { $0.has(class: "badge") }?.text == "PASS")
        #expect(root.all("svg").count == 2)
        #expect(root.all("h3").map(\.text) == ["Where the time went", "Checks"])
        let numbers = root.all("dd").map(\.text)
        #expect(numbers.starts(with: ["3.013 s", "3.859 s", "9\u{202F}001", "5\u{202F}989"]))
    }

    @Test func `repeated runs bring a histogram and a row each, and the worst is drawn`() throws {
        let scenario = SampleRecords.crash(runs: 24)
        let root = try read(scenario)
        let worst = try #require(scenario.worstRun)
        #expect(root.all("svg").count == 3)
        #expect(root.all("h3").map(\.text).contains("Run \(worst.number) of 24 (longest outage)"))
        let tables = root.all("table")
        #expect(tables.first?.all("tbody").first?.all("tr").count == 24)
        #expect(tables.last?.allText.contains("24 of 24") == true)
    }

    @Test func `a run over the budget is marked in the list`() throws {
        var scenario = SampleRecords.crash(runs: 3)
        scenario.runs[1].outage?.isOver = false
        let root = try read(scenario)
        let marked = root.all("td").filter { $0.has(class: "fail") && $0.has(class: "number") }
        #expect(marked.count == 1)
        #expect(marked.first?.text.hasPrefix("> ") == true)
    }

    @Test func `a skipped scenario is a heading and its reason`() throws {
        let root = try read(SampleRecords.skipped)
        #expect(root.all("svg").isEmpty && root.all("table").isEmpty && root.all("p").isEmpty)
        #expect(root.all("span").last?.text == "iptables is not installed")
    }

    @Test func `checks and left-out parts are listed`() throws {
        let root = try read(SampleRecords.dead)
        let cells = root.all("td").map(\.text)
        #expect(cells == ["FAIL", "connection", "open", "reset by <peer> & \"gone\""])
        #expect(root.all("li").map(\.text) == ["UDP: the example has no UDP service"])
    }

    @Test func `where only checks decide, a gap is no outage`() throws {
        var scenario = SampleRecords.crash(runs: 2)
        scenario.budget = nil
        scenario.bound = nil
        let root = try read(scenario)
        #expect(root.all("svg").count == 1)
        #expect(root.all("dt").map(\.text).first == "Longest gap")
        #expect(!root.allText.contains("without a good reply"))
    }

    @Test func `a planned handover needs no account of its milliseconds`() throws {
        #expect(!(try read(SampleRecords.stop)).all("h3").map(\.text).contains("Where the time went"))
    }

    @Test func `hundreds of rows are counted, not shown`() throws {
        var scenario = SampleRecords.skipped
        scenario.obstacle = nil
        scenario.checks = (0..<501).map {
            CheckRecord(name: "c\($0)", wanted: "a", seen: "a", passed: true)
        }
        let root = try read(scenario)
        #expect(root.all("tbody").first?.all("tr").count == HTMLReport.mostRows)
        #expect(root.all("p").last?.text == "301 more checks in the JSON record.")
    }
}
