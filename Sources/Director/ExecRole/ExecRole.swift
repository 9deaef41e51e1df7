import ConfigModel
import LinuxIO

/// The role that lives for a moment: it gives up everything, then becomes a script. posix_spawn cannot do
/// that, and fork without exec is never used.
enum ExecRole {
    /// Exit status when the script could not be started: none that a shell or sysexits.h uses.
    static let failureStatus: Int32 = 217

    /// Exit status when somebody other than root can change the script, which was not to be.
    static let insecureStatus: Int32 = 218

    /// Exit statuses for a program that is not there, and for one that cannot be executed: a shell's.
    static let missingStatus: Int32 = 127
    static let unfitStatus: Int32 = 126

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
    /// lead nowhere, so the status is all that is told. A program that cannot be executed at all is a failure
    /// like any other status; everything else is `failureStatus` and says nothing about what is checked.
    static func run(_ identity: ScriptIdentity, command: [String]) -> Int32 {
        guard let path = command.first, let group = identity.groups.first else { return failureStatus }
        do {
            // What only root can change stays as it is found until it runs, unless root changes it.
            if identity.rootsOwn, try ProgramPath.changeable(on: path) != nil { return insecureStatus }
        } catch {
            return status(ofFailedExecution: error.errno)
        }
        do {
            try Privileges.drop(
                to: UserAccount(name: "", user: identity.user, group: group, groups: identity.groups),
                keeping: [])
            // After the change of user, which would clear it. Who died before cannot be waited for.
            try Scheduling.dieWithParent(.kill)
            guard HostFacts.parentProcess == identity.parent else { return failureStatus }
        } catch {
            return failureStatus
        }
        // This program ignores it, and what is ignored stays so in the script: a pipe's writer would not end
        // with its reader.
        Signal.pipe.restoreDefault()
        do throws(SystemError) {
            try Program(path, Array(command.dropFirst()), environment: environment, directory: "/").execute()
        } catch {
            return status(ofFailedExecution: error.errno)
        }
    }

    /// What execve(2)'s error says: the program is missing, unfit, or this host could not do it now.
    static func status(ofFailedExecution errno: Errno) -> Int32 {
        switch errno.name {
        case "ENOENT", "ENOTDIR", "ELOOP", "ENAMETOOLONG": missingStatus
        case "EACCES", "EPERM", "ENOEXEC", "EISDIR": unfitStatus
        default: failureStatus
        }
    }
}
