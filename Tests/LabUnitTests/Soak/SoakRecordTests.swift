import ControlProtocol
import FoundationEssentials
import Testing
import Timekeeping

@testable import Lab

@Suite struct SoakRecordTests {
    private var record: SoakRecord {
        var record = SoakRecord(
            seed: 42, from: Sample.at(100), to: Sample.at(220), place: "here", daemon: "holdfastd 1")
        record.rounds = [
            SoakRound(
                number: 1, fault: .switchOver, from: Sample.at(110), over: Sample.at(112),
                settled: Sample.at(113)),
            SoakRound(
                number: 2, fault: .killServer(.seconds(5), roles: []), from: Sample.at(120),
                over: Sample.at(122),
                dead: .init(address: "192.0.2.21", from: Sample.at(122), until: Sample.at(127)),
                settled: Sample.at(130)),
        ]
        (record.requests, record.failed) = (6000, 3)
        for (at, memory) in [(101.0, 9000), (219, 9100)] {
            record.samples.append(
                SoakSample(
                    at: Sample.at(at), director: "director-a", role: "vrrp", process: 5, descriptors: 20,
                    memory: memory))
        }
        return record
    }

    @Test func `a good one is short`() {
        #expect(
            record.text == """
                seed 42: 2 faults in 2.0 min, 6000 requests, 3 failed (as faults may), nothing ran for 0 s
                well again after 1.000 s (median), 3.000 s (worst)
                director-a vrrp: 9000 -> 9100 KiB, 20 -> 20 descriptors
                no promise was broken

                """)
        #expect(record.exitStatus == 0)
    }

    @Test func `a bad one tells how it came, and how to repeat it`() {
        var bad = record
        bad.rounds[1].settled = nil
        bad.violations = [SoakViolation(round: 2, text: "it burns")]
        (bad.history, bad.logs) = (["1 s  smoke"], ["director-a: hot"])
        #expect(bad.exitStatus == 1)
        let lines = bad.text.split(separator: "\n").map(String.init)
        #expect(lines[0] == "10.000 s  round 1: director-a: switched over, and back; well after 1.000 s")
        #expect(lines[1] == "20.000 s  round 2: a real server dead for 5.000 s; never well again")
        #expect(lines.contains("  1 s  smoke") && lines.contains("  director-a: hot"))
        #expect(lines.contains("BROKEN in round 2: it burns"))
        #expect(lines.last == "1 broken; again: holdfast lab soak --seed 42 --minutes 2.0")
    }

    @Test func `programs read times since the beginning`() throws {
        var bad = record
        bad.violations = [SoakViolation(round: 2, text: "it burns")]
        let json = try JSONReader.read(JSONWriter.text(bad.json))
        #expect(json["kind"]?.text == "holdfast-soak" && json["seed"]?.text == "42")
        #expect(json["seconds"]?.double == 120 && json["requests"]?.integer == 6000)
        #expect(json["rounds"]?[1]?["from"]?.double == 20 && json["rounds"]?[1]?["settled"]?.double == 30)
        #expect(json["rounds"]?[0]?["fault"]?.text == "director-a: switched over, and back")
        #expect(json["samples"]?[1]?["memory_kib"]?.integer == 9100)
        #expect(json["violations"]?[0]?["text"]?.text == "it burns")
    }

    @Test func `it survives the way out of a guest`() throws {
        #expect(try JSONDecoder().decode(SoakRecord.self, from: JSONEncoder().encode(record)) == record)
    }
}
