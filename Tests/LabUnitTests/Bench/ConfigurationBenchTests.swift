import Testing
import Timekeeping

@testable import Lab

@Suite struct ConfigurationBenchTests {
    private func reading(_ wall: Int64, _ processor: Int64, _ memory: Int) -> Reading {
        Reading(wall: .milliseconds(wall), processor: .milliseconds(processor), memory: memory)
    }

    @Test func `a median is taken of each value on its own`() {
        let readings = [reading(5, 1, 30), reading(1, 9, 10), reading(3, 2, 20)]
        #expect(Reading.median(readings) == reading(3, 2, 20))
        #expect(Reading.median([reading(5, 1, 30), reading(1, 9, 10)]) == reading(1, 1, 10))
        #expect(Reading.median([]) == nil)
    }

    @Test func `the table compares the first with the last`() {
        let table = ConfigurationBench.table([
            ("ours", reading(500, 400, 60_000_000)), ("tool", reading(600, 500, 70_000_000)),
            ("theirs", reading(1000, 800, 80_000_000)),
        ])
        let lines = table.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(lines[1] == ["ours", "0.500", "0.400", "60.0"])
        #expect(lines[3] == ["theirs", "1.000", "0.800", "80.0"])
        #expect(lines[4] == ["first", "/", "last", "0.50", "0.50", "0.75"])
    }

    @Test func `without a rival there is no ratio`() {
        let table = ConfigurationBench.table([("ours", reading(5, 4, 60)), ("tool", reading(6, 5, 70))])
        #expect(!table.contains("/"))
        #expect(table.split(separator: "\n").count == 3)
    }
}
