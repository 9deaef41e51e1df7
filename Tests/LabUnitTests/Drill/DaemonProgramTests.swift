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

    @Test func `a daemon may be named by its name alone`() throws {
        // Any program that says something about itself will do.
        let found = try DaemonProgram.find("bash", beside: "/x/holdfast")
        #expect(found.path.hasSuffix("/bash"))
        #expect(!found.version.isEmpty)
    }
}
