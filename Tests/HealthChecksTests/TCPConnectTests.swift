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
        var probe = TCPConnect(TCPCheck(target: target))
        let step = probe.handle(event)
        #expect(step == .finish(outcome, detail, .disconnect))
    }

    @Test(arguments: [.received([1, 2, 3]), .closed, .exited(.status(0))] as [ProbeEvent])
    func `what cannot happen before a connection changes nothing`(event: ProbeEvent) {
        var probe = TCPConnect(TCPCheck(target: target))
        #expect(probe.handle(event) == .none)
    }

    private func speaking(_ greeting: String?, _ expected: String?) -> TCPConnect {
        var check = TCPCheck(target: target)
        check.greeting = greeting.map { Array($0.utf8) }
        check.expected = expected.map { Array($0.utf8) }
        return TCPConnect(check)
    }

    private func heard(_ text: String) -> ProbeEvent { .received(Array(text.utf8)) }

    @Test func `what is to be said is said before the end`() {
        var probe = speaking("PING\r\n", nil)
        #expect(
            probe.handle(.connected)
                == .finish(.connected, "connected", .send(Array("PING\r\n".utf8)), .disconnect))
    }

    @Test func `the text may come in any pieces, behind others`() {
        let text = "-OK\r\n+PO+PONG\r\n"
        for split in 0...text.utf8.count {
            var probe = speaking("PING\r\n", "+PONG")
            #expect(probe.handle(.connected) == .perform(.send(Array("PING\r\n".utf8))))
            let first = probe.handle(heard(String(text.prefix(split))))
            let step = first.result == nil ? probe.handle(heard(String(text.dropFirst(split)))) : first
            #expect(step.result?.outcome == .accepted, "split at \(split)")
            #expect(step.actions == [.disconnect])
        }
        var octets = speaking(nil, "aab")
        _ = octets.handle(.connected)
        for letter in "aaa" { #expect(octets.handle(heard(String(letter))) == .none) }
        #expect(octets.handle(heard("b")).result?.detail == "expected text after 4 octets")
    }

    @Test(arguments: [
        (ProbeEvent.closed, ProbeOutcome.badResponse, "connection closed after 2 octets"),
        (.failed("connection reset by peer"), .badResponse, "connection reset by peer after 2 octets"),
        (.timedOut, .responseTimedOut, "nothing that is expected after 2 octets"),
        (.unavailable("no memory"), .notProbed, "no memory"),
    ])
    func `a server that does not say it is bad`(event: ProbeEvent, outcome: ProbeOutcome, detail: String) {
        var probe = speaking(nil, "+OK")
        #expect(probe.handle(.connected) == .none)
        #expect(probe.handle(heard("-E")) == .none)
        #expect(probe.handle(event) == .finish(outcome, detail, .disconnect))
    }

    @Test func `an endless talker is cut off`() {
        var probe = speaking(nil, "+OK")
        _ = probe.handle(.connected)
        let flood = ProbeEvent.received([UInt8](repeating: 43, count: 40_000))
        #expect(probe.handle(flood) == .none)
        #expect(
            probe.handle(flood) == .finish(.badResponse, "not the expected text in 65536 octets", .disconnect)
        )
    }
}
