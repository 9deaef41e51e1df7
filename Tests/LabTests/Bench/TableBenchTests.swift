// The bench of IPVS as people run it, cut down to the shortest: what it says must be whole, and it must leave
// nothing behind. Figures are no matter of tests. Only with every matrix: it takes minutes.

import ControlProtocol
import FoundationEssentials
import LinuxIO
import Testing

@testable import Lab

@Suite(.serialized, .enabled(if: hasIPVS && fullMatrix)) struct TableBenchTests {
    @Test func `tables of both programs are measured and nothing is left behind`() throws {
        let folder = FileManager.default.temporaryDirectory.path
        let file = "\(folder)/bench-\(UInt64.random(in: 0...UInt64.max)).json"
        defer { try? Files.remove(file) }
        let before = Tool.namespaces
        let end = try Tool.run(["bench", "ipvs", "--runs", "1", "--only", "1000 rr", "--json", file])
        #expect(end.status.isSuccess, "\(end.output.text)\(end.error.text)")
        #expect(Tool.namespaces == before)
        let record = try JSONReader.read(try Files.read(file, limit: 1 << 20)[...])
        for program in 0..<2 {
            let figures = try #require(record["tables"]?[0]?["figures"]?[program])
            #expect(figures["start"]?.elements.count == 1, "\(figures)")
            #expect((figures["start_requests"]?["writes"]?.integer ?? 0) >= 1100, "\(figures)")
        }
    }

    @Test func `the tables are those that were asked for`() {
        #expect(TableBench.setups(full: false).map(\.title) == ["100 rr", "1000 rr", "10000 rr"])
        #expect(
            TableBench.setups(full: true).suffix(3).map(\.title) == [
                "10000 wrr", "10000 mh", "10000 rr checked",
            ])
    }
}
