import ArgumentParser
import Lab

/// The lab's own processes inside its namespaces; started by the lab, not by people.
struct LabAgentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lab-agent", abstract: "A part of the lab.", shouldDisplay: false)

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []

    func run() throws { throw ExitCode(AgentCommand.run(arguments)) }
}
