import FoundationEssentials
import LinuxIO
import Testing
import Timekeeping

@Suite(.serialized, .enabled(if: hasIPVS && fullMatrix)) struct SoakRunTests {
    @Test func `minutes of faults break no promise, and leave nothing behind`() throws {
        let before = Tool.namespaces
        let words = ["lab", "soak", "--place", "native", "--minutes", "4", "--seed", "1"]
        let end = try Tool.run(words, timeout: .seconds(1200))
        #expect(end.status == .exited(0), "\(end.output.text)\(end.error.text)")
        #expect(Tool.namespaces == before)
    }

    @Test func `a daemon that cannot start is told, and nothing is left behind`() throws {
        let before = Tool.namespaces
        let end = try Tool.run(["lab", "soak", "--place", "native", "--daemon", "/bin/false"])
        #expect(end.status == .exited(2), "\(end.output.text)\(end.error.text)")
        #expect(end.error.text.contains("ended unexpectedly (exit status 1)"), "\(end.error.text)")
        #expect(Tool.namespaces == before)
    }
}
