import NetTypes
import Testing

@testable import HealthChecks

struct DNSQueryTests {
    private let target = Endpoint(.v4(IPv4Address(192, 0, 2, 21)), port: 53)

    private func asked(_ name: String = ".", _ type: DNSType = .SOA) -> DNSQuery {
        var probe = DNSQuery(DNSCheck(target: target, type: type, name: name))
        #expect(probe.start() == .perform(.open(.udp, to: target)))
        _ = probe.handle(.opened(nonce: 0x77_1234))
        return probe
    }

    private func answer(
        id: UInt16 = 0x1234, flags: UInt8 = 0x81, code: UInt8 = 0, count: Int = 12
    ) -> ProbeEvent {
        .received(
            [UInt8(id >> 8), UInt8(id & 0xFF), flags, 0x80 | code]
                + [UInt8](repeating: 0xC0, count: count - 4))
    }

    @Test func `a query asks what it is told`() {
        var probe = DNSQuery(DNSCheck(target: target, type: .AAAA, name: "www.example.org"))
        let expected: [UInt8] =
            [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3] + Array("www".utf8) + [7] + Array("example".utf8)
            + [3]
            + Array("org".utf8) + [0, 0, 28, 0, 1]
        #expect(probe.handle(.opened(nonce: 0x1234)) == .perform(.send(expected)))
        let root = DNSQuery.query(1, DNSCheck(target: target))
        #expect(root == [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 6, 0, 1])
    }

    @Test(
        arguments: [
            (0, .accepted, "NOERROR"), (1, .wrongStatus, "FORMERR"), (2, .wrongStatus, "SERVFAIL"),
            (3, .wrongStatus, "NXDOMAIN"), (5, .wrongStatus, "REFUSED"), (9, .wrongStatus, "response code 9"),
        ] as [(UInt8, ProbeOutcome, String)])
    func `the response code decides`(code: UInt8, outcome: ProbeOutcome, detail: String) {
        var probe = asked()
        #expect(probe.handle(answer(code: code)) == .finish(outcome, detail, .disconnect))
        var cut = asked()
        #expect(cut.handle(answer(flags: 0x83, code: code, count: 600)).result?.outcome == outcome)
    }

    @Test func `answers to other queries are passed over, but not for ever`() {
        var probe = asked()
        for _ in 0..<10 {
            #expect(probe.handle(answer(id: 0x4321)) == .none)
            #expect(probe.handle(answer(flags: 0x01)) == .none, "a query")
            #expect(probe.handle(answer(count: 11)) == .none, "cut")
            #expect(probe.handle(.received([])) == .none)
        }
        var patient = probe
        #expect(patient.handle(answer()).result?.outcome == .accepted)
        var step = ProbeStep.none
        for _ in 0..<60 { step = probe.handle(answer(id: 1)) }
        #expect(step == .finish(.badResponse, "100 answers to other queries", .disconnect))
    }

    @Test(
        arguments: [
            (.failed("connection refused"), .connectionFailed, "connection refused"),
            (.timedOut, .responseTimedOut, "no answer"), (.unavailable("x"), .notProbed, "x"),
        ] as [(ProbeEvent, ProbeOutcome, String)])
    func `every other end`(event: ProbeEvent, outcome: ProbeOutcome, detail: String) {
        var probe = asked()
        #expect(probe.handle(.closed) == .none)
        #expect(probe.handle(event) == .finish(outcome, detail, .disconnect))
    }

    @Test func `an answer before the query is none`() {
        var probe = DNSQuery(DNSCheck(target: target))
        #expect(probe.handle(answer(id: 0)) == .none)
    }
}
