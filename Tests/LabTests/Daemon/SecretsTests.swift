import LinuxIO
import Testing
import Timekeeping

/// Whatever the daemon writes or answers, what it was trusted with is not in it.
@Suite(.serialized, .enabled(if: mayMakeNamespaces, "needs root")) struct SecretsTests {
    /// One longer than the 8 octets that count, so that a finding speaks of it, and told as much as possible.
    private static func text(_ password: String, type: String) -> String {
        let block = "authentication {\n        auth_type \(type)\n        auth_pass \(password)\n    }"
        return DirectorBench.instance(150).replacing("advert_int 1", with: "advert_int 1\n    \(block)")
    }

    /// What the daemon writes at its signals.
    private func dumps(_ bench: DirectorBench, of director: ChildProcess) throws -> [String] {
        let names = ["keepalived.data", "keepalived.stats", "keepalived.json"]
        for signal in [Signal.user1, .user2, .realTime2] { director.send(signal) }
        return try names.map { name in
            let path = "\(bench.directory)/\(name)"
            #expect(Tools.wait(.seconds(40)) { Files.exists(path) } != nil, "\(name)")
            return String(decoding: try Files.read(path, limit: 1 << 20), as: UTF8.self)
        }
    }

    /// Where they are to be.
    private static func places(_ bench: DirectorBench) -> String {
        let lines = ["state", "stats", "json"].map { "    \($0)_dump_file \(bench.directory)/\n" }
        return "global_defs {\n\(lines.joined())}\n"
    }

    @Test(arguments: ["PASS", "AH"])
    func `a password is in no log, and in nothing that the daemon tells`(type: String) throws {
        let bench = try DirectorBench()
        let flags = ["-P"]
        let places = Self.places(bench)
        let director = try bench.start(
            "a", on: bench.a, places + Self.text("zebrafish", type: type), flags: flags)
        // Of another password: each refuses what the other says, and tells of it.
        let other = Self.text("quokkas", type: type).replacing("priority 150", with: "priority 100")
        _ = try bench.start("b", on: bench.b, other, flags: flags)
        #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
        #expect(bench.waitForLog("a", "wrong password"), "\(bench.log("a"))")
        // Reloads: another one, and one that is refused for a mistake right there.
        _ = try bench.write("a", places + Self.text("zebrafi2", type: type))
        let done = try bench.holdfast(bench.a, "reload", "--wait")
        #expect(done.status == .exited(0), "\(done.error.text)")
        let wrong = Self.text("zebrafi3 zebrafi4", type: type).replacing("auth_type", with: "auth_typ")
        let path = try bench.write("a", wrong)
        let refused = try bench.holdfast(bench.a, "reload", "--wait")
        #expect(refused.status == .exited(1), "\(refused.error.text)")
        var told = [refused.output.text, refused.error.text]
        // Another one again, which plan tells of; and the key's, which opens the checks' certificate.
        let tls = "SSL {\n    password zebrafi5\n    key /nonexistent\n    certificate /nonexistent\n}\n"
        let planned = "\(bench.directory)/planned.conf"
        try Files.replace(planned, with: Array((tls + Self.text("zebrafi6", type: type)).utf8))
        told += try dumps(bench, of: director)
        for arguments in [
            ["status"], ["status", "--json"], ["events"], ["metrics"], ["why", "VI_1"], ["version"],
            ["check", "--format", "short", path], ["check", "--format", "json", path], ["dump", path],
            ["plan"], ["plan", "--json", planned], ["plan", planned], ["doctor"],
            ["doctor", "--json", planned],
            ["why", "VI_1", "--json"], ["events", "--json"],
        ] {
            let answer = try bench.holdfast(bench.a, arguments)
            told += [answer.output.text, answer.error.text]
        }
        director.send(.terminate)
        #expect(bench.end(director) == .exited(0))
        told += [bench.log("a"), bench.log("b")]
        #expect(told.joined().contains("VI_1"))
        for word in ["zebraf", "quokk"] {
            let leaks = told.filter { $0.contains(word) }
            #expect(leaks.isEmpty, "\(leaks)")
        }
    }
}
