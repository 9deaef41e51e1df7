import FoundationEssentials
import LinuxIO
import Timekeeping

/// Programs of the host that the lab calls as children.
package enum HostPrograms {
    /// Searched after PATH: an ordinary user's PATH often lacks the last four.
    private static let folders = [
        "/usr/local/bin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/sbin", "/sbin",
    ]

    /// The absolute path of `name`, looked up in `path` (the form of PATH) and in the usual folders.
    package static func find(
        _ name: String, path: String = ProcessInfo.processInfo.environment["PATH"] ?? ""
    )
        -> String?
    {
        guard !name.contains("/") else { return name }
        return (path.split(separator: ":").map(String.init) + folders).lazy.map { "\($0)/\(name)" }
            .first { $0.hasPrefix("/") && FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// The same, or an error that names the package to install.
    package static func require(_ name: String, package: String) throws(LabError) -> String {
        guard let path = find(name) else {
            throw LabError("\(name) is not installed: apt-get install \(package)")
        }
        return path
    }

    /// What children get: nothing of the caller's environment but where programs and the user's files are.
    package static var environment: [String: String] {
        let own = ProcessInfo.processInfo.environment
        return [
            "PATH": ((own["PATH"].map { [$0] } ?? []) + folders).joined(separator: ":"),
            "HOME": own["HOME"] ?? "/", "LC_ALL": "C",
        ]
    }

    /// Runs a program to its end and returns its output; any other end than exit status 0 is an error that
    /// quotes what the program said.
    @discardableResult
    package static func run(
        _ path: String, _ arguments: [String], input: String = "", directory: String? = nil,
        timeout: Interval = .seconds(60)
    ) throws -> String {
        let program = Program(path, arguments, environment: environment, directory: directory)
        let completion = try program.run(input: Array(input.utf8), outputLimit: 16 << 20, timeout: timeout)
        guard completion.status.isSuccess, !completion.timedOut else {
            let said = completion.error.text.split(separator: "\n").suffix(3).joined(separator: "; ")
            let end = completion.timedOut ? "no end after \(timeout)" : completion.status.description
            let name = ([path.split(separator: "/").last.map(String.init) ?? path] + arguments)
            throw LabError("\(name.joined(separator: " ")): \(end)\(said.isEmpty ? "" : ": \(said)")")
        }
        return completion.output.text
    }

    /// The first line a program says, on whichever output, whatever its exit status: for versions.
    package static func firstLine(_ path: String, _ arguments: [String]) throws -> String {
        let program = Program(path, arguments, environment: environment)
        let completion = try program.run(outputLimit: 4096, timeout: .seconds(20))
        let text = completion.output.text + completion.error.text
        return text.split(separator: "\n").first.map(String.init) ?? "says nothing about its version"
    }
}
