import FoundationEssentials
import LinuxIO
import Timekeeping

/// What one program took to read one file.
struct Reading: Hashable, Sendable {
    var wall: Interval
    var processor: Interval
    /// In octets.
    var memory: Int

    /// The median of each value on its own; nil without readings.
    static func median(_ readings: [Reading]) -> Reading? {
        guard let wall = readings.map(\.wall).percentile(50),
            let processor = readings.map(\.processor).percentile(50)
        else { return nil }
        return Reading(
            wall: wall, processor: processor,
            memory: readings.map(\.memory).sorted()[(readings.count - 1) / 2])
    }
}

/// How fast configurations are read and how much memory that takes, beside keepalived on the same files.
package struct ConfigurationBench {
    private let contestants: [(name: String, program: Program)]
    private let runs: Int

    /// Compares this program and the holdfastd beside it with this machine's keepalived, where there is one
    /// and `withKeepalived` asks for it; each reads each file `runs` times, at least once.
    package init(runs: Int, withKeepalived: Bool) throws {
        self.runs = max(1, runs)
        let executable = try FileManager.default.destinationOfSymbolicLink(atPath: HostFacts.ownExecutable)
        let daemon = try DaemonProgram.find(nil, beside: executable).path
        var contestants = [
            ("holdfastd -t", Program(daemon, ["-t", "-f"])),
            ("holdfast check", Program(executable, ["check"])),
        ]
        // With -t it reads the file and touches no kernel.
        if withKeepalived, let keepalived = HostPrograms.find("keepalived") {
            contestants.append(("keepalived -t", Program(keepalived, ["-t", "-f"])))
        }
        self.contestants = contestants
    }

    /// Measures `file`; a table of medians. The contestants take turns, so that a busy machine slows all.
    package func table(_ file: ServiceFile) throws -> String {
        let path = FileManager.default.temporaryDirectory
            .appending(path: "holdfast-bench-\(ProcessInfo.processInfo.processIdentifier).conf").path
        defer { try? Files.remove(path) }
        let text = Array(file.text.utf8)
        try Files.replace(path, with: text)
        var readings = contestants.map { _ in [Reading]() }
        for _ in 0..<runs {
            for (index, contestant) in contestants.enumerated() {
                readings[index].append(try read(path, contestant.program))
            }
        }
        let size = Decimals.fixed(Double(text.count) / 1e6, places: 1)
        return "\(file.title), \(size) MB, medians of \(runs):\n"
            + Self.table(zip(contestants.map(\.name), readings.compactMap(Reading.median)).map { $0 })
    }

    private func read(_ path: String, _ program: Program) throws -> Reading {
        var program = program
        program.arguments.append(path)
        let start = Clock.now()
        let completion = try program.run(timeout: .seconds(600))
        let wall = Clock.now() - start
        // 5: it is read, and wants what this machine has not, such as IPVS.
        guard completion.status.isSuccess || completion.status == .exited(5) else {
            let said = completion.error.text.split(separator: "\n").first ?? ""
            throw LabError("\(program.path): \(completion.status): \(said)")
        }
        return Reading(
            wall: wall, processor: completion.usage.processorTime, memory: completion.usage.peakMemory)
    }

    /// One line a contestant, and how the first one compares with the last.
    static func table(_ rows: [(name: String, reading: Reading)]) -> String {
        func line(_ cells: [String]) -> String {
            zip(cells, [16, 9, 9, 10]).map { text, width in
                let blanks = String(repeating: " ", count: max(0, width - text.count))
                return width == 16 ? text + blanks : blanks + text
            }.joined(separator: " ") + "\n"
        }
        var table = line(["", "wall s", "CPU s", "peak MB"])
        for (name, reading) in rows {
            table += line([
                name, Decimals.fixed(reading.wall.seconds, places: 3),
                Decimals.fixed(reading.processor.seconds, places: 3),
                Decimals.fixed(Double(reading.memory) / 1e6, places: 1),
            ])
        }
        guard let first = rows.first, let last = rows.last, rows.count > 2 else { return table }
        let (ours, theirs) = (first.reading, last.reading)
        return table
            + line([
                "first / last", ratio(ours.wall.seconds, theirs.wall.seconds),
                ratio(ours.processor.seconds, theirs.processor.seconds),
                ratio(Double(ours.memory), Double(theirs.memory)),
            ])
    }

    private static func ratio(_ left: Double, _ right: Double) -> String {
        right > 0 ? Decimals.fixed(left / right, places: 2) : "-"
    }
}
