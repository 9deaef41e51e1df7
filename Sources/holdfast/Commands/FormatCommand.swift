import ArgumentParser
import ConfigSyntax
import Lab
import LinuxIO

/// `holdfast fmt`.
struct FormatCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fmt", abstract: "Lay configurations out the one way, without changing what they mean.",
        discussion: """
            The result goes to standard output; --write puts it into the files instead, --check only names \
            the files that would change. Each file is taken for itself: what it includes is left alone.

            Exit status: 0, 1 when a file is refused or --check found one that would change, 66 when a file \
            is missing.
            """)

    @Argument(help: "Configurations.", completion: .file()) var files: [String]
    @Flag(help: "Print the names of the files that would change.") var check = false
    @Flag(name: .shortAndLong, help: "Change the files.") var write = false
    @OptionGroup var colours: ColourOptions

    func validate() throws {
        if check, write { throw ValidationError("--check and --write exclude each other") }
    }

    func run() throws {
        var status: Int32 = 0
        for name in files {
            guard Files.exists(name) else {
                StandardStream.note("cannot read \(name): no such file")
                status = 66
                continue
            }
            do throws(SystemError) {
                if try !format(name), status == 0 { status = 1 }
            } catch {
                StandardStream.note("\(error)")
                if status == 0 { status = 1 }
            }
        }
        if status != 0 { throw ExitCode(status) }
    }

    /// False when the file is refused, or would change and was only to be checked.
    private func format(_ name: String) throws(SystemError) -> Bool {
        let octets = try Files.read(name, limit: SourceFile.maximumSize)
        var sources = SourceMap()
        let file = SourceFile(name: name, octets: octets)
        let number = sources.add(file)
        var diagnostics = Diagnostics()
        guard let result = CanonicalLayout.octets(of: file, number: number, &diagnostics) else {
            let renderer = DiagnosticRenderer(
                sources, isColoured: colours.isColoured(on: .standardError))
            StandardStream.note(renderer.text(diagnostics.sorted, dropped: diagnostics.dropped))
            return false
        }
        if check {
            if result != octets { print(name) }
            return result == octets
        }
        if !write {
            StandardStream.write(result, to: .standardOutput)
        } else if result != octets {
            try Files.rewrite(name, with: result)
        }
        return true
    }
}
