import FoundationEssentials
import LinuxIO
import Timekeeping

/// The daemon under test: holdfastd, or a program that takes the same flags.
struct DaemonProgram: Hashable, Sendable, Codable {
    /// Its executable.
    let path: String
    /// The first line of what it says about its version.
    let version: String

    /// Finds the daemon: `named` (a path, or a name to be found in PATH), else `holdfastd` beside this
    /// program, else the one that was installed with it: in `sbin` where this is in `bin`.
    static func find(_ named: String?, beside executable: String) throws -> DaemonProgram {
        let folder = executable[..<(executable.lastIndex(of: "/") ?? executable.startIndex)]
        let places = ["\(folder)/holdfastd", "\(folder)/../sbin/holdfastd"]
        let wanted =
            named ?? places.first(where: FileManager.default.isExecutableFile) ?? "\(folder)/holdfastd"
        let absolute =
            wanted.contains("/") && !wanted.hasPrefix("/")
            ? "\(FileManager.default.currentDirectoryPath)/\(wanted)" : wanted
        guard let path = HostPrograms.find(absolute), FileManager.default.isExecutableFile(atPath: path)
        else {
            throw LabError("no daemon at \(wanted); build it or name one with --daemon")
        }
        let version = try HostPrograms.firstLine(path, ["-v"])
        return DaemonProgram(path: path, version: version)
    }

    /// Who is measured: our daemon, found as above beside this program, and the keepalived of this host.
    static func contestants(_ named: String?) throws -> [DaemonProgram] {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: HostFacts.ownExecutable)
        let ours = try find(named, beside: own)
        return [ours] + (try HostPrograms.find("keepalived").map { [try find($0, beside: own)] } ?? [])
    }

    /// True for a holdfastd, which knows the loop guard.
    var isHoldfast: Bool { path.hasSuffix("/holdfastd") }

    /// The command line for one director; files of the run go to `folder`.
    func arguments(configuration: String, director: String, folder: String) -> [String] {
        var arguments = [
            path, "-n", "-l", "-D", "-f", configuration, "-i", director, "-p", "\(folder)/\(director).pid",
        ]
        // keepalived's processes have a file each; holdfastd has one.
        if !isHoldfast {
            arguments += ["-r", "\(folder)/\(director)-vrrp.pid", "-c", "\(folder)/\(director)-checkers.pid"]
        }
        return arguments
    }
}
