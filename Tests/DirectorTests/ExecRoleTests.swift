import LinuxIO
import Testing

@testable import Director

@Suite struct ExecRoleTests {
    @Test func `a script is started through this binary with nothing of ours`() {
        let program = ExecRole.program(["/bin/check", "-a", "b c"], user: "nobody")
        #expect(program.path == HostFacts.ownExecutable)
        #expect(
            program.arguments
                == ["holdfastd", "--role", "exec", "--user", "nobody", "--", "/bin/check", "-a", "b c"])
        #expect(program.environment == ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"])
        #expect(program.directory == "/")
        let read = Invocation(arguments: Array(program.arguments.dropFirst()))
        #expect(read == .exec(user: "nobody", command: ["/bin/check", "-a", "b c"]))
    }

    @Test func `the configured user goes before the default one`() throws {
        #expect(ExecRole.defaultUser(configured: "www-data") == "www-data")
        let expected = try UserAccount.find("keepalived_script") == nil ? "nobody" : "keepalived_script"
        #expect(ExecRole.defaultUser(configured: nil) == expected)
    }

    @Test(
        arguments: [
            (2, 127), (20, 127), (40, 127), (36, 127), (13, 126), (1, 126), (8, 126), (21, 126), (11, 217),
            (12, 217),
            (26, 217),
        ] as [(CInt, Int32)])
    func `a program that cannot be executed at all is a failed check, a busy host is not`(
        number: CInt, status: Int32
    ) {
        #expect(ExecRole.status(ofFailedExecution: Errno(rawValue: number)) == status)
    }

    @Test func `an unknown user or an empty command is a failure to start`() {
        #expect(ExecRole.run(user: "no-such-user-here", command: ["/bin/true"]) == ExecRole.failureStatus)
        #expect(ExecRole.run(user: "nobody", command: []) == ExecRole.failureStatus)
    }
}
