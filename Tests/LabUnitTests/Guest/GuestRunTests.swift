import FoundationEssentials
import Testing

@testable import Lab

@Suite struct GuestRunTests {
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
