import ArgumentParser
import FoundationEssentials
import Lab
import Timekeeping

extension GuestJob.Accelerator: ExpressibleByArgument {}

/// How a guest is made; shared by the commands that may need one.
struct GuestOptions: ParsableArguments {
    @Option(help: "Guest memory in MiB.") var memory = 2048
    @Option(help: "Guest processors.") var cpus = 2
    @Option(help: "tcg works everywhere; kvm is quicker where it works.")
    var accel = GuestJob.Accelerator.tcg

    func validate() throws {
        guard (256...1_048_576).contains(memory) else {
            throw ValidationError("--memory is 256 to 1048576 MiB")
        }
        guard (1...64).contains(cpus) else { throw ValidationError("--cpus is 1 to 64") }
    }
}

/// `holdfast lab guest -- COMMAND`.
struct LabGuestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "guest", abstract: "Run a command as root in a guest kernel that has IPVS.",
        discussion: """
            The guest sees this machine's files at their own paths, read-only for what stays: \
            what it writes goes to its memory and is gone afterwards, except under a --share. \
            It reads what you can read, \
            no more, and needs no root here. The exit status is the command's; 124 when the time is up, \
            125 when the guest could not run.
            """)

    @OptionGroup var guest: GuestOptions
    @Option(name: .customLong("env"), help: "NAME=VALUE for the command; repeatable.") var variables:
        [String] = []
    @Option(name: .customLong("share"), help: "A folder the command may write to; repeatable.")
    var shares: [String] = []
    @Option(help: "Seconds after which the guest is ended.") var timeout = 3600
    @Argument(parsing: .postTerminator, help: "The command, after --.") var command: [String] = []

    func validate() throws {
        guard !command.isEmpty else {
            throw ValidationError("which command? holdfast lab guest -- COMMAND...")
        }
        guard (1...86_400).contains(timeout) else { throw ValidationError("--timeout is 1 to 86400 seconds") }
        for variable in variables where variable.first == "=" || !variable.contains("=") {
            throw ValidationError("--env wants NAME=VALUE, not \(variable)")
        }
    }

    func run() throws {
        var environment = HostPrograms.environment
        for variable in variables {
            guard let sign = variable.firstIndex(of: "=") else { continue }
            environment[String(variable[..<sign])] = String(variable[variable.index(after: sign)...])
        }
        let job = GuestJob(
            command: command, directory: FileManager.default.currentDirectoryPath, environment: environment,
            shares: try shares.map(Self.folder), memory: guest.memory, processors: guest.cpus,
            accelerator: guest.accel, timeout: .seconds(Int64(timeout)))
        throw ExitCode(GuestCommand.run(job))
    }

    /// The absolute path of an existing folder.
    static func folder(_ path: String) throws -> String {
        let absolute = path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
        let resolved = URL(filePath: absolute).standardizedFileURL.path
        var isFolder = false
        guard FileManager.default.fileExists(atPath: resolved, isDirectory: &isFolder), isFolder else {
            throw ValidationError("--share \(path): no such folder")
        }
        return resolved.count > 1 && resolved.hasSuffix("/") ? String(resolved.dropLast()) : resolved
    }
}

/// `holdfast lab prepare`.
struct LabPrepareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prepare", abstract: "Download the guest's kernel, so that later runs need no network.")

    @Flag(help: "Ask the distribution for a newer one even when there is one.") var refresh = false

    func run() throws { throw ExitCode(GuestCommand.prepare(refresh: refresh)) }
}
