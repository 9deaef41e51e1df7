import LinuxIO
import Testing
import Timekeeping

@testable import Lab

@Suite struct SoakHostTests {
    @Test func `resident memory is read from the kernel's words`() {
        #expect(SoakHost.resident("Name:\tx\nVmRSS:\t   11732 kB\nThreads:\t1\n") == 11_732)
        #expect(SoakHost.resident("Name:\tx\n") == nil)
        #expect(SoakHost.resident("VmRSS:\tmuch kB\n") == nil)
    }

    @Test func `a process takes descriptors and memory, and asks after its children`() throws {
        let host = SoakHost(supervisor: HostFacts.process)
        let sample = try #require(host.samples(of: "director-a", at: Sample.at(1)).first)
        #expect(sample.role == "supervisor" && sample.process == HostFacts.process)
        #expect(sample.descriptors > 2 && sample.memory > 1000)
        #expect(host.roles.isEmpty, "none of ours is a role")
        let gone = SoakHost(supervisor: .max)
        #expect(gone.samples(of: "director-a", at: Sample.at(1)).isEmpty)
        #expect(gone.zombies.isEmpty && gone.roles.isEmpty)
    }
}
