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
        #expect(ExecRole.run(identity, command: ["\(scratch.path)/x"]) == .insecure)
        #expect(ExecRole.run(identity, command: ["/none/x"]) == .missing)
    }

    @Test(
        arguments: [
            (2, .missing), (20, .missing), (40, .missing), (36, .missing), (13, .unfit), (1, .unfit),
            (8, .unfit), (21, .unfit), (11, .failed), (12, .failed), (26, .failed),
        ] as [(CInt, ExecRole.Failure)])
    func `a program that cannot be executed at all is a failed check, a busy host is not`(
        number: CInt, failure: ExecRole.Failure
    ) {
        #expect(ExecRole.failure(ofExecution: Errno(rawValue: number)) == failure)
    }

    @Test func `what is told of a script that does not run is no exit status`() {
        for status in 0...255 as ClosedRange<Int32> {
            #expect(ExecRole.Failure(.exited(status)) == nil)
            #expect(ScriptOutcome(.exited(status), of: "x") == .status(status))
        }
        #expect(ScriptOutcome(.signalled(9), of: "x") == .signal(9))
        #expect(ScriptOutcome(.signalled(60), of: "x") == .unfit("program missing"))
        #expect(ScriptOutcome(.signalled(61), of: "x") == .unfit("program cannot be executed"))
        #expect(
            ScriptOutcome(.signalled(62), of: "x")
                == .unavailable("somebody other than root can change x"))
        #expect(ScriptOutcome(.signalled(63), of: "x") == .unavailable("x could not be started"))
    }

    @Test func `an empty command is a failure to start`() throws {
        let identity = try #require(ScriptIdentity(user: "65534", groups: "65534", parent: "1"))
        #expect(ExecRole.run(identity, command: []) == .failed)
    }
}
