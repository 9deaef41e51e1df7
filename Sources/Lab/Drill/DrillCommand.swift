// `holdfast drill`: finds a place where the drill can run, runs it there, and writes what came of it.

import FoundationEssentials
import LinuxIO
import Timekeeping

/// Where a drill runs.
package enum DrillPlace: String, Hashable, Sendable, CaseIterable {
    /// Here when this is root on a kernel with IPVS, else in a guest.
    case auto
    /// Here, or not at all.
    case native
    /// In a guest, always.
    case guest
}

/// Files that a drill writes besides what it prints.
package struct DrillOutputs: Hashable, Sendable {
    /// `--json`.
    package var json: String?
    /// `--report`.
    package var report: String?
    /// `--svg`: the first scenario's timeline as a picture of its own.
    package var picture: String?

    /// Outputs; nil for none.
    package init(json: String? = nil, report: String? = nil, picture: String? = nil) {
        self.json = json
        self.report = report
        self.picture = picture
    }
}

/// The command behind its command line.
package enum DrillCommand {
    /// Exit status when the drill could not run.
    package static let couldNotRun: Int32 = 2

    /// Runs the drill and writes its outputs. 0 all within budget, 1 something was not, 2 could not run,
    /// 128 and the signal's number when interrupted. `guest` says how a guest is made; its command is
    /// filled in here.
    package static func run(
        _ options: DrillOptions, place: DrillPlace, guest: GuestJob, outputs: DrillOutputs
    ) -> Int32 {
        do {
            // A mistake in the configuration is told at once, not after a kernel has booted.
            _ = try PairFiles(folder: options.example)
            let isNative = try place == .native || (place == .auto && canRunHere())
            let record = isNative ? try runHere(options) : try runInGuest(options, guest)
            return try DrillWriter.write(record, to: outputs)
        } catch let interrupted as Interrupted {
            StandardStream.note("holdfast: interrupted, the lab is removed")
            return 128 + interrupted.signal.rawValue
        } catch {
            StandardStream.note("holdfast: \(error)")
            return couldNotRun
        }
    }

    private static func canRunHere() throws -> Bool {
        Privileges.effectiveUser == 0 && DrillRunner.loadModules()
    }

    private static func runHere(_ options: DrillOptions) throws -> DrillRecord {
        let signals = try SignalSource([.interrupt, .terminate, .hangup])
        Signal.pipe.ignore()
        guard Privileges.effectiveUser == 0 else {
            throw LabError("the lab needs root here; --place guest does not")
        }
        guard DrillRunner.loadModules() else {
            throw LabError("this kernel has no IPVS (module ip_vs); --place guest brings one that has")
        }
        return try DrillRunner(options: options, place: "this machine", signals: signals, progress: progress)
            .run()
    }

    private static func progress(_ line: String) { StandardStream.note("drill: \(line)") }

    // MARK: - In a guest

    private static func runInGuest(_ options: DrillOptions, _ template: GuestJob) throws -> DrillRecord {
        let cache = try GuestCache.standard(environment: ProcessInfo.processInfo.environment)
        let kernel = try cache.kernel(report: StandardStream.note)
        let name = "holdfast-drill-\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
        let folder = FileManager.default.temporaryDirectory.appending(path: name).path
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let order = GuestOrder(options: options, place: template.placeName, record: "\(folder)/record.json")
        try JSONEncoder().encode(order).write(to: URL(filePath: "\(folder)/order.json"))
        var job = template
        let executable = try FileManager.default.destinationOfSymbolicLink(atPath: HostFacts.ownExecutable)
        job.command = [executable, "drill-inside", "\(folder)/order.json"]
        job.shares = [folder]
        progress("starting a guest with Linux \(kernel.release) (\(template.placeName))")
        switch try GuestCommand.follow(job, kernel: kernel, cache: cache) {
        case .interrupted(let signal): throw Interrupted(signal: signal)
        case .timedOut: throw LabError("the drill did not end within \(job.timeout)")
        case .neverStarted: throw LabError("no guest came up")
        case .exited(let status):
            guard let data = FileManager.default.contents(atPath: order.record) else {
                throw LabError("the drill in the guest ended without a result (exit status \(status))")
            }
            return try JSONDecoder().decode(DrillRecord.self, from: data)
        }
    }

    /// `holdfast drill-inside ORDER`: the part that runs in the guest. 0 when there is a record.
    package static func runInside(order path: String) -> Int32 {
        do {
            guard let data = FileManager.default.contents(atPath: path) else {
                throw LabError("cannot read \(path)")
            }
            let order = try JSONDecoder().decode(GuestOrder.self, from: data)
            let signals = try SignalSource([.interrupt, .terminate, .hangup])
            Signal.pipe.ignore()
            guard DrillRunner.loadModules() else { throw LabError("the guest's kernel has no IPVS") }
            let record = try DrillRunner(
                options: order.options, place: order.place, signals: signals, progress: progress
            ).run()
            try JSONEncoder().encode(record).write(to: URL(filePath: order.record))
            return 0
        } catch {
            StandardStream.note("holdfast: \(error)")
            return couldNotRun
        }
    }
}

/// What the part of the drill in the guest is told.
struct GuestOrder: Codable {
    let options: DrillOptions
    let place: String
    /// Where the record goes.
    let record: String
}

extension GuestJob {
    /// How the report calls a guest made like this.
    var placeName: String { "guest, QEMU \(accelerator == .tcg ? "TCG (emulated)" : "KVM")" }
}
