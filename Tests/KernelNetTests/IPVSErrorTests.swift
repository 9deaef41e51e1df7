import KernelNet
import LinuxIO
import LoadBalancing
import NetTypes
import Testing

@Suite struct IPVSErrorTests {
    @Test func `a kernel without IPVS is told how to get it`() {
        #expect("\(IPVSError.unavailable)" == "this kernel has no IPVS: load module ip_vs (modprobe ip_vs)")
        let error = IPVSError.failed(SystemError("read the IPVS services", .notPermitted))
        #expect("\(error)" == "cannot read the IPVS services: Operation not permitted (EPERM)")
    }

    static let add = ServiceChange.addDestination(IPVSClientTests.destination(1), to: IPVSRequestsTests.web)

    @Test(
        arguments: [
            (22, "even lo (EINVAL)"), (97, "no IPv6 here (EAFNOSUPPORT)"), (34, "out of range (ERANGE)"),
            (12, "Cannot allocate memory (ENOMEM)"),
        ] as [(CInt, String)])
    func `the kernel's few numbers are told by what they mean here`(number: CInt, ending: String) {
        let text = ServiceChangeFailure(change: Self.add, errno: Errno(rawValue: number)).description
        #expect(text.hasPrefix("cannot add server 10.0.0.1:80 to 192.0.2.100:80/tcp, DR weight 1: "))
        #expect(text.hasSuffix(ending))
    }

    @Test func `a persistence engine may be what is missing`() {
        var service = IPVSClientTests.service()
        service.persistenceEngine = "sip"
        let failure = ServiceChangeFailure(change: .addService(service), errno: .notFound)
        #expect(
            failure.description.hasSuffix("(module ip_vs_rr) or no persistence engine sip (ip_vs_pe_sip)"))
    }

    @Test(
        arguments: [
            (.addService(IPVSClientTests.service()), .exists, "the service is there already (EEXIST)"),
            (Self.add, .exists, "the server is there already (EEXIST)"),
            (Self.add, .noProcess, "the service is not there (ESRCH)"),
            (.deleteService(IPVSRequestsTests.web), .noProcess, "the service is not there (ESRCH)"),
            (
                .deleteDestination(IPVSRequestsTests.server, from: IPVSRequestsTests.web), .notFound,
                "the server is not there (ENOENT)"
            ),
        ] as [(ServiceChange, Errno, String)])
    func `what is there, and what is not, is told`(change: ServiceChange, errno: Errno, reason: String) {
        #expect(ServiceChangeFailure(change: change, errno: errno).reason == reason)
    }
}
