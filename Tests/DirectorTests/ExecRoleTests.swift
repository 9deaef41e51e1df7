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

    @Test func `an unknown user or an empty command is a failure to start`() {
        #expect(ExecRole.run(user: "no-such-user-here", command: ["/bin/true"]) == ExecRole.failureStatus)
        #expect(ExecRole.run(user: "nobody", command: []) == ExecRole.failureStatus)
    }
}
