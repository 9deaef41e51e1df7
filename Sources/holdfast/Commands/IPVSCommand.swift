import ArgumentParser
import Lab
import LinuxIO

/// `holdfast ipvs`. Its options are ipvsadm's, which come before the parser of all other commands
/// (`Holdfast.main`); here is what the help pages say of it.
struct IPVSCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ipvs", abstract: "Show and change the kernel's IPVS table as ipvsadm does.",
        usage: "holdfast ipvs COMMAND [OPTIONS]",
        discussion: """
            `holdfast ipvs -h` tells the commands and options, which are ipvsadm's; docs/ipvsadm.md tells \
            the differences. A link called ipvsadm to this program is that program.
            """)

    @Argument(parsing: .captureForPassthrough, help: "What ipvsadm takes.") var words: [String] = []

    func run() { Self.carryOut(words, program: "holdfast ipvs") }

    /// Does what `words` say, and ends this process.
    static func carryOut(_ words: [String], program: String) -> Never {
        ProcessExit.now(IPVSShell.standard(program: program).run(words))
    }
}
