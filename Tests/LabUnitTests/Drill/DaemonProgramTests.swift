import FoundationEssentials
import Testing

@testable import Lab

@Suite struct DaemonProgramTests {
    @Test func `holdfastd has one pid file, keepalived three`() {
        let ours = DaemonProgram(path: "/usr/sbin/holdfastd", version: "")
        #expect(
            ours.arguments(configuration: "/c", director: "director-a", folder: "/f") == [
                "/usr/sbin/holdfastd", "-n", "-l", "-D", "-f", "/c", "-i", "director-a", "-p",
                "/f/director-a.pid",
            ])
        #expect(ours.isHoldfast)
        let other = DaemonProgram(path: "/usr/sbin/keepalived", version: "")
        let arguments = other.arguments(configuration: "/c", director: "director-b", folder: "/f")
        #expect(arguments.suffix(4) == ["-r", "/f/director-b-vrrp.pid", "-c", "/f/director-b-checkers.pid"])
        #expect(!other.isHoldfast)
    }

    @Test func `a daemon that is not there is an error that says how to name one`() {
        let error = #expect(throws: LabError.self) {
            try DaemonProgram.find(nil, beside: "/nonexistent/holdfast")
        }
        #expect(
            error?.description == "no daemon at /nonexistent/holdfastd; build it or name one with --daemon")
    }

    @Test func `the daemon is beside the tool, or in sbin where the tool is in bin`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        func install(_ place: String) throws {
            let path = folder.appending(path: "\(place)/holdfastd")
            try FileManager.default.createDirectory(
                at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
            let text = "#!/bin/sh\necho holdfastd in \(place)\n"
            try text.write(to: path, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path.path)
        }
        let tool = folder.appending(path: "usr/bin/holdfast").path
        try FileManager.default.createDirectory(
            at: folder.appending(path: "usr/bin"), withIntermediateDirectories: true)
        try install("usr/sbin")
        #expect(try DaemonProgram.find(nil, beside: tool).version == "holdfastd in usr/sbin")
        try install("usr/bin")
        #expect(try DaemonProgram.find(nil, beside: tool).version == "holdfastd in usr/bin")
    }

    @Test func `a daemon may be named by its name alone`() throws {
        // Any program that says something about itself will do.
        let found = try DaemonProgram.find("bash", beside: "/x/holdfast")
        #expect(found.path.hasSuffix("/bash"))
        #expect(!found.version.isEmpty)
    }
}
