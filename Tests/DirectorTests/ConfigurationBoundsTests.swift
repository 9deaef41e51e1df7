import Foundation
import LinuxIO
import Testing
import Timekeeping

/// What files that are made to be too much take: a process reads each, so that its memory can be seen.
@Suite(.serialized) struct ConfigurationBoundsTests {
    private static let daemon: String? = {
        let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let path = own.map { ($0 as NSString).deletingLastPathComponent + "/holdfastd" }
        return path.flatMap { FileManager.default.isExecutableFile(atPath: $0) ? $0 : nil }
    }()

    /// What the process has without any file worth the name, in octets.
    private static let base = 24 << 20

    /// How reading `text` ends where no more than `memory` octets may be had: it would end by a signal then.
    /// What a child had resident cannot be asked instead: that counts what its parent had when it was made.
    private func read(_ text: String, memory: Int) throws -> Completion {
        let path = NSTemporaryDirectory() + "holdfast-bounds-\(UUID().uuidString).conf"
        try text.write(toFile: path, atomically: false, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let limited = "ulimit -d \(memory >> 10); exec \"$0\" -t -f \"$1\""
        let completion = try Program("/bin/sh", ["-c", limited, try #require(Self.daemon), path])
            .run(timeout: .seconds(120))
        #expect(!completion.timedOut)
        return completion
    }

    private static func doubling(_ line: (Int) -> String) -> String {
        (0..<30).map(line).joined() + "$A30=xxxxxxxxxxxx\na ${A0}\n$A0"
    }

    static let bombs: [(name: String, text: String)] = [
        ("blocks in blocks", String(repeating: "a {\n", count: 100_000)),
        ("braces that close nothing", String(repeating: "}\n", count: 200_000)),
        ("words without sense", String(repeating: "a\n", count: 200_000)),
        ("quotes that are not closed", String(repeating: "\"\n", count: 100_000)),
        ("comments in words", String(repeating: "a#b\n", count: 100_000)),
        ("one long line", String(repeating: "a", count: 4_000_000)),
        ("services without end", String(repeating: "virtual_server{}\n", count: 70_000)),
        (
            "servers without end",
            "virtual_server 192.0.2.1 80 {\n" + String(repeating: "real_server 192.0.2.2 {}\n", count: 40_000)
        ),
        ("a line that doubles", doubling { "$A\($0)=${A\($0 + 1)} ${A\($0 + 1)}\n" }),
        ("lines that double", doubling { "$A\($0)= \\\n$A\($0 + 1) \\\n$A\($0 + 1)\n" }),
        ("work that doubles", doubling { "$A\($0)=${A\($0 + 1)}${A\($0 + 1)}\n" }.replacing("xx", with: "")),
        ("a repetition", "~SEQ(I,2147483647) a\n"),
        (
            "a repetition of repetitions",
            "~SEQ(I,2147483647) ~SEQ(J,2147483647) virtual_server 192.0.2.1 $J {"
        ),
        ("definitions without end", (0..<70_000).map { "$A\($0)=1\n" }.joined()),
        ("names that nobody defined", (0..<50_000).map { "x ${A\($0)}\n" }.joined()),
        ("an include of itself", String(repeating: "include /proc/self/fd/../exe\n", count: 2000)),
        ("many names in one include", "include " + String(repeating: "{a,b}", count: 20)),
    ]

    @Test func `the limit is one`() throws {
        let text = "global_defs {\n}\n"
        #expect(try read(text, memory: Self.base).status == .exited(0))
        #expect(try read(text, memory: 1 << 20).status != .exited(0))
    }

    @Test func `no file takes more than its size and 64 MB`() throws {
        for (name, text) in Self.bombs {
            let completion = try read(text, memory: Self.base + text.utf8.count + (64 << 20))
            #expect(completion.status == .exited(4), "\(name)")
            // An optimised program takes less than a second; this one is not.
            #expect(completion.usage.processorTime < .seconds(20), "\(name)")
        }
    }
}
