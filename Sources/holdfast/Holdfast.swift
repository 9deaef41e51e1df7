import ArgumentParser

/// The operator's tool.
@main
struct Holdfast: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "holdfast",
        abstract: "Rehearse and operate Holdfast, a high-availability director for Linux Virtual Server.",
        subcommands: [
            CheckCommand.self, FormatCommand.self, DumpCommand.self, ExplainCommand.self,
            StatusCommand.self, WhyCommand.self, EventsCommand.self, MetricsCommand.self, ReloadCommand.self,
            DrainCommand.self, MaintCommand.self, WeightCommand.self, ReadyCommand.self,
            VersionCommand.self,
            CompletionCommand.self, DrillCommandLine.self, LabCommand.self, LabAgentCommand.self,
            BenchCommand.self, DrillInsideCommand.self,
        ])
}
