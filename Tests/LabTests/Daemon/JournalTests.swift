import ControlProtocol
import LinuxIO
import Testing
import Timekeeping

private let journald = "/lib/systemd/systemd-journald"
private let journal = "/run/systemd/journal/socket"
/// journald does not start without any, as in the lab's guest.
private let hasControlGroups: Bool = {
    let mounts = (try? Files.read("/proc/self/mounts", limit: 1 << 20)) ?? []
    return String(decoding: mounts, as: UTF8.self).contains(" cgroup2 ")
}()

/// What systemd's journal has of a director under it: a journal of the test's own, where none runs.
@Suite(
    .serialized,
    .enabled(
        if: mayMakeNamespaces && Files.exists(journald) && hasControlGroups && !Files.exists(journal),
        "needs root, control groups, and systemd's journald, which must not run already"))
struct JournalTests {
    /// The entries that `journalctl` finds with `matches`, oldest first.
    private func entries(_ matches: String...) throws -> [JSONValue] {
        let found = try Program(
            "/usr/bin/journalctl",
            ["--quiet", "--no-pager", "--output=json", "--directory=/run/log/journal"] + matches
        ).run(timeout: .seconds(60))
        return try found.output.text.split(separator: "\n").map { try JSONReader.read(String($0)) }
    }

    private func run(_ path: String, _ arguments: [String]) throws {
        let end = try Program(path, arguments).run(timeout: .seconds(60))
        #expect(end.status == .exited(0), "\(path) \(arguments)")
    }

    /// The text of our catalog, installed below `root`, for a kind of event.
    private func explain(_ identifier: String, in root: String) throws -> String {
        let catalog = "\(root)/usr/lib/systemd/catalog"
        try run("/bin/mkdir", ["-p", catalog, "\(root)/var/lib/systemd/catalog"])
        try run("/bin/cp", [repositoryFile("Systemd/holdfast.catalog"), catalog])
        try run("/usr/bin/journalctl", ["--root=\(root)", "--update-catalog"])
        return try Program("/usr/bin/journalctl", ["--root=\(root)", "--dump-catalog", identifier])
            .run(timeout: .seconds(60)).output.text
    }

    @Test func `what happens can be looked for by what it is about, and is explained`() throws {
        let bench = try DirectorBench()
        let directories = ["/run/systemd/journald.conf.d", "/run/systemd/journal", "/run/log/journal"]
        try run("/bin/mkdir", ["-p"] + directories)
        let settings = "[Journal]\nStorage=volatile\nReadKMsg=no\nAudit=no\nRuntimeMaxUse=16M\n"
        try Files.replace("/run/systemd/journald.conf.d/lab.conf", with: Array(settings.utf8), mode: 0o644)
        // Beside the namespaces: it wants to see the control groups, which are not mounted there.
        let service = try ChildProcess(
            Program(journald), ChildStreams(input: .null, output: .null, error: .null))
        defer { _ = bench.end(service) }
        let listens = try Tools.wait(.seconds(20)) {
            try Program("/usr/bin/systemd-cat", ["/bin/true"]).run(timeout: .seconds(60)).status == .exited(0)
        }
        #expect(listens != nil)

        // As the service manager does, which systemd-cat alone does not (systemd.exec(5)).
        let named = "JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/2) exec \"$@\""
        let director = try bench.a.start(
            "/usr/bin/systemd-cat",
            [
                "--identifier=other", "/bin/sh", "-c", named, "sh", Tools.holdfastd, "-n", "-l", "-D", "-f",
                try bench.write("a", DirectorBench.instance(150)), "-p", "\(bench.directory)/a.pid",
            ], log: "\(bench.directory)/a.log")
        #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
        let found = Tools.wait(.seconds(20)) {
            (try? entries("VRRP_INSTANCE=VI_1", "STATE_TO=MASTER"))?.isEmpty == false
        }
        #expect(found != nil, "\(bench.log("a"))")
        let entry = try #require(try entries("VRRP_INSTANCE=VI_1", "STATE_TO=MASTER").last)
        #expect(entry["MESSAGE_ID"]?.text == "213937deb5934ca682e38e8b74402b7a")
        #expect(entry["STATE_FROM"]?.text == "BACKUP")
        #expect(entry["VRID"]?.text == "51")
        #expect(entry["PRIORITY"]?.text == "5")
        #expect(entry["SYSLOG_IDENTIFIER"]?.text?.hasPrefix("holdfast") == true)
        #expect(entry["MESSAGE"]?.text?.contains("VI_1") == true)
        #expect(try entries("VRRP_INSTANCE=VI_2").isEmpty)
        let explanation = try explain(entry["MESSAGE_ID"]?.text ?? "", in: bench.directory)
        #expect(explanation.contains("holdfast why @VRRP_INSTANCE@"), "\(explanation)")

        director.send(.terminate)
        #expect(bench.end(director) == .exited(0))
        service.send(.terminate)
        #expect(bench.end(service) == .exited(0))
        try run("/bin/rm", ["-r"] + directories)
    }
}
