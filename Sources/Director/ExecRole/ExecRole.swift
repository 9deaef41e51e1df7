import LinuxIO

/// The role that lives for a moment: it gives up everything, then becomes a script. posix_spawn cannot do
/// that, and fork without exec is never used.
enum ExecRole {
    /// Exit status when the script could not be started: none that a shell or sysexits.h uses.
    static let failureStatus: Int32 = 217

    /// Exit statuses for a program that is not there, and for one that cannot be executed: a shell's.
    static let missingStatus: Int32 = 127
    static let unfitStatus: Int32 = 126

    /// All that a script finds in its environment.
    static let environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"]

    /// How the supervisor starts it.
    static func program(_ command: [String], user: String) -> Program {
        var program = Program(
            HostFacts.ownExecutable, ["--role", "exec", "--user", user, "--"] + command,
            environment: environment,
            directory: "/")
        program.arguments[0] = "holdfastd"
        return program
    }

    /// Becomes `command` as `user`, without capabilities, groups beyond the user's, or a way to gain
    /// privileges. Returns only when that fails; the standard streams lead nowhere, so the status is all that
    /// is told. A program that cannot be executed at all is a failure like any other status; everything else
    /// is `failureStatus` and says nothing about what is checked.
    static func run(user: String, command: [String]) -> Int32 {
        guard let path = command.first else { return failureStatus }
        do {
            guard let account = try UserAccount.find(user) else { return failureStatus }
            try Privileges.drop(to: account, keeping: [])
        } catch {
            return failureStatus
        }
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

    /// Who runs a check's script: the user it names, else keepalived's `keepalived_script` where it exists,
    /// else nobody.
    static func defaultUser(configured: String?) -> String {
        if let configured { return configured }
        let known = try? UserAccount.find("keepalived_script")
        return known == .some(nil) || known == nil ? "nobody" : "keepalived_script"
    }
}
