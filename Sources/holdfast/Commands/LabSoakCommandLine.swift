import ArgumentParser
import FoundationEssentials
import Lab
import Timekeeping

/// `holdfast lab soak`.
struct LabSoakCommandLine: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "soak",
        abstract: "Make one fault after the other under traffic, and look at everything.",
        discussion: """
            A pair of directors with real servers and a client is hit by faults that the seed draws: \
            killed and hung roles, restarts, cables, partitions, loss, reloads, tables and addresses \
            changed by hand, dead servers. Each may lead to what docs/faults.md says and to nothing else, \
            and the pair must be as before each time. Exit status: 0 no promise was broken, 1 one was, 2 \
            could not run, 130 interrupted.
            """)

    @Option(help: "How long faults are made.") var minutes = 5.0
    @Option(help: "Which faults; by default another one each time.") var seed: UInt64?
    @Option(help: "Write what came of it as JSON to this file.") var json: String?
    @Option(help: "The daemon to run.") var daemon: String?
    @Option(help: "auto, native or guest.") var place = DrillPlace.auto
    @OptionGroup var guest: GuestOptions

    func validate() throws {
        guard (0.1...240).contains(minutes) else { throw ValidationError("--minutes is 0.1 to 240") }
    }

    func run() throws {
        let duration = Interval(nanoseconds: Int64(minutes * 60e9))
        let options = SoakOptions(
            duration: duration, seed: seed ?? UInt64.random(in: 1...999_999_999), daemon: daemon)
        // The lab comes and goes, and the last fault has its time.
        let job = GuestJob(
            command: [], directory: FileManager.default.currentDirectoryPath,
            environment: HostPrograms.environment, memory: guest.memory, processors: guest.cpus,
            accelerator: guest.accel, timeout: duration + .seconds(900))
        throw ExitCode(SoakCommand.run(options, place: place, guest: job, json: json))
    }
}

/// The soak's part inside a guest; started by the soak, not by people.
struct SoakInsideCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "soak-inside", abstract: "A part of the soak.", shouldDisplay: false)

    @Argument var order: String

    func run() throws { throw ExitCode(SoakCommand.runInside(order: order)) }
}
