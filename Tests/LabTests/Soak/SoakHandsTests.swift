import ControlProtocol
import FoundationEssentials
import LinuxIO
import Testing
import Timekeeping

@Suite(.serialized, .enabled(if: hasIPVS)) struct SoakHandsTests {
    @Test func `a short soak makes its faults, breaks no promise, and writes what it saw`() throws {
        let folder = FileManager.default.temporaryDirectory.path
        let path = "\(folder)/soak-\(UInt64.random(in: 0...UInt64.max)).json"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let words = ["lab", "soak", "--place", "native", "--minutes", "0.3", "--seed", "5", "--json", path]
        let end = try Tool.run(words, timeout: .seconds(400))
        #expect(end.status == .exited(0), "\(end.output.text)\(end.error.text)")
        #expect(end.output.text.contains("no promise was broken"))
        let octets = try #require(FileManager.default.contents(atPath: path))
        let record = try JSONReader.read(String(decoding: octets, as: UTF8.self))
        #expect(record["seed"]?.text == "5" && record["violations"]?.elements.isEmpty == true)
        let rounds = record["rounds"]?.elements ?? []
        #expect(!rounds.isEmpty && rounds.allSatisfy { $0["settled"]?.double != nil }, "\(record)")
        #expect(record["requests"]?.integer ?? 0 > 100)
        let roles = Set((record["samples"]?.elements ?? []).compactMap { $0["role"]?.text })
        #expect(roles == ["supervisor", "vrrp", "lvs", "checker"])
    }
}
