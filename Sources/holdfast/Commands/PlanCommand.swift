import ArgumentParser
import ControlProtocol
import Lab
import LinuxIO
import Timekeeping

/// `holdfast plan`.
struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Say what a reload would change, and what it would interrupt.",
        discussion: """
            The running daemon reads the file as a reload would, compares it with what is in force, and \
            changes nothing.

            Exit status: 0 when nothing would change, 1 when the file would be refused, 2 when something \
            would change, 3 when that interrupts traffic, 69 when no daemon runs or it does not answer, 77 \
            when this user may not; to name a FILE takes root.
            """)

    @Argument(help: "Instead of the daemon's own configuration.", completion: .file()) var file: String?
    @Flag(help: "As one JSON document; docs/plan.schema.json describes it.") var json = false
    @OptionGroup var daemon: SocketOptions

    func run() throws {
        let (lines, end) = try answer()
        try Exit.unless(end)
        guard let document = PlanDocument(lines) else {
            throw Exit.because("the daemon's answer makes no sense", ExitCode(70))
        }
        StandardStream.show(json ? JSONWriter.text(document.json) : document.text)
        if document.exitStatus != 0 { throw ExitCode(document.exitStatus) }
    }

    /// That no daemon runs must not look like a plan that interrupts.
    private func answer() throws -> (lines: [JSONValue], end: ControlEnd) {
        do {
            return try daemon.ask(.plan(file: try file.map(absolute)))
        } catch let code as ExitCode where code == Exit.notRunning {
            throw Exit.unavailable
        }
    }

    /// The daemon has another working directory.
    private func absolute(_ path: String) throws -> String {
        guard !path.hasPrefix("/") else { return path }
        return "\(try Files.link(at: "/proc/self/cwd") ?? "")/\(path)"
    }
}
