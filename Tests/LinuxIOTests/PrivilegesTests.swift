import LinuxIO
import Testing
import Timekeeping

@Suite struct PrivilegesTests {
    @Test func `giving everything up leaves nothing, for anybody who tries`() async {
        await #expect(processExitsWith: .exitCode(42)) {
            try Privileges.drop(to: nil, keeping: [])
            guard try Privileges.effective() == [], Privileges.hasNoNewPrivileges else { exitProcess(1) }
            // Once more is no error, and asking for more than one has gives nothing.
            try Privileges.drop(to: nil, keeping: [.networkAdmin])
            exitProcess(try Privileges.effective() == [] ? 42 : 2)
        }
    }

    @Test func `what is effective is what the kernel shows`() throws {
        let status = String(
            decoding: try Files.read("/proc/thread-self/status", limit: 100_000), as: UTF8.self)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("CapEff:") })
        let shown = UInt64(line.split(separator: "\t")[1], radix: 16)
        #expect(try Privileges.effective().rawValue == shown)
    }
}
