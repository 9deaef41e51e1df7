import ControlProtocol
import Testing
import Timekeeping

@testable import Lab

@Suite struct CheckBenchRecordTests {
    private var record: CheckBenchRecord {
        var record = CheckBenchRecord(programs: ["holdfastd 0.1.0", "Keepalived v2.2.7"])
        record.rows = [sampleCheckRow()]
        return record
    }

    @Test func `people get the versions and both tables`() {
        let text = record.text
        #expect(text.hasPrefix("holdfastd: holdfastd 0.1.0\nkeepalived: Keepalived v2.2.7\n\n| checks |"))
        #expect(text.contains("\n\n| checks | death |"))
        var calm = record
        calm.rows[0].setup.victims = 0
        #expect(!calm.text.contains("death"))
    }

    @Test func `what could not be measured is said`() throws {
        var record = record
        #expect(!record.text.contains("not measured"))
        record.failures = ["10000 TCP checks, keepalived: it has 9 servers"]
        #expect(
            record.text.hasSuffix("\n\nnot measured: 10000 TCP checks, keepalived: it has 9 servers\n"))
        #expect(try JSONReader.read(record.json)["failures"]?.elements.compactMap(\.text) == record.failures)
    }

    @Test func `programs get every reading`() throws {
        let json = try JSONReader.read(record.json)
        #expect(json["kind"] == "holdfast-bench-checks" && json["schema"] == 1)
        let load = try #require(json["loads"]?[0])
        #expect(load["checks"] == "TCP" && load["count"] == 1000)
        let ours = try #require(load["figures"]?[0])
        #expect(ours["us_per_probe"]?.elements.map(\.double) == [31, 30, 32])
        #expect(ours["system_calls_per_probe"]?.double == 7.46 && ours["bytes_per_check"]?.double == 900)
        #expect(ours["removals"]?["refused"]?.elements.map(\.double) == [1.5, 1.9])
        let theirs = try #require(load["figures"]?[1])
        #expect(theirs["system_calls_per_probe"] == .null && theirs["unnoticed"] == 1)
        #expect(theirs["removals"]?["silent"] == [])
        #expect(ours["servers_out"] == 0 && theirs["servers_out"] == 4)
    }
}
