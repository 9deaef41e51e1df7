import FoundationEssentials

/// Writes what came of a drill.
enum DrillWriter {
    /// Prints the verdicts and writes the files asked for; the exit status.
    static func write(_ record: DrillRecord, to outputs: DrillOutputs) throws -> Int32 {
        if let path = outputs.json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            try encoder.encode(record).write(to: URL(filePath: path))
        }
        for scenario in record.scenarios {
            StandardStream.show(
                "\(scenario.verdict.outcome.rawValue)  \(scenario.name)  \(scenario.verdict.reason)\n")
            for check in scenario.allChecks {
                StandardStream.show(
                    "    \(check.passed ? "ok" : "NOT OK") \(check.name): \(check.seen) (wanted \(check.wanted))\n"
                )
            }
        }
        return record.exitStatus
    }
}
