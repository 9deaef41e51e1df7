import Foundation
import Testing

/// `make install` into a folder, from what was built together with these tests.
@Suite struct InstallTests {
    @Test func `everything is where its users look, and says where it is`() throws {
        let files = FileManager.default
        let root = files.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? files.removeItem(at: root) }
        let arguments = [
            "--silent", "install", "DESTDIR=\(root.path)", "PREFIX=/opt/lvs",
            "BUILT=\(try BuiltProgram.folder().path)",
        ]
        let made = try BuiltProgram.run(at: "/usr/bin/make", arguments, in: Golden.repository)
        try #require(made.status == 0, "\(made.error)")
        let prefix = root.appendingPathComponent("opt/lvs")
        func path(_ name: String) -> String { prefix.appendingPathComponent(name).path }
        func text(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }
        #expect(files.isExecutableFile(atPath: path("sbin/holdfastd")))
        let manual = try files.contentsOfDirectory(
            atPath: Golden.repository.appendingPathComponent("docs/man").path)
        for page in manual {
            let section = page.suffix(1)
            #expect(files.fileExists(atPath: path("share/man/man\(section)/\(page)")), "\(page)")
        }
        let unit = try text("lib/systemd/system/holdfast.service")
        #expect(unit.contains("\nExecStart=/opt/lvs/sbin/holdfastd --dont-fork"))
        #expect(unit.contains("\nExecReload=/opt/lvs/bin/holdfast reload --wait\n"))
        #expect(!unit.contains("/usr/"))
        #expect(try text("lib/sysctl.d/50-holdfast.conf").contains("send_redirects"))
        #expect(try text("lib/systemd/catalog/holdfast.catalog").contains("\nSubject: Real server"))
        #expect(try text("lib/modules-load.d/holdfast.conf").contains("\nip_vs\n"))
        // Each completion is for its shell.
        let bash = path("share/bash-completion/completions/holdfast")
        #expect(try BuiltProgram.run(at: "/bin/bash", ["-n", bash]).status == 0)
        #expect(try text("share/zsh/site-functions/_holdfast").hasPrefix("#compdef holdfast\n"))
        #expect(try text("share/fish/vendor_completions.d/holdfast.fish").contains("complete -c 'holdfast'"))
        // What was installed runs, and the commented file beside it is right.
        let example = path("share/doc/holdfast/examples/holdfast.conf")
        let check = try BuiltProgram.run(at: path("bin/holdfast"), ["check", "--strict", example])
        #expect(check.status == 0, "\(check.output)\(check.error)")
        for name in ["dr-pair/director-a.conf", "real-server.conf"] {
            #expect(files.fileExists(atPath: path("share/doc/holdfast/examples/\(name)")))
        }
    }

    @Test func `nothing is installed where nothing was built`() throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: root) }
        let made = try BuiltProgram.run(
            at: "/usr/bin/make", ["install", "DESTDIR=\(root.path)", "BUILT=/nonexistent"],
            in: Golden.repository)
        #expect(made.status != 0 && made.error.contains("make build comes first"))
        #expect(!FileManager.default.fileExists(atPath: root.path))
    }
}
