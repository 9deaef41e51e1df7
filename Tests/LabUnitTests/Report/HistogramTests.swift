import Testing
import Timekeeping

@testable import Lab

struct HistogramTests {
    @Test func `every run is in one bin`() {
        let outages = SampleRecords.crash(runs: 24).outages.map(\.seconds)
        let bins = Histogram.Bins(outages)
        #expect(bins.counts.reduce(0, +) == 24)
        #expect(bins.low <= (outages.min() ?? 0) + 1e-9)
        #expect(bins.high >= (outages.max() ?? 0) - 1e-9)
        #expect(bins.counts.count <= 40)
    }

    @Test(
        arguments: [[], [1.0], [2, 2, 2], [0, 1e9], [-1, 3], [.nan, 1], [0.0012, 0.0013]] as [[Double]])
    func `odd values make bins too`(values: [Double]) {
        let bins = Histogram.Bins(values)
        #expect(bins.counts.reduce(0, +) == values.count { $0.isFinite })
        #expect(bins.width > 0 && bins.high > bins.low)
        #expect(bins.counts.count <= 40)
    }

    @Test func `it shows median, p95, bound and budget`() throws {
        let scenario = SampleRecords.crash(runs: 24)
        let root = try MarkupReader.read(try #require(Histogram(scenario: scenario).svg()))
        let texts = root.all("text").map(\.text)
        let median = try #require(scenario.outages.percentile(50))
        #expect(texts.contains("p50 \(Decimals.people(median))"))
        #expect(texts.contains { $0.hasPrefix("p95 ") })
        #expect(texts.contains("bound 3.609 s"))
        #expect(texts.contains("budget 3.859 s"))
        #expect(texts.contains("seconds without a good reply"))
        let bars = root.all("rect").filter { $0.has(class: "p-2") }
        #expect(bars.count == Histogram.Bins(scenario.outages.map(\.seconds)).counts.count { $0 > 0 })
        #expect(
            bars.allSatisfy { $0.number("x") >= 0 && $0.number("x") + $0.number("width") <= Histogram.width })
    }

    @Test func `one run is no distribution`() {
        #expect(Histogram(scenario: SampleRecords.crash()).svg() == nil)
        #expect(Histogram(scenario: SampleRecords.skipped).svg() == nil)
    }

    @Test func `equal outages, and outages without a bound, are drawn`() throws {
        var scenario = SampleRecords.crash(runs: 5)
        scenario.bound = nil
        scenario.budget = nil
        for index in scenario.runs.indices {
            scenario.runs[index].outage = Outage(from: .zero, to: .milliseconds(2), isOver: true)
        }
        let svg = try #require(Histogram(scenario: scenario, isStandalone: true).svg())
        let root = try MarkupReader.read(svg)
        #expect(root.all("rect").filter { $0.has(class: "p-2") }.count == 1)
        #expect(root.all("title").first?.text == "Crash of the master: outages of 5 runs")
    }
}
