import ControlProtocol
import Testing
import Timekeeping

@testable import Lab

struct DrillRecordTests {
    private func scenario(_ outages: [Interval?], budget: Interval? = .seconds(2)) -> ScenarioRecord {
        var scenario = SampleRecords.crash()
        scenario.budget = budget
        scenario.runs = outages.enumerated().map { index, length in
            RunRecord(
                number: index + 1, outage: length.map { Outage(from: .zero, to: $0, isOver: true) },
                probes: ProbeCount(sent: 1, failed: 0, spacing: .milliseconds(1)))
        }
        return scenario
    }

    private let good = CheckRecord(name: "a", wanted: "b", seen: "b", passed: true)
    private let bad = CheckRecord(name: "a", wanted: "b", seen: "c", passed: false)

    @Test func `an outage up to the budget passes, a longer one fails`() {
        #expect(scenario([.seconds(2)]).verdict == Verdict(.passed, "outage 2.000 s of 2.000 s"))
        #expect(
            scenario([.seconds(1), .milliseconds(2001), .zero]).verdict
                == Verdict(.failed, "outage 2.001 s of 2.000 s"))
    }

    @Test func `an outage without an end fails whatever its length`() {
        var scenario = scenario([.milliseconds(1)])
        scenario.runs[0].outage?.isOver = false
        #expect(scenario.verdict.outcome == .failed)
    }

    @Test func `what was not measured never passes`() {
        #expect(scenario([]).verdict.outcome == .couldNotRun)
        #expect(scenario([nil]).verdict.outcome == .couldNotRun)
        #expect(scenario([.seconds(1), nil]).verdict.outcome == .couldNotRun)
        #expect(scenario([nil], budget: nil).verdict == Verdict(.couldNotRun, "nothing was checked"))
    }

    @Test func `a failed check of scenario or run fails`() {
        var scenario = scenario([.seconds(1)])
        scenario.checks = [good, bad]
        #expect(scenario.verdict == Verdict(.failed, "a: c"))
        scenario.runs[0].checks = [bad]
        #expect(scenario.verdict == Verdict(.failed, "a: c (and 1 more)"))
        scenario.checks = []
        #expect(scenario.verdict.outcome == .failed)
        scenario.runs[0].checks = [good]
        #expect(scenario.verdict.outcome == .passed)
    }

    @Test func `without a budget checks decide, and a failure counts though an outage is missing`() {
        var scenario = scenario([nil], budget: nil)
        scenario.checks = [good]
        #expect(scenario.verdict == Verdict(.passed, "1 check passed"))
        scenario.budget = .seconds(1)
        #expect(scenario.verdict.outcome == .couldNotRun)
        scenario.checks = [bad]
        #expect(scenario.verdict.outcome == .failed)
    }

    @Test func `an obstacle says why`() {
        var scenario = scenario([.seconds(9)])
        scenario.obstacle = .couldNotRun("no kernel")
        #expect(scenario.verdict == Verdict(.couldNotRun, "no kernel"))
        scenario.obstacle = .skipped("not asked for")
        #expect(scenario.verdict == Verdict(.skipped, "not asked for"))
    }

    @Test func `the run worth a picture is the worst one`() {
        #expect(scenario([.seconds(1), .seconds(3), nil]).worstRun?.number == 2)
        #expect(scenario([nil, nil]).worstRun?.number == 1)
        #expect(scenario([]).worstRun == nil)
        #expect(scenario([.seconds(1), .seconds(3), nil]).worstOutage?.length == .seconds(3))
    }

    private enum Sample: String {
        case pass, fail, skip, stuck
    }

    private func record(_ samples: [Sample], problem: String? = nil) -> DrillRecord {
        let scenarios = samples.map { sample in
            var scenario = scenario([sample == .fail ? .seconds(9) : .seconds(1)])
            scenario.name = sample.rawValue
            if sample == .skip { scenario.obstacle = .skipped("why") }
            if sample == .stuck { scenario.obstacle = .couldNotRun("why") }
            return scenario
        }
        return DrillRecord(header: SampleRecords.header, scenarios: scenarios, problem: problem)
    }

    @Test func `a failure weighs most, then what could not run`() {
        #expect(record([.pass, .pass]).verdict == Verdict(.passed, "2 scenarios passed"))
        #expect(record([.pass, .skip]).verdict == Verdict(.passed, "1 scenario passed; skipped: skip"))
        #expect(record([.pass, .stuck]).verdict == Verdict(.couldNotRun, "could not run: stuck"))
        #expect(record([.stuck, .fail, .pass]).verdict == Verdict(.failed, "failed: fail"))
        #expect(record([.skip]).verdict == Verdict(.couldNotRun, "no scenario ran"))
        #expect(record([]).verdict == Verdict(.couldNotRun, "no scenario ran"))
        #expect(record([.pass], problem: "interrupted").verdict == Verdict(.couldNotRun, "interrupted"))
        #expect(record([.fail], problem: "interrupted").verdict.outcome == .failed)
    }

    @Test func `the exit status is 0, 1 or 2`() {
        #expect(record([.pass, .skip]).exitStatus == 0)
        #expect(record([.pass, .stuck, .fail]).exitStatus == 1)
        #expect(record([.pass, .stuck]).exitStatus == 2)
        #expect(record([.skip]).exitStatus == 2)
        #expect(record([], problem: "no root").exitStatus == 2)
    }

    @Test(arguments: [SampleRecords.passing, SampleRecords.failing, SampleRecords.empty])
    func `every record is valid JSON`(record: DrillRecord) throws {
        let json = try JSONReader.read(JSONWriter.text(record.json))
        #expect(json["schema"] == 1)
        #expect(json["kind"] == .string("holdfast-drill"))
        #expect(json["exit_status"] == .integer(Int(record.exitStatus)))
        #expect(json["verdict"]?["reason"] == .string(record.verdict.reason))
    }

    @Test func `the JSON has the measured values, and texts as they are`() throws {
        let json = try JSONReader.read(JSONWriter.text(SampleRecords.failing.json))
        let crash = json["scenarios"]?[0]
        #expect(crash?["bound"] == .number(3.609))
        #expect(crash?["outages"]?["count"] == 24)
        let run = crash?["runs"]?[0]
        #expect(run?["number"] == 1)
        #expect(run?["milestones"]?[0]?["at"] == .number(-0.612))
        #expect(run?["phases"]?[0]?["until"] == .string("first advert of the new master"))
        #expect(run?["phases"]?[0]?["length"] == .number(2.997))
        #expect(run?["lanes"]?[0]?["title"] == .string("client"))
        #expect(run?["lanes"]?[4]?["ticks"]?[0]?["tone"] == .string("director-a"))
        let dead = json["scenarios"]?[1]
        #expect(dead?["runs"]?[0]?["outage"]?["is_over"] == .bool(false))
        #expect(dead?["runs"]?[0]?["checks"]?[0]?["seen"] == .string("reset by <peer> & \"gone\""))
        #expect(json["header"]?["configurations"]?[0]?["text"] == .string(SampleRecords.text))
        #expect(json["scenarios"]?[2]?["verdict"]?["outcome"] == .string("skipped"))
        #expect(json["scenarios"]?[2]?["budget"] == .null)
    }

    @Test func `two facts of one name do not make the JSON ambiguous`() throws {
        var record = SampleRecords.empty
        record.header.facts = [Fact(name: "a", value: "1"), Fact(name: "a", value: "2")]
        let json = try JSONReader.read(JSONWriter.text(record.json))
        #expect(json["header"]?["facts"]?[1]?["value"] == .string("2"))
    }
}
