import HealthChecks
import LinuxIO
import NetTypes
import Testing
import Timekeeping

@testable import Director

@Suite struct ProbeConnectionsTests {
    static let errors: [(name: String, errno: Errno, event: ProbeEvent)] = [
        ("refused", .connectionRefused, .failed("connection refused")),
        ("timed out", .timedOut, .failed("connection timed out")),
        ("no buffers", .noBuffers, .unavailable("no buffer space available")),
        ("no address", .addressNotAvailable, .unavailable("cannot assign requested address")),
        ("not permitted", .notPermitted, .unavailable("operation not permitted")),
    ]

    @Test(arguments: errors) func `a lack of this host is told from a failure of the target`(
        name: String, errno: Errno, event: ProbeEvent
    ) {
        #expect(ProbeConnections<Int>.event(for: errno) == event, "\(name)")
    }
}
