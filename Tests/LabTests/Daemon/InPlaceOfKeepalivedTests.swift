import LinuxIO
import Testing
import Timekeeping

/// The daemon, started by a link with keepalived's name.
@Suite(.serialized, .enabled(if: mayMakeNamespaces, "needs root")) struct InPlaceOfKeepalivedTests {
    private func link(_ bench: DirectorBench) throws -> String {
        let path = "\(bench.directory)/keepalived"
        let target = try Program("/bin/realpath", [Tools.holdfastd]).run(timeout: .seconds(10)).output.text
        _ = try Program("/bin/ln", ["-s", target.filter { $0 != "\n" }, path]).run(timeout: .seconds(10))
        return path
    }

    @Test func `tools that test files and look for a version find what they look for`() throws {
        let bench = try DirectorBench()
        let keepalived = try link(bench)
        func run(_ arguments: String...) throws -> Completion {
            try Program(keepalived, arguments, environment: Tools.environment).run(timeout: .seconds(10))
        }
        let version = try run("--version")
        #expect(version.status == .exited(0) && version.output.text.isEmpty)
        #expect(version.error.text.hasPrefix("Keepalived v2."), "\(version.error.text)")
        let good = try bench.write("good", "global_defs {\n    router_id a\n}\n")
        let bad = try bench.write("bad", "global_defs {\n    router_idd a\n}\n")
        for arguments in [["--config-test", "-f"], ["-l", "-t", "-f"], ["-tlog", "-f"]] {
            let words = arguments.map { $0 == "-tlog" ? "--config-test=\(bench.directory)/log" : $0 }
            let status = try [good, bad].map { file in
                try Program(keepalived, words + [file], environment: Tools.environment)
                    .run(timeout: .seconds(10)).status
            }
            #expect(status == [.exited(0), .exited(4)], "\(words)")
        }
        let log = String(decoding: try Files.read("\(bench.directory)/log", limit: 1 << 16), as: UTF8.self)
        #expect(log.contains("router_idd"), "\(log)")
    }

    @Test func `the daemon is a process of that name, also in the background`() throws {
        let bench = try DirectorBench()
        let file = try bench.write("a", DirectorBench.instance(150))
        let pidFile = "\(bench.directory)/a.pid"
        let start = try Program(
            Tools.ipPath, ["netns", "exec", bench.a.name, try link(bench), "-P", "-f", file, "-p", pidFile],
            environment: Tools.environment
        ).run(timeout: .seconds(30))
        #expect(start.status == .exited(0), "\(start.error.text)")
        let pid = try #require(
            Int32(String(decoding: try Files.read(pidFile, limit: 64), as: UTF8.self).filter(\.isNumber)))
        defer { try? Signal.terminate.send(to: pid) }
        let name = String(decoding: try Files.read("/proc/\(pid)/comm", limit: 64), as: UTF8.self)
        #expect(name == "keepalived\n")
        #expect(try bench.waitForAddress(bench.a))
        try Signal.terminate.send(to: pid)
        #expect(Tools.wait(.seconds(10)) { !Files.exists("/proc/\(pid)") } != nil)
    }
}
