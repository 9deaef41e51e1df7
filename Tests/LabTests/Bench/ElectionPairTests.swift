import ControlProtocol
import LinuxIO
import Testing
import Timekeeping

@Suite(.serialized, .enabled(if: mayMakeNamespaces && fullMatrix)) struct ElectionPairTests {
    @Test func `adverts are counted beside busy loops, which end with the pair`() throws {
        let (end, record) = try electionBench("jitter")
        #expect(end.status.isSuccess, "\(end.output.text)\(end.error.text)")
        let gaps = try #require(record?["jitter"]?[1]?["gaps_ms"])
        #expect(gaps[0]?["count"]?.integer ?? 0 > 10 && gaps[1]?["count"]?.integer ?? 0 > 10)
        let busy = try Program("/usr/bin/pgrep", ["-x", "md5sum"]).run(timeout: .seconds(60))
        #expect(busy.output.text.isEmpty)
    }
}
