import Testing
import Timekeeping

@testable import Lab

struct HTMLReportTests {
    private func read(_ record: DrillRecord) throws -> MarkupReader.Element {
        try MarkupReader.read(HTMLReport(record: record).html())
    }

    @Test(arguments: [SampleRecords.passing, SampleRecords.failing, SampleRecords.empty])
    func `every report is well-formed and begins with its verdict`(record: DrillRecord) throws {
        let root = try read(record)
        let heading = try #require(root.all("h1").first)
        #expect(heading.has(class: record.verdict.outcome.style))
        #expect(root.all("title").first?.text.hasPrefix(record.verdict.outcome.word) == true)
        #expect(root.all("section").filter { $0.attributes["id"] != nil }.count == record.scenarios.count)
    }

    @Test func `nothing comes from outside and nothing runs`() throws {
        let html = HTMLReport(record: SampleRecords.failing).html()
        #expect(!html.contains("<script") && !html.contains("src=") && !html.contains("@import"))
        let addresses = html.split(separator: "\"").filter { $0.contains("://") }
        #expect(Set(addresses) == ["http://www.w3.org/2000/svg"])
        for element in try read(SampleRecords.failing).all {
            if let link = element.attributes["href"] { #expect(link.hasPrefix("#")) }
            #expect(!element.attributes.keys.contains { $0.hasPrefix("on") || $0 == "style" })
        }
    }

    @Test func `names are unique in the page and links find them`() throws {
        let root = try read(SampleRecords.failing)
        let ids = root.all.compactMap { $0.attributes["id"] }
        #expect(Set(ids).count == ids.count)
        for link in root.all("a") {
            #expect(ids.contains(String((link.attributes["href"] ?? "").dropFirst())))
        }
        for element in root.all {
            guard let fill = element.attributes["fill"], fill.hasPrefix("url(#") else { continue }
            #expect(ids.contains(String(fill.dropFirst(5).dropLast())))
        }
    }

    @Test func `the overview has a row a scenario`() throws {
        let root = try read(SampleRecords.failing)
        let rows = try #require(root.all("table").first).all("tbody").flatMap { $0.all("tr") }
        #expect(rows.count == 3)
        let words = rows.compactMap { row in row.all("td").first { $0.has(class: "word") }?.text }
        #expect(words == ["PASS", "FAIL", "SKIP"])
        let outages = rows.compactMap { row in row.all("td").first { $0.has(class: "number") }?.text }
        #expect(outages.last == "\u{2013}")
        #expect(outages[1] == "> 6.000 s")
    }

    @Test func `configurations and versions stand at the end, as they were read`() throws {
        let root = try read(SampleRecords.passing)
        let texts = root.all("pre").map(\.text)
        #expect(texts == [SampleRecords.text, SampleRecords.text])
        #expect(root.all("code").map(\.text) == SampleRecords.header.configurations.map(\.sha256))
        let table = root.all("table").first { $0.has(class: "settings") }
        #expect(table?.allText.contains("Linux 6.1.0-37-amd64") == true)
        #expect(table?.allText.contains("Probe spacing") == true)
    }

    @Test func `what was not told leaves no empty rows`() throws {
        let root = try read(SampleRecords.empty)
        #expect(root.all("h1").first?.text == "The drill could not run")
        #expect(root.all("pre").isEmpty)
        #expect(root.all("tr").isEmpty)
    }

    @Test func `a problem is told beside a failure`() throws {
        var record = SampleRecords.failing
        record.problem = "interrupted by the operator"
        let lead = try read(record).all("p").first { $0.has(class: "lead") }
        #expect(lead?.text == "Failed: connection. Interrupted by the operator.")
    }

    @Test func `text from outside stays text`() throws {
        var record = SampleRecords.passing
        let evil = "</pre></section><script>alert('1')</script>\u{0}\u{1B}"
        record.header.example = evil
        record.header.configurations[0].text = evil
        record.header.facts = [Fact(name: evil, value: evil)]
        record.scenarios[0].title = evil
        record.scenarios[0].runs[0].servers = [ServerShare(name: evil, replies: 1)]
        record.scenarios[0].runs[0].checks[0].seen = evil
        record.scenarios[0].skipped = [SkippedPart(what: evil, why: evil)]
        let root = try read(record)
        #expect(root.all("script").isEmpty)
        #expect(root.all("pre").first?.text.contains("<script>") == true)
    }

    @Test(arguments: [
        ("", ""), ("failed: x", "Failed: x."), ("Why?", "Why?"), ("é", "É."), ("done.", "Done."),
    ])
    func `a reason is a sentence`(text: String, sentence: String) {
        #expect(HTMLReport.sentence(text) == sentence)
    }

    @Test func `a hundred runs of every scenario stay a small file`() {
        var record = SampleRecords.passing
        record.scenarios = Array(repeating: SampleRecords.crash(runs: 12), count: 7)
        #expect(HTMLReport(record: record).html().utf8.count < 400_000)
    }
}
