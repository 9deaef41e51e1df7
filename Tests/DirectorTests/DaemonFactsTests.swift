import ControlProtocol
import LinuxIO
import Testing
import Timekeeping

@testable import Director

@Suite struct DaemonFactsTests {
    /// 2024-02-29T12:00:00Z is 100 s after the clock's zero.
    static let times = ReportTimes(now: at(100), wall: WallTime(nanoseconds: 1_709_208_000_000_000_000))

    static let facts = DaemonFacts(
        host: "lvs-a", process: 7, startedAt: at(40), file: "/etc/holdfast/holdfast.conf", digest: "4f1c09e",
        loadedAt: at(90))

    @Test func `times are told as dates and as ages`() {
        #expect(Self.times.date(at(100)) == "2024-02-29T12:00:00.000Z")
        #expect(Self.times.date(milliseconds(39_999)) == "2024-02-29T11:58:59.999Z")
        #expect(Self.times.age(at(40)).double == 60)
        #expect(Self.times.age(milliseconds(98_766)).double == 1.234)
        #expect(JSONWriter.line(Self.times.age(Instant(nanoseconds: 99_999_999_999))) == "0")
    }

    @Test func `the daemon tells what it runs with`() {
        let json = JSONValue.object(Self.facts.members(Self.times))
        #expect(json["schema"] == 1 && json["host"] == "lvs-a" && json["process"] == 7)
        #expect(json["version"] == .string(Entry.version))
        #expect(json["started"] == "2024-02-29T11:59:00.000Z" && json["uptime_seconds"]?.double == 60)
        let config = json["config"]
        #expect(config?["file"] == "/etc/holdfast/holdfast.conf" && config?["digest"] == "4f1c09e")
        #expect(config?["loaded_seconds"]?.double == 10 && config?["last_reload"] == .null)
    }

    @Test func `a reload is accepted, or refused for reasons`() {
        var facts = Self.facts
        facts.reload = DaemonFacts.Reload(at: at(95), findings: [])
        let accepted = JSONValue.object(facts.members(Self.times))["config"]?["last_reload"]
        #expect(
            accepted == [
                "accepted": true, "at": "2024-02-29T11:59:55.000Z", "since_seconds": .seconds(.seconds(5)),
                "findings": [],
            ])
        facts.reload?.findings = (1...30).map { "a.conf:\($0):1: error: x" }
        let refused = JSONValue.object(facts.members(Self.times))["config"]?["last_reload"]
        #expect(refused?["accepted"] == false && refused?["findings"]?.elements.count == 20)
    }
}
