import FoundationEssentials
import Testing
import Timekeeping

@testable import Lab

@Suite struct DrillWriterTests {
    @Test func `every file asked for is written, and the status is the record's`() throws {
        let folder = try DrillRunner.makeFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let outputs = DrillOutputs(
            json: "\(folder)/d.json", report: "\(folder)/d.html", picture: "\(folder)/d.svg")
        let moments = RunMoments(
            start: Sample.at(9), fault: Sample.at(10), end: Sample.at(15), dead: LabPlan.directorA,
            master: LabPlan.directorA, faultLabel: "director-a dies", spacing: .milliseconds(10))
        var scenario = ScenarioRecord(name: "crash", title: "Crash", sentence: "It dies.", expectation: "")
        scenario.budget = .seconds(4)
        scenario.runs = [RunReading(trace: Sample.failover(), moments: moments).record(number: 1)]
        let header = DrillHeader(
            toolVersion: "1", date: "today", kernel: "Linux", place: "here", example: "dr-pair",
            daemonPath: "/d",
            daemonVersion: "1", configurations: [])
        let record = DrillRecord(header: header, scenarios: [scenario], problem: nil)
        #expect(try DrillWriter.write(record, to: outputs) == 0)
        func text(_ name: String) -> String {
            String(
                decoding: FileManager.default.contents(atPath: "\(folder)/\(name)") ?? Data(), as: UTF8.self)
        }
        #expect(text("d.json").hasPrefix("{"))
        #expect(text("d.html").hasPrefix("<!DOCTYPE html>"))
        #expect(text("d.svg").hasPrefix("<svg"))
    }

    @Test func `a file that cannot be written is an error`() {
        let header = DrillHeader(
            toolVersion: "1", date: "", kernel: "", place: "", example: "", daemonPath: "", daemonVersion: "",
            configurations: [])
        let record = DrillRecord(header: header, scenarios: [], problem: nil)
        #expect(throws: LabError.self) {
            try DrillWriter.write(record, to: DrillOutputs(json: "/nonexistent/d.json"))
        }
    }
}
