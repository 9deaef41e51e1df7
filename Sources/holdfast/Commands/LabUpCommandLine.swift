import ArgumentParser
import FoundationEssentials
import Lab
import Timekeeping

/// `holdfast lab [up]`.
struct LabUpCommandLine: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Bring up a pair of directors, real servers and a client to look around in.",
        discussion: """
            With a command (after --) it runs in the lab, which is removed when the command ends; \
            its exit status is passed on. Nodes are network namespaces, named by \
            HOLDFAST_LAB_CLIENT, HOLDFAST_LAB_DIRECTOR_A and so on; HOLDFAST_LAB_SERVICE is where \
            clients connect to. Without a command the lab stays until Ctrl-C and shows what the \
            daemons log.
            """)

    @Option(help: "A folder with director-a.conf and director-b.conf.") var example = "Examples/dr-pair"
    @Option(help: "The daemon to run; keepalived works too.") var daemon: String?
    @Option(help: "auto, native or guest.") var place = DrillPlace.auto
    @Option(help: "Seconds after which a guest is ended.") var timeout = 3600
    @OptionGroup var guest: GuestOptions
    @Argument(parsing: .postTerminator, help: "A command, after --.") var command: [String] = []

    func validate() throws {
        guard (1...86_400).contains(timeout) else { throw ValidationError("--timeout is 1 to 86400 seconds") }
    }

    func run() throws {
        let job = GuestJob(
            command: [], directory: FileManager.default.currentDirectoryPath,
            environment: HostPrograms.environment, memory: guest.memory, processors: guest.cpus,
            accelerator: guest.accel, timeout: .seconds(Int64(timeout)))
        let options = LabUpOptions(example: example, command: command, daemon: daemon)
        throw ExitCode(LabUpCommand.run(options, place: place, guest: job))
    }
}
