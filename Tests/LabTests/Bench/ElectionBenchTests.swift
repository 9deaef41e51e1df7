// The bench of elections as people run it, cut down to the shortest: what it says must be whole, and it must
// leave nothing behind. Figures are no matter of tests. Only with every matrix: it takes minutes.

import ControlProtocol
import FoundationEssentials
import LinuxIO
import Testing
import Timekeeping

/// One run of the bench with this machine's daemons.
func electionBench(_ only: String) throws -> (end: Completion, record: JSONValue?) {
    let file =
        "\(FileManager.default.temporaryDirectory.path)/bench-\(UInt64.random(in: 0...UInt64.max)).json"
    defer { try? Files.remove(file) }
    let end = try Tool.run(["bench", "vrrp", "--runs", "1", "--seconds", "2", "--only", only, "--json", file])
    let octets = (try? Files.read(file, limit: 1 << 20)) ?? []
    return (end, try? JSONReader.read(octets[...]))
}

@Suite(.serialized, .enabled(if: mayMakeNamespaces && fullMatrix)) struct ElectionBenchTests {
    @Test func `failovers of both programs are measured and nothing is left behind`() throws {
        let before = Tool.namespaces
        let (end, record) = try electionBench("v3 1 s")
        #expect(end.status.isSuccess, "\(end.output.text)\(end.error.text)")
        #expect(Tool.namespaces == before)
        for index in 0..<6 {
            let row = try #require(record?["failovers"]?[index])
            for program in 0..<2 {
                let reading = try #require(row["readings"]?[program]?[0])
                let isTaken = reading["handover"] != .null
                // Only keepalived without its vrrp process, and every other fault, is taken over from.
                if row["fault"]?.text != "role" { #expect(isTaken, "\(row)") }
                if row["fault"]?.text == "crash" { #expect(reading["lost"]?.integer ?? 0 > 0, "\(row)") }
            }
        }
    }
}
