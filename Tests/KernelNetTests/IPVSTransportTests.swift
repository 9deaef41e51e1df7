import LinuxIO
import Testing

@testable import KernelNet

@Suite struct IPVSTransportTests {
    /// Numbers of netlink/errno.h, negative as libnl returns them.
    @Test(arguments: [(-12, nil), (-5, "ENOMEM"), (-28, "EPERM"), (-4, "EAGAIN"), (-1, "EIO"), (-33, "EIO")])
    func `only a family that is not there means that there is none`(number: Int32, name: String?) {
        #expect(GenericNetlinkSocket.failure(ofResolving: number)?.name == name)
    }

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
