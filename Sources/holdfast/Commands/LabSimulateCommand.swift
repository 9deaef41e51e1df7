import ArgumentParser
import Lab
import LinuxIO
import SimulationKit

extension SimulationKind: ExpressibleByArgument {}

/// `holdfast lab simulate`.
struct LabSimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Run elections in virtual time, with faults drawn from seeds.",
        discussion: """
            Nothing but this process takes part. A run that breaks a promise is shown with the command \
            that repeats it, and the exit status is 1.
            """)

    @Option(help: "How many seeds each kind of segment is run with.") var seeds: UInt64 = 1000
    @Option(help: "The first seed.") var first: UInt64 = 1
    @Option(name: .customLong("kind"), help: "One kind of segment, or groups; repeatable. By default all.")
    var kinds: [SimulationKind] = []
    @Flag(help: "Show everything that happens.") var trace = false

    func validate() throws {
        guard (1...1_000_000_000).contains(seeds) else {
            throw ValidationError("--seeds is 1 to 1000000000")
        }
        guard first <= .max - seeds else { throw ValidationError("--first is too great") }
    }

    func run() throws {
        let runner = SimulationRunner(
            kinds: kinds.isEmpty ? SimulationKind.allCases : kinds, seeds: first..<(first + seeds),
            tracing: trace)
        guard runner.run(show: StandardStream.show) else { throw ExitCode(1) }
    }
}
