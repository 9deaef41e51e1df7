import ControlProtocol
import FoundationEssentials
import LinuxIO

/// Writes what came of a drill.
enum DrillWriter {
    /// Prints the verdicts and writes the files asked for; the exit status.
    static func write(_ record: DrillRecord, to outputs: DrillOutputs) throws -> Int32 {
        if let path = outputs.json { try save(JSONWriter.text(record.json), at: path) }
        if let path = outputs.report { try save(HTMLReport(record: record).html(), at: path) }
        if let path = outputs.picture, let picture = picture(of: record) { try save(picture, at: path) }
        StandardStream.show(VerdictTable.text(record))
        for (path, what) in [
            (outputs.report, "report"), (outputs.json, "record"), (outputs.picture, "picture"),
        ] {
            if let path { StandardStream.show("\(what): \(path)\n") }
        }
        return record.exitStatus
    }

    /// The timeline of the worst run of the first scenario that ran.
    private static func picture(of record: DrillRecord) -> String? {
        guard let scenario = record.scenarios.first(where: { $0.worstRun != nil }),
            let run = scenario.worstRun
        else {
            return nil
        }
        return Timeline(scenario: scenario, run: run, isStandalone: true).svg()
    }

    private static func save(_ text: String, at path: String) throws {
        do {
            try Data(text.utf8).write(to: URL(filePath: path))
        } catch {
            throw LabError("cannot write \(path): \(error)")
        }
    }
}
