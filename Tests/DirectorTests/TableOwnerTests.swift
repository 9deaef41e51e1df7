import KernelNet
import LinuxIO
import Testing

@testable import Director

@Suite struct TableOwnerTests {
    @Test func `what the kernel did not refuse is no refusal`() {
        let refused = IPVSError.failed(SystemError("write the IPVS table", Errno(rawValue: 22)))
        #expect(TableOwner.isRefusal(refused))
        let others: [any Error] = [
            IPVSError.unavailable, IPVSError.unstable, SystemError("write the ledger", Errno(rawValue: 28)),
        ]
        for error in others { #expect(!TableOwner.isRefusal(error), "\(error)") }
    }
}
