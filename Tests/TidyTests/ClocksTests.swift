import Testing

struct ClocksTests {
    private func reasons(_ text: String, at path: String) -> [String] {
        Clocks.violations(in: TextFile(path: path, text: text)).map(\.reason)
    }

    @Test func `each clock is read under its own name alone`() {
        let sources = Repository.files.filter { $0.path.hasPrefix("Sources/") }
        let violations = sources.flatMap(Clocks.violations)
        #expect(violations.isEmpty, "\n\(violations.report)")
        for reading in Clocks.readings {
            func readers(_ text: String) -> [String] {
                sources.filter { $0.lines.contains { $0.contains(text) } }.map(\.path)
            }
            #expect(readers("\(reading.function)(void) { return nanoseconds(\(reading.clock)); }").count == 1)
            #expect(readers("\(reading.function)()") == ["Sources/LinuxIO/Clock.swift"])
        }
    }

    @Test(arguments: [
        ("int64_t hf_clock_boottime(void) { return nanoseconds(CLOCK_BOOTTIME); }", 0),
        ("int64_t hf_clock_boottime(void) { return nanoseconds(CLOCK_MONOTONIC); }", 1),
        ("    clock_gettime(CLOCK_REALTIME, &now);", 1), ("    // as CLOCK_MONOTONIC", 0),
        ("    int fd = timerfd_create(CLOCK_REALTIME, 0);", 0),
    ])
    func `a clock under another's name is found in C`(line: String, count: Int) {
        #expect(reasons("\n\(line)\n", at: "Sources/CLinux/x.c").count == count)
        #expect(reasons(line, at: "Sources/CLinux/README.md").isEmpty)
    }

    @Test(arguments: [
        ("func now() -> Instant { Instant(nanoseconds: hf_clock_boottime()) }", 0),
        ("func now() -> Instant { Instant(nanoseconds: hf_clock_monotonic()) }", 1),
        ("let start = hf_clock_boottime()", 1), ("// hf_clock_realtime() steps", 0),
    ])
    func `and in Swift`(line: String, count: Int) {
        #expect(reasons(line, at: "Sources/LinuxIO/Clock.swift").count == count)
    }
}
