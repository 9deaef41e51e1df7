// The bench of checks as people run it, cut down to the shortest: what it says must be whole, and it must
// leave nothing behind. Figures are no matter of tests. Only with every matrix: it takes minutes.

import ControlProtocol
import FoundationEssentials
import LinuxIO
import Testing
import Timekeeping

@testable import Lab

@Suite(.serialized, .enabled(if: hasIPVS && fullMatrix)) struct CheckBenchTests {
    @Test func `checks of both programs are measured and nothing is left behind`() throws {
        let folder = FileManager.default.temporaryDirectory.path
        let file = "\(folder)/bench-\(UInt64.random(in: 0...UInt64.max)).json"
        defer { try? Files.remove(file) }
        let before = Tool.namespaces
        let end = try Tool.run([
            "bench", "checks", "--seconds", "5", "--deaths", "1", "--only", "100 TCP", "--json", file,
        ])
        #expect(end.status.isSuccess, "\(end.output.text)\(end.error.text)")
        #expect(Tool.namespaces == before)
        let record = try JSONReader.read(try Files.read(file, limit: 1 << 20)[...])
        for program in 0..<2 {
            let figures = try #require(record["loads"]?[0]?["figures"]?[program])
            #expect(figures["us_per_probe"]?.elements.count == 5, "\(figures)")
            #expect((figures["probes_per_second"]?.double ?? 0) > 30, "\(figures)")
            for death in CheckSetup.Death.allCases {
                #expect(figures["removals"]?[death.rawValue]?.elements.count == 1, "\(figures)")
            }
        }
    }

    @Test func `the loads are those that were asked for`() {
        #expect(CheckBench.setups(full: false).map(\.title) == ["100 TCP", "1000 TCP", "1000 HTTP"])
        #expect(CheckBench.setups(full: true).map(\.title).last == "10000 TCP")
    }
}
