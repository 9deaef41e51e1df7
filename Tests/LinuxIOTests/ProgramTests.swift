import LinuxIO
import Testing
import Timekeeping

@Suite struct ProgramTests {
    @Test func `the environment is exactly what was given`() throws {
        let completion = try Program("/usr/bin/env", environment: ["B": "2", "A": "1 x"]).run(
            timeout: .seconds(60))
        #expect(completion.output.text == "A=1 x\nB=2\n")
    }

    @Test func `arguments and directory arrive untouched`() throws {
        let completion = try Program(
            "/bin/sh", ["-c", "pwd; echo \"$1\"", "sh", "a  $b `c`"], directory: "/usr"
        )
        .run(timeout: .seconds(60))
        #expect(completion.output.text == "/usr\na  $b `c`\n")
    }

    @Test func `execute replaces the process`() async {
        await #expect(processExitsWith: .exitCode(9)) {
            try Program("/bin/sh", ["-c", "exit $CODE"], environment: ["CODE": "9"]).execute()
        }
    }

    @Test func `executing what is not there throws`() {
        #expect(throws: SystemError("execute /nonexistent", .notFound)) {
            try Program("/nonexistent").execute()
        }
    }
}
