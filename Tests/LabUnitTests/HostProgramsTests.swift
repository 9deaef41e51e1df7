import Lab
import Testing
import Timekeeping

@Suite struct HostProgramsTests {
    @Test func `a program is found in the usual folders even with an empty PATH`() {
        #expect(HostPrograms.find("ls", path: "")?.hasSuffix("/ls") == true)
        #expect(HostPrograms.find("no-such-program-at-all", path: "") == nil)
        #expect(HostPrograms.find("/some/path", path: "") == "/some/path")
    }

    @Test func `a missing program's error names the package`() {
        #expect(throws: LabError("no-such-program is not installed: apt-get install some-package")) {
            try HostPrograms.require("no-such-program", package: "some-package")
        }
    }

    @Test func `output is returned and input passed`() throws {
        let cat = try HostPrograms.require("cat", package: "coreutils")
        #expect(try HostPrograms.run(cat, [], input: "hello") == "hello")
    }

    @Test func `a failure quotes what the program said`() throws {
        let ls = try HostPrograms.require("ls", package: "coreutils")
        let error = #expect(throws: LabError.self) { try HostPrograms.run(ls, ["/nonexistent-path"]) }
        #expect(error?.description.contains("exit status 2") == true)
        #expect(error?.description.contains("/nonexistent-path") == true)
    }

    @Test func `children find the system's programs, whatever the caller's PATH is`() throws {
        let path = try #require(HostPrograms.environment["PATH"])
        #expect(path.hasSuffix(":/usr/sbin:/sbin"))
        #expect(HostPrograms.environment.keys.sorted() == ["HOME", "LC_ALL", "PATH"])
    }
}
