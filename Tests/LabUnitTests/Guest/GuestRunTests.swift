import FoundationEssentials
import Testing

@testable import Lab

@Suite struct GuestRunTests {
    @Test(arguments: [
        ("", false), ("Kernel panic - not syncing: IO-APIC + timer doesn't work!\r\n", false),
        ("holdfast guest: process", false), ("holdfast guest: process 1 runs\r\n", true),
        ("\u{1B}cLinux\r\n[    1.2] holdfast guest: process 1 runs\r\ncannot\r\n", true),
    ])
    func `a boot log tells whether the guest's first process ran`(log: String, started: Bool) {
        #expect(GuestRun.hasStarted(bootLog: log.utf8) == started)
    }

    @Test func `a guest without a kernel is an error before anything is started`() {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "holdfast-run-\(UInt64.random(in: 0...UInt64.max))").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let job = GuestJob(command: ["true"], directory: "/", environment: [:])
        #expect(throws: LabError.self) {
            try GuestRun(
                job, kernel: GuestKernel(folder: "\(folder)/none", release: "6"),
                cache: GuestCache(folder: folder))
        }
    }
}
