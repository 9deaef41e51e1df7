import LinuxIO
import Testing

@testable import Director

@Suite struct BackgroundTests {
    private static func run(_ script: String) throws -> Int32 {
        try Background.run(
            Program("/bin/sh", ["-c", script], environment: ExecRole.environment), showsErrors: false,
            signals: SignalSource([]))
    }

    @Test func `the daemon is started as with -n, with the arguments that were given`() {
        let program = Background.program(["-P", "-f", "a.conf"], environment: ["A": "b"])
        #expect(program.path == HostFacts.ownExecutable)
        #expect(program.arguments == ["holdfastd", "--dont-fork", "--tell-starter", "-P", "-f", "a.conf"])
        #expect(program.environment == ["A": "b"])
        guard case .run(let options) = Invocation(arguments: Array(program.arguments.dropFirst())) else {
            Issue.record("that is no daemon")
            return
        }
        #expect(options.staysInForeground && options.tellsStarter && options.vrrpOnly)
    }

    // In a process of its own: what goes on in the background is nobody's to reap until its parent has ended.
    @Test func `the start is over when the daemon says that it is ready, not when it ends`() async {
        await #expect(processExitsWith: .exitCode(3)) {
            let isReady = try BackgroundTests.run("printf 1 >&\(Inheritance.starter); exec sleep 2") == 0
            ProcessExit.now(isReady ? 3 : 4)
        }
    }

    @Test func `a daemon that ends before it is ready has failed, whatever it closes`() throws {
        #expect(try Self.run("exec \(Inheritance.starter)>&-; exit 6") == 6)
        #expect(try Self.run("exit 2") == 2)
        #expect(try Self.run("kill -9 $$") == Entry.Status.fatal)
    }

    @Test func `it leads a session of its own`() throws {
        #expect(try Self.run("[ \"$(cut -d' ' -f6 /proc/self/stat)\" = $$ ]; exit $?") == 0)
    }
}
