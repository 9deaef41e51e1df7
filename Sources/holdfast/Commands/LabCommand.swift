import ArgumentParser

/// `holdfast lab`: kernels and networks to try things in.
struct LabCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lab", abstract: "A kernel and a network to try things in.",
        subcommands: [
            LabUpCommandLine.self, LabGuestCommand.self, LabPrepareCommand.self, LabSimulateCommand.self,
            LabSoakCommandLine.self,
        ],
        defaultSubcommand: LabUpCommandLine.self)
}
