import KernelNet
import LinuxIO
import Testing

@Suite struct IPVSTransportTests {
    /// Runs without root and on kernels with and without IPVS: each must give its own clear answer.
    @Test func `opening finds IPVS, or says that there is none`() throws {
        do {
            let information = try IPVSClient.open().information()
            #expect(information.connectionTableSize > 0)
        } catch IPVSError.failed(let error) {
            #expect(error.errno == .notPermitted)
        } catch {
            #expect(error == .unavailable)
        }
    }
}
