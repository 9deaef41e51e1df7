import ArgumentParser

/// The operator's tool.
@main
struct Holdfast: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "holdfast",
        abstract: "Rehearse and operate Holdfast, a high-availability director for Linux Virtual Server.",
        subcommands: [
            CheckCommand.self, FormatCommand.self, DumpCommand.self, ExplainCommand.self,
            StatusCommand.self, WhyCommand.self, EventsCommand.self, MetricsCommand.self, PlanCommand.self,
            ReloadCommand.self,
            DrainCommand.self, MaintCommand.self, WeightCommand.self, ReadyCommand.self,
            RecheckCommand.self, SwitchCommand.self, DoctorCommand.self, IPVSCommand.self,
            RealServerCommand.self, VersionCommand.self,
            CompletionCommand.self, DrillCommandLine.self, LabCommand.self, LabAgentCommand.self,
            BenchCommand.self, DrillInsideCommand.self, SoakInsideCommand.self,
        ])

    /// Reads the command line. What follows `ipvs` is read as ipvsadm reads it, and so is the whole line of a
    /// program that is called ipvsadm.
    static func main() {
        let words = CommandLine.arguments
        if words.first?.split(separator: "/").last == "ipvsadm" {
            IPVSCommand.carryOut(Array(words.dropFirst()), program: "ipvsadm")
        }
        if words.dropFirst().first == "ipvs" {
            IPVSCommand.carryOut(Array(words.dropFirst(2)), program: "holdfast ipvs")
        }
        main(nil)
    }
}
