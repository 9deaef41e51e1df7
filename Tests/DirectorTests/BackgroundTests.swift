import LinuxIO
import Testing

@testable import Director

@Suite struct BackgroundTests {
    private func run(_ script: String) throws -> Int32 {
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

    @Test func `the start is over when the daemon says that it is ready, not when it ends`() throws {
        #expect(try run("printf 1 >&\(Inheritance.starter); exec sleep 2") == 0)
    }

    @Test func `a daemon that ends before it is ready has failed, whatever it closes`() throws {
        #expect(try run("exec \(Inheritance.starter)>&-; exit 6") == 6)
        #expect(try run("exit 2") == 2)
        #expect(try run("kill -9 $$") == Entry.Status.fatal)
    }

    @Test func `it leads a session of its own`() throws {
        #expect(try run("[ \"$(cut -d' ' -f6 /proc/self/stat)\" = $$ ]; exit $?") == 0)
    }
}
