import LinuxIO
import Testing
import Timekeeping

@Suite struct ProgramRunTests {
    @Test func `input goes in, output and errors come out apart`() throws {
        let completion = try Program("/bin/sh", ["-c", "cat; echo oops >&2; exit 3"])
            .run(input: Array("hello".utf8), timeout: .seconds(60))
        #expect(completion.status == .exited(3))
        #expect(completion.output.text == "hello")
        #expect(completion.error.text == "oops\n")
        #expect(!completion.timedOut)
    }

    @Test func `more input and output than a pipe holds pass`() throws {
        let input = (0..<400_000).map { UInt8(truncatingIfNeeded: $0) }
        let completion = try Program("/bin/cat").run(input: input, timeout: .seconds(30))
        #expect(completion.output.octets == input)
    }

    @Test func `output above the limit is dropped and counted`() throws {
        let completion = try Program(
            "/bin/sh", ["-c", "head -c 100000 /dev/zero"], environment: ["PATH": "/bin:/usr/bin"]
        )
        .run(outputLimit: 1000, timeout: .seconds(60))
        #expect(completion.output.octets.count == 1000)
        #expect(completion.output.dropped == 99_000)
    }

    @Test func `what a program took is told`() throws {
        let little = try Program("/bin/true").run(timeout: .seconds(10)).usage
        let much = try Program("/bin/dd", ["if=/dev/zero", "of=/dev/null", "bs=64M", "count=4"])
            .run(timeout: .seconds(30)).usage
        #expect(little.peakMemory > 0)
        #expect(much.peakMemory > 60 << 20)
        #expect(much.processorTime > little.processorTime)
    }

    @Test func `a program that reads no input is no error`() throws {
        let completion = try Program("/bin/true")
            .run(input: [UInt8](repeating: 0, count: 1 << 20), timeout: .seconds(60))
        #expect(completion.status.isSuccess)
    }

    @Test func `the time limit kills the whole group`() throws {
        let start = Clock.now()
        let completion = try Program("/bin/sh", ["-c", "sleep 60 & sleep 60"]).run(
            timeout: .milliseconds(100))
        #expect(completion.timedOut)
        #expect(completion.status == .signalled(9))
        #expect(Clock.now() - start < .seconds(30))
    }

    @Test func `a stray grandchild does not make us wait`() throws {
        let start = Clock.now()
        let completion = try Program("/bin/sh", ["-c", "sleep 60 & echo done"]).run(timeout: .seconds(50))
        #expect(completion.output.text == "done\n")
        #expect(Clock.now() - start < .seconds(30))
    }
}
