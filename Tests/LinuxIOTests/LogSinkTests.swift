import CLinux
import LinuxIO
import Testing
import Timekeeping

@Suite struct LogSinkTests {
    private func line(_ text: String, _ destination: LogSink.Destination) -> String {
        let octets = LogSink.line(
            text, level: .warning, destination: destination, program: "holdfastd", process: 42,
            time: WallTime(nanoseconds: 1_709_210_096_789_000_000))
        return String(decoding: octets, as: UTF8.self)
    }

    @Test func `each destination has its own form`() {
        #expect(line("hello", .standardError) == "2024-02-29T12:34:56.789Z holdfastd[42]: hello\n")
        #expect(line("hello", .journal) == "<4>hello\n")
        // Facility daemon (3) and severity warning (4) make 28.
        #expect(line("hello", .syslog(path: "/dev/log", facility: 3)) == "<28>holdfastd[42]: hello")
    }

    @Test func `the journal's socket takes fields, and no line break makes one more`() {
        let octets = LogSink.line(
            "hello\nPRIORITY=0", level: .warning, destination: .journalSocket(path: "/x"),
            program: "holdfastd", process: 42, time: WallTime(nanoseconds: 0),
            [LogField("VRRP_INSTANCE", "VI_1"), LogField("REASON", "a\nb")])
        // `write` spells out what is in the text; here are only the fields' own.
        let lines = String(decoding: octets, as: UTF8.self).split(separator: "\n")
        #expect(
            lines.suffix(4) == [
                "PRIORITY=4", "SYSLOG_IDENTIFIER=holdfastd", "VRRP_INSTANCE=VI_1", "REASON=a\\x0ab",
            ])
    }

    @Test func `the journal gets entries, and standard error lines while it does not listen`() async {
        await #expect(processExitsWith: .exitCode(42)) {
            let directory = try TemporaryDirectory()
            let path = directory.file("journal")
            let pipe = try Pipe()
            redirectStandardError(to: pipe.writingDescriptor)
            let sink = LogSink(program: "test", destinations: [.journalSocket(path: path)])
            sink.write(.notice, "first", [LogField("A", "b")])
            guard try pipe.read(limit: 100) == .octets(Array("<5>first\n".utf8)) else { exitProcess(1) }
            guard let journal = listenForDatagrams(path) else { exitProcess(2) }
            sink.write(.notice, "second\n2", [LogField("A", "b")])
            let entry = "MESSAGE=second\\x0a2\nPRIORITY=5\nSYSLOG_IDENTIFIER=test\nA=b\n"
            guard try journal.read(limit: 200) == .octets(Array(entry.utf8)) else { exitProcess(3) }
            guard sink.lostLines == 0, case .wouldBlock = try pipe.read(limit: 100) else { exitProcess(4) }
            exitProcess(42)
        }
    }

    @Test func `facilities have keepalived's words`() {
        let known = ["0", "7", "local3", "user", "daemon"].map(LogSink.Destination.facility)
        #expect(known == [16, 23, 19, 1, 3])
        for word in ["8", "local8", "local", "", "mail", "+1", "local+"] {
            #expect(LogSink.Destination.facility(word) == nil)
        }
    }

    @Test func `a file is added to, and one that cannot be opened loses lines`() throws {
        let path = "/tmp/holdfast-log-\(HostFacts.process)-\(UInt64.random(in: 0 ... .max))"
        defer { try? Files.remove(path) }
        try Files.append(Array("before\n".utf8), to: path)
        let sink = LogSink(program: "test", destinations: [.file(path: path)])
        sink.write(.notice, "one")
        sink.write(.notice, "two")
        let text = String(decoding: try Files.read(path, limit: 1000), as: UTF8.self)
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines.count == 3 && lines[0] == "before", "\(text)")
        #expect(lines[1].hasSuffix("Z test[\(HostFacts.process)]: one") && lines[2].hasSuffix(": two"))
        #expect(sink.lostLines == 0 && sink.refusal == nil)
        let closed = LogSink(program: "test", destinations: [.file(path: path + "/none")])
        closed.write(.notice, "nowhere")
        #expect(closed.lostLines == 1 && closed.refusal != nil)
    }

    @Test func `severities are syslog's, the worst first`() {
        #expect(LogLevel.allCases.map(\.rawValue) == [2, 3, 4, 5, 6, 7])
        #expect(LogLevel.error < .warning)
    }

    @Test func `control characters are spelled out and text is kept`() {
        #expect(LogSink.cleaned("a\nb\u{1B}[31m\u{7F}\u{9B}é") == "a\\x0ab\\x1b[31m\\x7f\\x9bé")
    }

    @Test func `a long line is cut and still a line`() {
        let text = line(String(repeating: "x", count: 10_000), .standardError)
        #expect(text.utf8.count == LogSink.lineLimit && text.hasSuffix("x\n"))
    }

    @Test func `standard error takes lines and a full pipe loses them`() async {
        await #expect(processExitsWith: .exitCode(42)) {
            let pipe = try Pipe()
            redirectStandardError(to: pipe.writingDescriptor)
            let sink = LogSink(program: "test", destinations: [.journal])
            sink.write(.info, "first")
            guard try pipe.read(limit: 100) == .octets(Array("<6>first\n".utf8)) else { exitProcess(1) }
            let start = Clock.now()
            for _ in 0..<1000 { sink.write(.info, String(repeating: "y", count: 1000)) }
            guard sink.lostLines > 0, Clock.now() - start < .seconds(60) else { exitProcess(2) }
            while case .octets = try pipe.read(limit: 1 << 20) {}
            let lost = sink.lostLines
            sink.write(.info, "after")
            let expected = "<6>after (\(lost) lines before this one were lost)\n"
            guard try pipe.read(limit: 100) == .octets(Array(expected.utf8)), sink.lostLines == 0 else {
                exitProcess(3)
            }
            exitProcess(42)
        }
    }

    /// A role's line finds room, and another role takes it: only the kernel can say no in time.
    @Test(.timeLimit(.minutes(1)))
    func `a pipe with room for less than the line is not waited for`() throws {
        let pipe = try Pipe()
        let descriptor = pipe.writingDescriptor.rawValue
        let block = [UInt8](repeating: 120, count: 4096)
        while unsafe hf_write_now(descriptor, block, block.count) == block.count {}
        #expect(try pipe.read(limit: 4096) == .octets(block))
        let more = block + block
        #expect(unsafe hf_write_now(descriptor, more, more.count) == 4096)
        #expect(unsafe hf_write_now(descriptor, more, more.count) == -11)
    }

    @Test func `syslog lines are datagrams, and a new daemon is found again`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("log")
        let sink = LogSink(program: "test", destinations: [.syslog(path: path, facility: 3)])
        sink.write(.error, "nobody listens")
        #expect(sink.lostLines == 1)
        do {
            let daemon = try #require(listenForDatagrams(path))
            sink.write(.error, "hello")
            let seen = try daemon.read(limit: 200)
            #expect(
                seen
                    == .octets(
                        Array(
                            "<27>test[\(HostFacts.process)]: hello (1 lines before this one were lost)".utf8))
            )
        }
        try Files.remove(path)
        let daemon = try #require(listenForDatagrams(path))
        sink.write(.info, "again")
        #expect(try daemon.read(limit: 200) == .octets(Array("<30>test[\(HostFacts.process)]: again".utf8)))
        #expect(sink.lostLines == 0)
    }
}
