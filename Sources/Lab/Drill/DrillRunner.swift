// The whole drill, in the place where it can run: as root on a kernel with IPVS.

import FoundationEssentials
import KernelNet
import LinuxIO
import TLS
import Timekeeping

/// Runs scenarios one after the other.
struct DrillRunner {
    let options: DrillOptions
    /// How the place is called in the report.
    let place: String
    let signals: SignalSource
    let progress: (String) -> Void

    /// Loads what IPVS and the lab need; false where the kernel has no IPVS.
    static func loadModules() -> Bool {
        guard let modprobe = HostPrograms.find("modprobe") else { return false }
        let present = FileManager.default.fileExists(atPath: "/proc/net/ip_vs")
        let loaded = (try? HostPrograms.run(modprobe, ["ip_vs"])) != nil
        for module in [
            "ip_vs_rr", "ip_vs_wrr", "ip_vs_lc", "ip_vs_wlc", "ip_vs_sh", "ipip", "veth", "bridge",
        ] {
            _ = try? HostPrograms.run(modprobe, [module])  // built in, or reported by what needs it
        }
        return present || loaded
    }

    /// Runs everything. What kept a scenario from running is told in its record; `Interrupted` passes
    /// through.
    func run() throws -> DrillRecord {
        let executable = try FileManager.default.destinationOfSymbolicLink(atPath: HostFacts.ownExecutable)
        let daemon = try DaemonProgram.find(options.daemon, beside: executable)
        let folder = try Self.makeFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var record = DrillRecord(header: header(daemon), scenarios: [], problem: nil)
        for scenario in options.scenarios {
            let example = Self.example(for: scenario, named: options.example)
            let result = try scenarioRecord(
                scenario, example: example, daemon: daemon, folder: folder, &record.header)
            record.scenarios.append(result)
        }
        return record
    }

    private func header(_ daemon: DaemonProgram) -> DrillHeader {
        let release = (try? Files.read("/proc/sys/kernel/osrelease", limit: 256)) ?? []
        let kernel = String(decoding: release.prefix { $0 > 32 }, as: UTF8.self)
        return DrillHeader(
            toolVersion: LabVersion.text, date: Self.date(Clock.wallTime()), kernel: "Linux \(kernel)",
            place: place,
            example: options.example, daemonPath: daemon.path, daemonVersion: daemon.version,
            configurations: [],
            facts: [
                Fact(name: "probe spacing", value: "\(options.interval.milliseconds) ms"),
                Fact(name: "processors", value: String(ProcessInfo.processInfo.activeProcessorCount)),
            ])
    }

    private static func date(_ time: WallTime) -> String {
        let text = time.description
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5)) UTC"
    }

    /// Guard scenarios need a pair whose directors serve too: the example itself, else its neighbour
    /// `fwmark-loop-guard`.
    static func example(for scenario: Scenario, named folder: String) -> String {
        guard scenario.needsGuard, let pair = try? PairFiles(folder: folder), !pair.isGuarded,
            !pair.isMarkedByHand
        else { return folder }
        let trimmed = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        guard let slash = trimmed.lastIndex(of: "/") else { return "fwmark-loop-guard" }
        return "\(trimmed[..<slash])/fwmark-loop-guard"
    }

    private func scenarioRecord(
        _ scenario: Scenario, example: String, daemon: DaemonProgram, folder: String,
        _ header: inout DrillHeader
    ) throws -> ScenarioRecord {
        var record = ScenarioRecord(
            name: scenario.rawValue, title: scenario.title, sentence: scenario.sentence, expectation: "")
        do {
            var pair = try PairFiles(folder: example)
            if scenario == .loopGuardOff {
                guard pair.isGuarded else {
                    record.obstacle = .skipped("\(example) has no loop_guard to take away")
                    return record
                }
                pair = try pair.withoutGuard(in: folder)
            } else if let reason = Self.reasonToSkip(scenario, pair, daemon) {
                record.obstacle = .skipped(reason)
                return record
            }
            guard let master = pair.configurations[pair.master], let backup = pair.configurations[pair.backup]
            else {
                throw LabError("\(example) is not a pair")
            }
            let expectation = try DrillExpectation(
                scenario, master: master, backup: backup, override: options.budget)
            record.expectation = expectation.sentence
            if scenario.isFailover { (record.bound, record.budget) = (expectation.bound, expectation.budget) }
            for director in LabPlan.directors {
                Self.add(pair, director, example == options.example ? "" : " of \(pair.name)", to: &header)
            }
            for number in 1...max(1, options.runs) {
                let setting = ScenarioSetting(
                    scenario: scenario, pair: pair, expectation: expectation, daemon: daemon,
                    interval: scenario.needsGuard
                        ? max(options.interval, .milliseconds(5)) : options.interval,
                    folder: folder, signals: signals,
                    progress: { progress("\(scenario.rawValue) \(number)/\(options.runs): \($0)") })
                record.runs.append(try ScenarioRun.run(setting, number: number))
            }
        } catch let interrupted as Interrupted {
            throw interrupted
        } catch {
            record.obstacle = .couldNotRun("\(error)")
        }
        progress("\(scenario.rawValue): \(record.verdict.outcome.rawValue), \(record.verdict.reason)")
        return record
    }

    private static func reasonToSkip(
        _ scenario: Scenario, _ pair: PairFiles, _ daemon: DaemonProgram
    ) -> String? {
        guard scenario.needsGuard else { return nil }
        if !pair.isGuarded, scenario == .guardRepair || !pair.isMarkedByHand {
            return "\(pair.folder) has no loop_guard"
        }
        return pair.isGuarded && !daemon.isHoldfast ? "\(daemon.path) has no loop guard" : nil
    }

    private static func add(
        _ pair: PairFiles, _ director: String, _ suffix: String, to header: inout DrillHeader
    ) {
        guard let text = pair.texts[director], !header.configurations.contains(where: { $0.text == text })
        else {
            return
        }
        let guardless = pair.isGuarded || suffix.isEmpty ? "" : ", guard removed"
        header.configurations.append(
            DirectorConfiguration(
                director: "\(director)\(suffix)\(guardless)", text: text, sha256: Self.hexadecimal(text)))
    }

    private static func hexadecimal(_ text: String) -> String {
        (SHA256.digest(of: Array(text.utf8)) ?? []).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
            .joined()
    }

    /// A folder for files of this process, which nobody else may read.
    static func makeFolder() throws -> String {
        let name = "holdfast-drill-\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
        let folder = FileManager.default.temporaryDirectory.appending(path: name).path
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        return folder
    }
}
