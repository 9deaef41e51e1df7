import NetTypes
import Testing

@testable import HealthChecks

struct TCPConnectTests {
    private let target = Endpoint(.v6(IPv6Address(high: 0x2001_0DB8_0000_0000, low: 1)), port: 443)

    @Test func `a probe connects to its target`() {
        #expect(TCPConnect(TCPCheck(target: target)).start() == .perform(.connect(to: target)))
    }

    @Test func `a probe connects from where it is told`() {
        let source = ProbeSource(address: target.address, port: 2000, interface: "eth1")
        let probe = TCPConnect(TCPCheck(target: target, source: source))
        #expect(probe.start() == .perform(.connect(to: target, from: source)))
        let http = HTTPGet(HTTPCheck(target: target, urls: [HTTPURL()], source: source))
        #expect(http.start() == .perform(.connect(to: target, from: source)))
    }

    @Test(
        arguments: [
            (.connected, .connected, "connected"),
            (.failed("connection refused"), .connectionFailed, "connection refused"),
            (.failed("no route to host"), .connectionFailed, "no route to host"),
            (.timedOut, .connectTimedOut, "no connection"),
            (.unavailable("too many open files"), .notProbed, "too many open files"),
        ] as [(ProbeEvent, ProbeOutcome, String)])
    func `every end closes the connection`(event: ProbeEvent, outcome: ProbeOutcome, detail: String) {
        let step = TCPConnect(TCPCheck(target: target)).handle(event)
        #expect(step == .finish(outcome, detail, .disconnect))
    }

    @Test(arguments: [.received([1, 2, 3]), .closed, .exited(.status(0))] as [ProbeEvent])
    func `what cannot happen before a connection changes nothing`(event: ProbeEvent) {
        #expect(TCPConnect(TCPCheck(target: target)).handle(event) == .none)
    }
}
