import LinuxIO
import Testing

@testable import Director

@Suite struct ExecRoleTests {
    @Test func `a script is started through this binary with nothing of ours`() throws {
        let account = UserAccount(name: "x", user: 7, group: 8, groups: [9, 8])
        let program = ExecRole.program(["/bin/check", "-a", "b c"], as: account, rootsOwn: false, parent: 3)
        #expect(program.path == HostFacts.ownExecutable)
        #expect(
            program.arguments == [
                "holdfastd", "--role", "exec", "--user", "7", "--groups", "8,9", "--parent", "3", "--",
                "/bin/check", "-a", "b c",
            ])
        let path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        #expect(program.environment == ["PATH": path, "LC_ALL": "C"])
        #expect(program.directory == "/")
        let read = Invocation(arguments: Array(program.arguments.dropFirst()))
        let identity = try #require(ScriptIdentity(user: "7", groups: "8,9", parent: "3"))
        #expect(read == .exec(identity, command: ["/bin/check", "-a", "b c"]))
    }

    @Test func `what only root may change is asked for before the program`() throws {
        let account = UserAccount(name: "x", user: 7, group: 8)
        let program = ExecRole.program(["/bin/check", "--roots-own"], as: account, rootsOwn: true, parent: 3)
        let identity = try #require(ScriptIdentity(user: "7", groups: "8", parent: "3", rootsOwn: true))
        let read = Invocation(arguments: Array(program.arguments.dropFirst()))
        #expect(read == .exec(identity, command: ["/bin/check", "--roots-own"]))
        #expect(!(ScriptIdentity(user: "7", groups: "8", parent: "3")?.rootsOwn ?? true))
    }

    @Test func `a script that others can change is not run, nor one that is not there`() throws {
        let scratch = try ScratchDirectory()
        try Files.replace("\(scratch.path)/x", with: Array("#!/bin/sh\n".utf8), mode: 0o777)
        let identity = try #require(
            ScriptIdentity(user: "65534", groups: "65534", parent: "1", rootsOwn: true))
        #expect(ExecRole.run(identity, command: ["\(scratch.path)/x"]) == ExecRole.insecureStatus)
        #expect(ExecRole.run(identity, command: ["/none/x"]) == ExecRole.missingStatus)
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

    @Test func `an empty command is a failure to start`() throws {
        let identity = try #require(ScriptIdentity(user: "65534", groups: "65534", parent: "1"))
        #expect(ExecRole.run(identity, command: []) == ExecRole.failureStatus)
    }
}
