import LinuxIO
import Testing

@Suite struct HostFactsTests {
    @Test func `the boot id is a UUID and stays the same`() throws {
        let id = try HostFacts.bootID()
        #expect(id.count == 36 && id.allSatisfy { $0.isHexDigit || $0 == "-" })
        #expect(try HostFacts.bootID() == id)
    }

    @Test func `kernel and C library have versions`() throws {
        #expect(HostFacts.kernelRelease.first?.isNumber == true)
        #expect(!HostFacts.kernelRelease.contains("\n"))
        #expect(HostFacts.libraryVersion.hasPrefix("2."))
    }

    @Test func `the network namespace has an inode`() throws {
        let inode = try HostFacts.networkNamespace()
        #expect(inode > 0)
        #expect(try HostFacts.networkNamespace() == inode)
    }

    @Test func `standard error is known by its inode`() async {
        await #expect(processExitsWith: .exitCode(42)) {
            let pipe = try Pipe()
            redirectStandardError(to: pipe.writingDescriptor)
            let link = try Files.link(at: "/proc/self/fd/2") ?? ""
            let inode = link.filter(\.isNumber)
            guard HostFacts.isStandardError("12:\(inode)") else { exitProcess(1) }
            for name in ["", inode, "12:", "12:0", "12:\(inode)1", "12:x", "1:2:\(inode)"] {
                guard !HostFacts.isStandardError(name) else { exitProcess(2) }
            }
            exitProcess(42)
        }
    }

    @Test func `the host name has no domain`() {
        #expect(!HostFacts.shortHostName.isEmpty && !HostFacts.shortHostName.contains("."))
    }

    @Test func `this process and its parent have ids`() throws {
        #expect(HostFacts.process > 1 && HostFacts.parentProcess != HostFacts.process)
        let status = String(decoding: try Files.read("/proc/self/status", limit: 100_000), as: UTF8.self)
        #expect(status.contains("PPid:\t\(HostFacts.parentProcess)\n"))
        #expect(Files.exists(HostFacts.ownExecutable))
    }

    @Test func `an interface has an index or is an error by name`() throws {
        #expect(try HostFacts.interfaceIndex("lo") == 1)
        #expect(throws: SystemError("find interface none0", .noDevice)) {
            try HostFacts.interfaceIndex("none0")
        }
    }

    @Test func `the environment is read`() {
        #expect(HostFacts.environment("PATH")?.isEmpty == false)
        #expect(HostFacts.environment("HOLDFAST_NOT_SET") == nil)
    }
}
