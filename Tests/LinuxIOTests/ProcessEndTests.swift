import LinuxIO
import Testing
import Timekeeping

@Suite struct ProcessEndTests {
    @Test func `the end of a process is told, and not before`() throws {
        let loop = try EventLoop<Int>()
        let child = try ChildProcess(
            Program("/bin/sleep", ["60"]), ChildStreams(input: .null, output: .null, error: .null))
        let end = try ProcessEnd(of: child.pid)
        _ = try loop.register(end.descriptor, .read, 3)
        #expect(try loop.wait(until: Clock.now()).isEmpty)
        child.send(.kill)
        #expect(try loop.wait(until: Clock.now() + .seconds(20)).map(\.token) == [3])
        while try child.reap() == nil {}
        #expect(throws: SystemError.self) { try ProcessEnd(of: child.pid) }
    }
}
