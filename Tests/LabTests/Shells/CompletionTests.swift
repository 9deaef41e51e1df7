import LinuxIO
import Testing
import Timekeeping

/// The completion scripts, read by the shells that they are for.
@Suite struct CompletionTests {
    /// The script of a shell in a directory of its own, called as the shell wants it.
    private final class Script {
        let directory = "/tmp/holdfast-completion-\(UInt64.random(in: 0 ... .max))"

        init(_ shell: String, as name: String) throws {
            try Files.createDirectory(directory, mode: 0o755)
            let done = try Program(Tools.holdfast, ["completion", shell], environment: Tools.environment)
                .run(timeout: .seconds(60))
            #expect(done.status == .exited(0))
            try Files.replace("\(directory)/\(name)", with: done.output.octets)
        }

        deinit { _ = try? Program("/bin/rm", ["-rf", directory]).run(timeout: .seconds(60)) }

        /// What `shell` prints, beside the tool itself on its path; it may complain of nothing.
        func run(_ shell: String, _ arguments: [String]) throws -> [Substring] {
            let tool = Tools.holdfast.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            let environment = ["PATH": tool.joined(separator: "/") + ":/usr/bin:/bin", "HOME": directory]
            let done = try Program(shell, arguments, environment: environment).run(timeout: .seconds(60))
            #expect(done.status == .exited(0) && done.error.text.isEmpty, "\(done.error.text)")
            return done.output.text.split { " \t\n".contains($0) }
        }
    }

    @Test func `bash completes commands`() throws {
        let script = try Script("bash", as: "holdfast")
        let file = "\(script.directory)/holdfast"
        let words = try script.run(
            "/bin/bash",
            [
                "--norc", "--noprofile", "-c",
                """
                source \(file) && complete -p holdfast
                COMP_WORDS=(holdfast dra); COMP_CWORD=1; COMP_LINE='holdfast dra'; COMP_POINT=12
                _holdfast holdfast dra holdfast; echo "${COMPREPLY[@]}"
                """,
            ])
        #expect(words == ["complete", "-o", "filenames", "-F", "_holdfast", "holdfast", "drain"])
    }

    @Test func `zsh finds whose completion it is, and reads all of it`() throws {
        let script = try Script("zsh", as: "_holdfast")
        #expect(try script.run("/usr/bin/zsh", ["-f", "-n", "\(script.directory)/_holdfast"]) == [])
        let words = try script.run(
            "/usr/bin/zsh",
            [
                "-f", "-c",
                """
                fpath=(\(script.directory) $fpath); autoload -Uz compinit; compinit -u -D
                autoload +X _holdfast && print -r -- $_comps[holdfast]
                (( ${#functions[_holdfast]} > 9999 ))
                """,
            ])
        #expect(words == ["_holdfast"])
    }

    @Test func `fish completes commands and their arguments`() throws {
        let script = try Script("fish", as: "holdfast.fish")
        let file = "\(script.directory)/holdfast.fish"
        #expect(try script.run("/usr/bin/fish", ["--no-config", "--no-execute", file]) == [])
        func completed(_ line: String) throws -> [Substring] {
            try script.run(
                "/usr/bin/fish", ["--no-config", "-c", "source \(file); complete -C '\(line)'"])
        }
        #expect(try completed("holdfast dra").first == "drain")
        #expect(try completed("holdfast completion ").sorted() == ["bash", "fish", "zsh"])
    }
}
