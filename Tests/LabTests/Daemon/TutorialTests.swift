import FoundationEssentials
import LinuxIO
import Testing
import Timekeeping

/// What the pages say of a running pair, on the pair of docs/tutorial.md: its two files, its addresses, and
/// every block of commands that is marked `sh on-a` or `sh on-b`, on that director.
@Suite(.serialized, .enabled(if: hasIPVS, "needs root and a kernel with IPVS")) struct TutorialTests {
    private struct Block {
        let mark: String
        let text: String
    }

    /// The fenced blocks of a page, by the words behind the fence.
    private func blocks(of page: String) throws -> [Block] {
        let octets = try Files.read(repositoryFile(page), limit: 1 << 20)
        let parts = String(decoding: octets, as: UTF8.self).split(
            separator: "```", omittingEmptySubsequences: false)
        return parts.enumerated().filter { $0.offset % 2 == 1 }.map { _, part in
            let lines = part.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
            return Block(mark: String(lines[0]), text: String(lines.last ?? ""))
        }
    }

    /// Runs a block on a director, whose file is the bench's; what it printed.
    private func run(
        _ block: Block, _ bench: DirectorBench, on host: Segment.Host, file: String
    ) throws -> String {
        let tool = Tools.holdfast
        let here = tool.hasPrefix("/") ? "" : FileManager.default.currentDirectoryPath + "/"
        let folder = here + String(tool[..<(tool.lastIndex(of: "/") ?? tool.endIndex)])
        let text = block.text.replacing(
            "/etc/holdfast/holdfast.conf", with: "\(bench.directory)/\(file).conf")
        let outcome = try host.run(
            "/bin/bash", "-euo", "pipefail", "-c", "PATH=\(folder):$PATH\n\(text)", timeout: .seconds(60))
        #expect(
            outcome.status.isSuccess,
            "\(text)\(outcome.output.text)\(outcome.error.text)\n\(bench.log("a"))\n\(bench.log("b"))")
        return outcome.output.text
    }

    private func start(_ name: String, _ bench: DirectorBench, _ text: String) throws -> ChildProcess {
        try bench.start(name, on: name == "a" ? bench.a : bench.b, text)
    }

    private func isWell(_ bench: DirectorBench, _ host: Segment.Host) throws -> Bool {
        try Tools.wait(.seconds(60)) { try bench.holdfast(host, "status").status.isSuccess } != nil
    }

    @Test func `what the pages say of a running pair is so`() throws {
        let bench = try DirectorBench(withClient: true)
        let servers = try #require(bench.segment.client)
        for address in ["192.0.2.21", "192.0.2.22"] {
            try Tools.ip(["-n", servers.name, "address", "add", "\(address)/24", "dev", "br0"])
        }
        _ = try servers.start(
            "/usr/bin/socat", ["TCP4-LISTEN:80,fork,reuseaddr", "/dev/null"],
            log: "\(bench.directory)/servers.log")
        let tutorial = try blocks(of: "docs/tutorial.md")
        let text = try #require(tutorial.first { $0.mark == "conf director-a.conf" }).text
        var a = try start("a", bench, text)
        _ = try start("b", bench, text.replacing("priority 150", with: "priority 100"))
        // With a daemon that is not optimised, in a guest on a busy machine.
        #expect(try bench.waitForAddress(bench.a, true, .seconds(90)), "\(bench.log("a"))")
        #expect(try isWell(bench, bench.a) && isWell(bench, bench.b), "\(bench.log("a"))")
        var count = 0
        for page in ["docs/tutorial.md", "README.md", "docs/control.md", "docs/troubleshooting.md"] {
            for block in try blocks(of: page) {
                switch block.mark {
                case "sh on-a":
                    _ = try run(block, bench, on: bench.a, file: "a")
                    count += 1
                case "sh on-b":
                    let output = try run(block, bench, on: bench.b, file: "b")
                    if a.exitStatus != nil, block.text.contains("ip address") {
                        #expect(output.contains("inet 192.0.2.100/24"))
                    }
                    count += 1
                case "sh by-hand" where block.text.contains("systemctl stop"):
                    a.send(.terminate)
                    #expect(bench.end(a) == .exited(0), "\(bench.log("a"))")
                    #expect(try bench.b.holds(DirectorBench.vip))
                default: continue
                }
            }
            guard a.exitStatus != nil else { continue }
            a = try start("a", bench, text)
            #expect(try bench.waitForAddress(bench.a, true, .seconds(90)), "\(bench.log("a"))")
            #expect(try isWell(bench, bench.a), "\(bench.log("a"))")
        }
        #expect(count >= 8)
    }
}
