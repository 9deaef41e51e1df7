import LinuxIO
import Testing

@Suite struct ProcessExitTests {
    @Test func `a process ends with the status it was given`() async {
        await #expect(processExitsWith: .exitCode(13)) { ProcessExit.now(13) }
    }

    @Test func `a process ends by the signal it was given`() async {
        await #expect(processExitsWith: .signal(63)) { ProcessExit.now(bySignal: 63) }
    }

    @Test func `the service manager is told at a path or by an abstract name`() throws {
        let directory = try TemporaryDirectory()
        for socket in [directory.file("notify"), "@holdfast-test-\(HostFacts.process)"] {
            let manager = try #require(listenForDatagrams(socket))
            ProcessExit.notify("READY=1", socket: socket)
            #expect(try manager.read(limit: 100) == .octets(Array("READY=1".utf8)))
        }
        // Nobody listens: no error, no wait.
        ProcessExit.notify("READY=1", socket: directory.file("none"))
        ProcessExit.notify("READY=1", socket: "")
    }
}
