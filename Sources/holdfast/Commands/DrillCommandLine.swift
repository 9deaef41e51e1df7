import ArgumentParser
import FoundationEssentials
import Lab
import Timekeeping

extension Scenario: ExpressibleByArgument {}
extension DrillPlace: ExpressibleByArgument {}

/// `holdfast drill`.
struct DrillCommandLine: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drill", abstract: "Rehearse failures on a real kernel and measure what clients notice.",
        discussion: """
            Builds a network of namespaces (client, two directors, real servers), starts the daemon \
            on both directors with the configuration of an example, breaks something, and measures. \
            Nothing of it touches this machine's network. The budget is computed from the \
            configuration before the fault: 3 x advert_int + skew + 250 ms for a crash. Exit status: \
            0 within budget, 1 over it, 2 could not run, 130 interrupted.
            """)

    @Argument(
        help: "crash, stop, server, connection, loop-guard-off, loop-guard-on, guard-repair; by default all.")
    var scenarios: [Scenario] = []
    @Option(help: "A folder with director-a.conf and director-b.conf.") var example = "Examples/dr-pair"
    @Option(help: "How often each scenario runs.") var runs = 1
    @Option(help: "Seconds a failover may take, instead of the computed budget.") var budget: Double?
    @Option(help: "Write the record as JSON to this file.") var json: String?
    @Option(help: "Write the report, one HTML page, to this file.") var report: String?
    @Option(help: "Write the first scenario's timeline, an SVG picture, to this file.") var svg: String?
    @Option(help: "The daemon to drill; keepalived works too.") var daemon: String?
    @Option(help: "Milliseconds from one request of the client to the next.") var interval = 1.0
    @Option(help: "auto, native or guest.") var place = DrillPlace.auto
    @Option(help: "Seconds after which a guest is ended.") var timeout = 3600
    @OptionGroup var guest: GuestOptions

    func validate() throws {
        guard (1...1000).contains(runs) else { throw ValidationError("--runs is 1 to 1000") }
        guard (0.1...1000).contains(interval) else { throw ValidationError("--interval is 0.1 to 1000 ms") }
        guard budget.map({ (0.001...3600).contains($0) }) ?? true else {
            throw ValidationError("--budget is 0.001 to 3600 seconds")
        }
        guard (1...86_400).contains(timeout) else { throw ValidationError("--timeout is 1 to 86400 seconds") }
    }

    func run() throws {
        let options = DrillOptions(
            scenarios: scenarios.isEmpty ? Scenario.allCases : scenarios, example: example, runs: runs,
            budget: budget.map { Interval(nanoseconds: Int64($0 * 1e9)) }, daemon: daemon,
            interval: Interval(nanoseconds: Int64(interval * 1e6)))
        let job = GuestJob(
            command: [], directory: FileManager.default.currentDirectoryPath,
            environment: HostPrograms.environment, memory: guest.memory, processors: guest.cpus,
            accelerator: guest.accel, timeout: .seconds(Int64(timeout)))
        let status = DrillCommand.run(
            options, place: place, guest: job,
            outputs: DrillOutputs(json: json, report: report, picture: svg))
        throw ExitCode(status)
    }
}

/// The drill's part inside a guest; started by the drill, not by people.
struct DrillInsideCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drill-inside", abstract: "A part of the drill.", shouldDisplay: false)

    @Argument var order: String

    func run() throws { throw ExitCode(DrillCommand.runInside(order: order)) }
}
