import ConfigModel
import LinuxIO

/// The role that lives for a moment: it gives up everything, then becomes a script. posix_spawn cannot do
/// that, and fork without exec is never used.
enum ExecRole {
    /// Why the script does not run. The raw value is a signal that nobody sends, by which this process ends
    /// itself: every exit status may be the script's own, and with `misc_dynamic` means a weight.
    enum Failure: Int32 {
        /// The program is not there.
        case missing = 60
        /// It cannot be executed.
        case unfit = 61
        /// Somebody other than root can change it, which was not to be.
        case insecure = 62
        /// This host could not start it now.
        case failed = 63

        /// What a process that ended so wanted to say; nil when its script ran.
        init?(_ end: Termination) {
            guard case .signalled(let number) = end else { return nil }
            self.init(rawValue: number)
        }
    }

    /// All that a script finds in its environment.
    static let environment = [
        "PATH": ProgramSearch.directories.joined(separator: ":"), "LC_ALL": "C",
    ]

    /// How the supervisor, which is process `parent`, starts it; `rootsOwn`: only if nobody but root can
    /// change it (`enable_script_security`).
    static func program(
        _ command: [String], as account: UserAccount, rootsOwn: Bool, parent: Int32
    ) -> Program {
        let groups = ([account.group] + account.groups.filter { $0 != account.group }).map(String.init)
        var program = Program(
            HostFacts.ownExecutable,
            [
                "--role", "exec", "--user", "\(account.user)", "--groups", groups.joined(separator: ","),
                "--parent", "\(parent)",
            ] + (rootsOwn ? ["--roots-own"] : []) + ["--"] + command,
            environment: environment, directory: "/")
        program.arguments[0] = "holdfastd"
        return program
    }

    /// Becomes `command` with the numbers of `identity`, without capabilities, further groups, or a way to
    /// gain privileges, and killed with the supervisor. Returns only when that fails; the standard streams
    /// lead nowhere, so how the process ends is all that is told. A program that cannot be executed at all is
    /// a failure like a bad status; everything else says nothing about what is checked.
    static func run(_ identity: ScriptIdentity, command: [String]) -> Failure {
        guard let path = command.first, let group = identity.groups.first else { return .failed }
        do {
            // What only root can change stays as it is found until it runs, unless root changes it.
            if identity.rootsOwn, try ProgramPath.changeable(on: path) != nil { return .insecure }
        } catch {
            return failure(ofExecution: error.errno)
        }
        do {
            try Privileges.drop(
                to: UserAccount(name: "", user: identity.user, group: group, groups: identity.groups),
                keeping: [])
            // After the change of user, which would clear it. Who died before cannot be waited for.
            try Scheduling.dieWithParent(.kill)
            guard HostFacts.parentProcess == identity.parent else { return .failed }
        } catch {
            return .failed
        }
        // This program ignores it, and what is ignored stays so in the script: a pipe's writer would not end
        // with its reader.
        Signal.pipe.restoreDefault()
        do throws(SystemError) {
            try Program(path, Array(command.dropFirst()), environment: environment, directory: "/").execute()
        } catch {
            return failure(ofExecution: error.errno)
        }
    }

    /// What execve(2)'s error says.
    static func failure(ofExecution errno: Errno) -> Failure {
        switch errno.name {
        case "ENOENT", "ENOTDIR", "ELOOP", "ENAMETOOLONG": .missing
        case "EACCES", "EPERM", "ENOEXEC", "EISDIR": .unfit
        default: .failed
        }
    }
}
