import LinuxIO
import Testing

@Suite struct ErrnoTests {
    @Test(arguments: [
        (Errno.notPermitted, "EPERM", "Operation not permitted"),
        (.wouldBlock, "EAGAIN", "Resource temporarily unavailable"),
        (.noBuffers, "ENOBUFS", "No buffer space available"),
        (Errno(rawValue: 4095), "E4095", "Unknown error 4095"),
    ])
    func `a number has a name and a meaning`(errno: Errno, name: String, message: String) {
        #expect(errno.name == name)
        #expect(errno.message == message)
        #expect("\(errno)" == "\(message) (\(name))")
    }

    @Test func `a negative result is thrown and others pass`() throws {
        #expect(try Errno.check(CInt(7)) == 7)
        #expect(throws: Errno(rawValue: 13)) { try Errno.check(CInt(-13)) }
        #expect(throws: Errno.notFound) { try Errno.check(Int64(-2)) }
    }

    @Test func `a failure reads as a sentence`() {
        let error = SystemError("bind VRRP socket on eth0", .accessDenied)
        #expect("\(error)" == "cannot bind VRRP socket on eth0: Permission denied (EACCES)")
        #expect(throws: SystemError("open it", .exists)) {
            try SystemError.naming("open it") { () throws(Errno) in try Errno.check(CInt(-17)) }
        }
    }
}
