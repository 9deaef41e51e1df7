// `holdfast lab soak`: finds a place where it can run, runs it there, and tells what came of it.

import ControlProtocol
import FoundationEssentials
import LinuxIO
import Timekeeping

/// The command behind its command line.
package enum SoakCommand {
    /// Runs a soak and prints what came of it, as JSON to the file `json`, too. 0 no promise was broken, 1
    /// one was, 2 could not run, 128 and the signal's number when interrupted. `guest` says how a guest is
    /// made.
    package static func run(
        _ options: SoakOptions, place: DrillPlace, guest: GuestJob, json: String?
    ) -> Int32 {
        do {
            let isNative =
                place == .native
                || (place == .auto && Privileges.effectiveUser == 0 && DrillRunner.loadModules())
            let record =
                isNative ? try runHere(options, place: "this machine") : try runInGuest(options, guest)
            if let json { try Data(JSONWriter.text(record.json).utf8).write(to: URL(filePath: json)) }
            StandardStream.show(record.text)
            return record.exitStatus
        } catch let interrupted as Interrupted {
            StandardStream.note("holdfast: interrupted, the lab is removed")
            return 128 + interrupted.signal.rawValue
        } catch {
            StandardStream.note("holdfast: \(error)")
            return DrillCommand.couldNotRun
        }
    }

    private static func runHere(_ options: SoakOptions, place: String) throws -> SoakRecord {
        let signals = try SignalSource([.interrupt, .terminate, .hangup])
        Signal.pipe.ignore()
        guard Privileges.effectiveUser == 0 else {
            throw LabError("the lab needs root here; --place guest does not")
        }
        guard DrillRunner.loadModules() else {
            throw LabError("this kernel has no IPVS (module ip_vs); --place guest brings one that has")
        }
        return try SoakRun.run(options, place: place, signals: signals) { StandardStream.note("soak: \($0)") }
    }

    // MARK: - In a guest

    /// What the part in the guest is told.
    struct Order: Hashable, Codable {
        let options: SoakOptions
        let place: String
        /// Where the record goes.
        let record: String
    }

    private static func runInGuest(_ options: SoakOptions, _ template: GuestJob) throws -> SoakRecord {
        let cache = try GuestCache.standard(environment: ProcessInfo.processInfo.environment)
        let kernel = try cache.kernel(report: StandardStream.note)
        let folder = try DrillRunner.makeFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let order = Order(options: options, place: template.placeName, record: "\(folder)/record.json")
        try JSONEncoder().encode(order).write(to: URL(filePath: "\(folder)/order.json"))
        var job = template
        let executable = try FileManager.default.destinationOfSymbolicLink(atPath: HostFacts.ownExecutable)
        job.command = [executable, "soak-inside", "\(folder)/order.json"]
        job.shares = [folder]
        StandardStream.note("soak: starting a guest with Linux \(kernel.release) (\(template.placeName))")
        switch try GuestCommand.follow(job, kernel: kernel, cache: cache) {
        case .interrupted(let signal): throw Interrupted(signal: signal)
        case .timedOut: throw LabError("the soak did not end within \(job.timeout)")
        case .neverStarted: throw LabError("no guest came up")
        case .exited(let status):
            guard let data = FileManager.default.contents(atPath: order.record) else {
                throw LabError("the soak in the guest ended without a result (exit status \(status))")
            }
            return try JSONDecoder().decode(SoakRecord.self, from: data)
        }
    }

    /// `holdfast soak-inside ORDER`: the part that runs in the guest. 0 when there is a record.
    package static func runInside(order path: String) -> Int32 {
        do {
            guard let data = FileManager.default.contents(atPath: path) else {
                throw LabError("cannot read \(path)")
            }
            let order = try JSONDecoder().decode(Order.self, from: data)
            let record = try runHere(order.options, place: order.place)
            try JSONEncoder().encode(record).write(to: URL(filePath: order.record))
            return 0
        } catch {
            StandardStream.note("holdfast: \(error)")
            return DrillCommand.couldNotRun
        }
    }
}
