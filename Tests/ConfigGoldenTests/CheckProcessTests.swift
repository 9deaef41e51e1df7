import Foundation
import Testing

/// `holdfast check`, `fmt` and `dump` as people run them: what they print, and their exit status.
@Suite struct CheckProcessTests {
    /// Runs the program that was built together with these tests.
    private func check(_ arguments: [String]) throws -> BuiltProgram.Outcome {
        try run(["check"] + arguments)
    }

    private func run(_ arguments: [String]) throws -> BuiltProgram.Outcome {
        try BuiltProgram.run("holdfast", arguments)
    }

    /// The path of a new file with the configuration of that golden.
    private func file(_ golden: String) throws -> String {
        let found = try #require(Golden.all.first { $0.name == golden })
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).conf")
        try Data(found.files["/etc/test.conf"] ?? []).write(to: path)
        return path.path
    }

    @Test func `five mistakes are five findings that say what to write, and status 1`() throws {
        let path = try file("bad-several-five")
        defer { try? FileManager.default.removeItem(atPath: path) }
        let short = try check(["--format", "short", path])
        #expect(short.status == 1)
        #expect(short.output.split(separator: "\n").count == 5)
        #expect(short.output.split(separator: "\n").allSatisfy { $0.hasPrefix(path + ":") })
        let long = try check([path])
        #expect(long.status == 1 && long.error.isEmpty)
        let findings = long.output.components(separatedBy: "\n\n").dropLast()
        #expect(findings.count == 5)
        for finding in findings {
            #expect(finding.contains("= help: ") || finding.contains("did you mean"), "\(finding)")
        }
        #expect(long.output.contains("\n5 errors, 0 warnings in 1 file\n"))
        #expect(long.output.components(separatedBy: "(file check)").count == 6)
    }

    @Test func `a good file gives nothing and 0, a warning 0, or 1 where it is asked for`() throws {
        let good = try file("good-dr-pair")
        let warned = try file("good-warned-owner")
        defer { for path in [good, warned] { try? FileManager.default.removeItem(atPath: path) } }
        let quiet = try check(["--strict", good])
        #expect(quiet.status == 0 && quiet.output.isEmpty && quiet.error.isEmpty)
        #expect(try check([warned]).status == 0)
        #expect(try check(["--strict", warned]).status == 1)
        #expect(try check([good, warned, "--strict"]).status == 1)
    }

    @Test func `two directors may have one file, each with lines of its own`() throws {
        let path = try file("good-one-file-for-two")
        defer { try? FileManager.default.removeItem(atPath: path) }
        func found(_ options: [String]) throws -> String {
            try check(["--format", "short", "-i", "lvs-a", path] + options).output
        }
        #expect(try found(["--peer-config-id", "lvs-b"]).isEmpty)
        #expect(try found(["--peer", path]).contains("[W602]"))
        #expect(try found(["--peer", path, "--peer-config-id", "lvs-c"]).contains("[W602]"))
    }

    @Test func `a missing file is 66, wrong usage 64`() throws {
        let good = try file("good-dr-pair")
        defer { try? FileManager.default.removeItem(atPath: good) }
        #expect(try check(["/nowhere/x.conf"]).status == 66)
        #expect(try check([good, "--peer", "/nowhere/x.conf"]).status == 66)
        #expect(try check([]).status == 64)
        #expect(try check([good, "--format", "prose"]).status == 64)
        #expect(try check(["--nonsense", good]).status == 64)
    }

    @Test(arguments: ["check", "fmt", "dump"])
    func `a missing file is 66 for whatever reads one, a refused one 1`(command: String) throws {
        let missing = try run([command, "/nowhere/x.conf"])
        #expect(missing.status == 66)
        #expect((missing.output + missing.error).contains("/nowhere/x.conf"))
        let bad = try file("bad-unterminated-string")
        defer { try? FileManager.default.removeItem(atPath: bad) }
        #expect(try run([command, bad]).status == 1)
    }

    @Test func `what is no text is one finding`() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).conf")
        defer { try? FileManager.default.removeItem(at: path) }
        let octets: [UInt8] =
            Array("! binary junk\n".utf8) + [0, 1, 2] + Array("vrrp_instance".utf8) + [0xFF]
        try Data(octets).write(to: path)
        let outcome = try check(["--format", "short", path.path])
        #expect(outcome.status == 1)
        #expect(outcome.output == "\(path.path):2:1: error: \(path.path) is not a text file [E003]\n")
        #expect(try run(["fmt", path.path]).status == 1)
    }

    @Test func `a directory is no configuration`() throws {
        let outcome = try check([FileManager.default.temporaryDirectory.path])
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("E001"))
    }

    @Test func `the host is looked at where it is asked for`() throws {
        let path = try file("bad-host-missing-interface")
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(try check([path]).status == 0)
        let outcome = try check(["--host", path])
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("error[E701]") && outcome.output.contains("(host check)"))
    }

    @Test func `a peer is compared`() throws {
        let path = try file("good-dr-pair")
        defer { try? FileManager.default.removeItem(atPath: path) }
        let outcome = try check([path, "--peer", path])
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("warning[W602]") && outcome.output.contains("(pair check)"))
    }
}
