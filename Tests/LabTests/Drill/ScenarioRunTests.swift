import FoundationEssentials
import LinuxIO
import Testing
import Timekeeping

@Suite(.serialized, .enabled(if: hasIPVS)) struct ScenarioRunTests {
    @Test func `a daemon that cannot start is told with its last words, and nothing is left`() throws {
        let before = Tool.namespaces
        let end = try Tool.run(["drill", "crash", "--place", "native", "--daemon", "/bin/false"])
        #expect(end.status == .exited(2))
        #expect(end.output.text.contains("ended unexpectedly (exit status 1)"), "\(end.output.text)")
        #expect(Tool.namespaces == before)
    }
}
