import LinuxIO
import Testing

@testable import Director

@Suite struct ProgramPathTests {
    @Test(arguments: ["/bin/sh", "/usr/bin/../bin/./env", "/bin", "/"])
    func `what the system brings is root's alone, links followed`(path: String) throws {
        #expect(try ProgramPath.changeable(on: path) == nil)
    }

    @Test func `the first place that others can change is told`() throws {
        let scratch = try ScratchDirectory()
        let file = "\(scratch.path)/x"
        try Files.replace(file, with: [], mode: 0o755)
        // Everybody may put files into /tmp, or the tests' user owns the directory.
        let place = try #require(try ProgramPath.changeable(on: file))
        #expect(file.hasPrefix(place) && place != file)
    }

    @Test func `a way that is not there has nobody`() {
        #expect(throws: SystemError("read the link /none", .notFound)) {
            try ProgramPath.changeable(on: "/none/x")
        }
        #expect(throws: SystemError.self) { try ProgramPath.changeable(on: "/bin/sh/x") }
    }
}
