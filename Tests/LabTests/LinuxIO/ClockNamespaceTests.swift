import Lab
import LinuxIO
import NetTypes
import Testing
import Timekeeping

/// Which of the kernel's clocks decides. In a time namespace each clock has an offset of its own, as after a
/// suspend; the calendar has none.
@Suite(.enabled(if: mayMakeNamespaces, "needs root")) struct ClockNamespaceTests {
    @Test func `what decides is the clock that counts the time of a suspended machine`() throws {
        let (boot, monotonic) = (Int64(1_000_000), Int64(5_000_000))
        let settings = ProbeSettings(
            target: Endpoint(.v4(IPv4Address(127, 0, 0, 1)), port: 9), interval: .milliseconds(50),
            connections: 0, timeout: .seconds(1))
        let words =
            ["--time", "--fork", "--boottime", "\(boot)", "--monotonic", "\(monotonic)", Tools.holdfast]
            + ["lab-agent"] + AgentCommand.probe(settings).arguments
        let before = Clock.now()
        // It ends with its input, which lasts until it has said something.
        let script = """
            out=$(mktemp)
            { n=0; while [ ! -s "$out" ] && [ $n -lt 500 ]; do sleep 0.1; n=$((n + 1)); done; } \
                | /usr/bin/unshare "$@" >"$out"
            cat "$out"
            rm "$out"
            """
        let completion = try Program(
            "/bin/sh", ["-c", script, "sh"] + words,
            environment: Tools.environment
        ).run(timeout: .seconds(60))
        let starts = completion.output.text.split(separator: "\n").compactMap { line -> Instant? in
            if case .probe(let start, _, _, _)? = Sighting(line: line) { start } else { nil }
        }
        let offset = try #require(starts.first, "\(completion.error.text)") - before
        #expect(offset >= .seconds(boot) && offset < .seconds(boot + 60), "\(offset)")
    }
}
