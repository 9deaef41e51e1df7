import FoundationEssentials
import LinuxIO
import Testing
import Timekeeping

@testable import Lab

@Suite struct ProcessLoadTests {
    @Test func `the kernel's texts are understood`() {
        let load = ProcessLoad(
            schedstat: "32600000 1200 299\n", status: "Name:\tx\nVmRSS:\t    3336 kB\nThreads:\t1\n")
        #expect(load?.processor == .microseconds(32_600))
        #expect(load?.resident == 3336)
    }

    @Test(arguments: [("", "VmRSS: 1 kB"), ("x 1 2", "VmRSS: 1 kB"), ("1 1 2", "Name: x"), ("1", "VmRSS:")])
    func `other texts are no load`(schedstat: String, status: String) {
        #expect(ProcessLoad(schedstat: schedstat, status: status) == nil)
    }

    @Test func `a process has a name and uses time until it is gone`() throws {
        let child = try ChildProcess(
            Program("/bin/sleep", ["1000"]), ChildStreams(output: .null, error: .null))
        defer {
            child.send(.kill)
            while (try? child.reap()) == .some(nil) { Scheduling.sleep(.milliseconds(1)) }
        }
        #expect(ProcessLoad.name(of: child.pid) == "sleep")
        let load = try #require(ProcessLoad(of: ProcessInfo.processInfo.processIdentifier))
        #expect(load.resident > 1000 && load.processor > .zero)
        #expect(ProcessLoad(of: .max) == nil)
        #expect(ProcessLoad.name(of: .max) == "")
    }
}
