import LinuxIO
import Testing
import Timekeeping

@testable import Lab

@Suite struct ProbeClientTests {
    @Test func `probes time out before so many are under way that none can start`() {
        let settings = ProbeSettings(target: Sample.service, interval: .milliseconds(1), connections: 4)
        let underWay = settings.timeout.nanoseconds / settings.interval.nanoseconds
        #expect(Int(underWay) < settings.inFlightLimit)
    }

    @Test func `error numbers are Linux's`() {
        #expect(Errno.connectionReset.name == "ECONNRESET")
        #expect(Errno.hostUnreachable.name == "EHOSTUNREACH")
        #expect(Errno.networkUnreachable.name == "ENETUNREACH")
    }
}
