import ArgumentParser
import ConfigModel
import ConfigSyntax
import KernelNet
import Lab
import LinuxIO
import Pattern

extension CheckReport.Format: ExpressibleByArgument {}
extension ColourChoice: ExpressibleByArgument {}

/// How findings are shown to people.
struct ColourOptions: ParsableArguments {
    @Option(help: "Colours for people: auto, always or never. auto heeds NO_COLOR and CLICOLOR_FORCE.")
    var color = ColourChoice.auto

    func isColoured(on output: Descriptor) -> Bool {
        color.isColoured(isTerminal: output.isTerminal, environment: HostFacts.environment)
    }
}

/// Where configurations come from on this machine.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        name: [.customShort("i"), .long], help: "For lines that begin with @ID; by default the host name.")
    var configID: String?

    func load(_ path: String) -> LoadResult { load(path, as: configID) }

    /// As the director with that config-id reads it.
    func load(_ path: String, as configID: String?) -> LoadResult {
        ConfigurationLoader.load(path: path, surroundings(as: configID), problem: Pattern.problem)
    }

    func annotatedDump(of path: String, hidingSecrets: Bool) -> String? {
        AnnotatedDump.text(
            path: path, surroundings, hidingSecrets: hidingSecrets, problem: Pattern.problem)
    }

    private var surroundings: Surroundings { surroundings(as: configID) }

    private func surroundings(as configID: String?) -> Surroundings {
        func attempt<Value>(_ body: () throws(SystemError) -> Value) -> Result<Value, FileProblem> {
            do throws(SystemError) { return .success(try body()) } catch {
                return .failure(FileProblem("\(error.errno)"))
            }
        }
        return Surroundings(
            configID: configID ?? HostFacts.shortHostName,
            list: { path in attempt { () throws(SystemError) in try Files.names(in: path) } },
            name: Files.identity, environment: HostFacts.environment,
            read: { path in
                attempt { () throws(SystemError) in try Files.read(path, limit: SourceFile.maximumSize) }
            })
    }
}

/// `holdfast check`.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Say what is wrong with configurations, without touching anything.",
        discussion: """
            Exit status: 0 when every file can run, 1 with errors (with --strict: or warnings), 66 when \
            a file is missing.
            """)

    @Argument(help: "Configurations, each for itself.", completion: .file()) var files: [String]
    @Option(help: "The other director's configuration, to compare the first with.", completion: .file())
    var peer: String?
    @Option(
        help: """
            The other director's config-id, where it differs; without --peer both have the first file.
            """)
    var peerConfigID: String?
    @Flag(help: "Look at this host, too: interfaces, addresses, scripts, users, kernel modules, settings.")
    var host = false
    @Option(help: "human, short or json.") var format = CheckReport.Format.human
    @Flag(help: "Warnings count as errors.") var strict = false
    @Option(
        help: ArgumentHelp(
            "A warning to leave out, such as W213; may be given several times.",
            discussion: "On one line of a file a comment does: ! holdfast: allow W213"),
        completion: .list(DiagnosticCode.allCases.filter { $0.severity == .warning }.map(\.rawValue)),
        transform: Self.warning)
    var allow: [DiagnosticCode] = []
    @OptionGroup var colours: ColourOptions
    @OptionGroup var source: ConfigurationOptions

    private static func warning(_ text: String) throws -> DiagnosticCode {
        guard let code = DiagnosticCode(rawValue: text.uppercased()) else {
            throw ValidationError("\(text) is no code of a finding")
        }
        guard code.severity == .warning else {
            throw ValidationError("\(code.rawValue) is an error, which cannot be allowed")
        }
        return code
    }

    func run() throws {
        let results = files.map(source.load).map { host ? $0.seen(on: HostSurvey.answer($0.questions)) : $0 }
        let other = peerConfigID == nil ? peer : peer ?? files.first
        let report = CheckReport(
            results, peer: other.map { source.load($0, as: peerConfigID ?? source.configID) },
            allowing: Set(allow))
        print(report.text(format, isColoured: colours.isColoured(on: .standardOutput)), terminator: "")
        let isMissing = !(files + (peer.map { [$0] } ?? [])).allSatisfy(Files.exists)
        let status = isMissing ? 66 : report.exitStatus(strict: strict)
        if status != 0 { throw ExitCode(status) }
    }
}

/// `holdfast dump`.
struct DumpCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dump", abstract: "Print a configuration with every default filled in.",
        discussion: """
            With --origin a comment behind each line says where it comes from: the place in the files, the \
            block it is taken from, the definition that put it there, or that it is a default. Either form \
            can be read again; with --secrets it is the same configuration, without it passwords are stars.

            Exit status: 0, or 1 with the findings on standard error when the file is refused, 66 when it \
            is missing.
            """)

    @Argument(help: "The configuration.", completion: .file()) var file: String
    @Flag(help: "Say behind each line where it comes from.") var origin = false
    @Flag(help: "Print passwords.") var secrets = false
    @OptionGroup var colours: ColourOptions
    @OptionGroup var source: ConfigurationOptions

    func run() throws {
        let result = source.load(file)
        if let model = result.model {
            let annotated = origin ? source.annotatedDump(of: file, hidingSecrets: !secrets) : nil
            print(annotated ?? ConfigurationDump.text(model, hidingSecrets: !secrets), terminator: "")
        }
        guard result.hasErrors else { return }
        let isColoured = colours.isColoured(on: .standardError)
        // The lines themselves may have passwords.
        let format = secrets ? CheckReport.Format.human : .short
        StandardStream.note(CheckReport([result]).text(format, isColoured: isColoured))
        throw Files.exists(file) ? ExitCode.failure : ExitCode(66)
    }
}
