import NetTypes
import Testing
import Timekeeping

@testable import HealthChecks

struct ProbeTests {
    private static let target = Endpoint(.v4(IPv4Address(192, 0, 2, 21)), port: 80)
    private static let script = ScriptCheck(command: ["/bin/true"], timeout: .seconds(1))
    private static let kinds: [CheckSpecification.Kind] = [
        .tcp(TCPCheck(target: target)),
        .http(HTTPCheck(target: target, urls: [HTTPURL(), HTTPURL(path: "/b")])),
        .script(script), secure, .smtp(SMTPCheck(target: target)), .dns(DNSCheck(target: target)),
        .udp(UDPCheck(target: target)), .ping(PingCheck(address: target.address)),
    ]

    /// Asks for everything that a page can be asked for.
    private static let secure: CheckSpecification.Kind = {
        var page = HTTPURL()
        page.digest = BodyDigest(String(repeating: "00", count: 16))
        page.pattern = BodyPattern("x")
        var check = HTTPCheck(target: target, urls: [page])
        check.tls = TLSSettings()
        return .http(check)
    }()

    @Test func `each kind starts with what it needs and ends with taking it back`() {
        let probes = Self.kinds.map(Probe.init)
        let connect = ProbeAction.connect(to: Self.target)
        let open: [[ProbeAction]] = [
            [connect], [.open(.udp, to: Self.target)], [.open(.udp, to: Self.target)],
            [.open(.echo, to: Endpoint(Self.target.address, port: 0))],
        ]
        #expect(
            probes.map { $0.start().actions } == [[connect], [connect], [.run(Self.script)], [connect]] + open
        )
        #expect(probes.map(\.abandonment).filter { $0 == .terminate }.count == 1)
    }

    @Test func `a probe of several requests remembers how far it is`() {
        var probe = Probe(Self.kinds[1])
        let answer = ProbeEvent.received(Array("HTTP/1.1 200 OK\r\n\r\n".utf8))
        #expect(probe.handle(.connected).result == nil)
        #expect(probe.handle(answer).result == nil)
        #expect(probe.handle(.connected).result == nil)
        #expect(probe.handle(answer).result?.outcome == .accepted)
    }

    /// Any order of events ends every connection that was opened, and ends a probe at most once.
    @Test(arguments: kinds, 0..<40 as Range<UInt64>)
    func `whatever happens, a deadline ends it and nothing leaks`(kind: CheckSpecification.Kind, seed: UInt64)
    {
        var generator = SeededGenerator(state: seed)
        let events: [ProbeEvent] = [
            .connected, .failed("reset"), .received(Array("HTTP/1.1 200 OK\r\n\r\n".utf8)),
            .received(Array("HTTP/1.1 500 Oops\r\n".utf8)), .received([]), .received([0, 255]), .closed,
            .opened(nonce: 5), .received(Array("220 a\r\n".utf8)),
            .received([0, 5, 0x80, 0] + [UInt8](repeating: 0, count: 8)),
            .secured, .digested([UInt8](repeating: 0, count: 16)), .matched(true), .matched(false),
            .received(Array("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx".utf8)),
            .exited(.status(0)), .exited(.signal(9)), .unavailable("no descriptors"),
        ]
        for _ in 0..<50 {
            var probe = Probe(kind)
            var step = probe.start()
            var open = opened(step)
            var left = 8
            while step.result == nil {
                let event = left > 0 ? events.randomElement(using: &generator) ?? .closed : .timedOut
                left -= 1
                step = probe.handle(event)
                open += opened(step)
                if case .exited = event, step.result != nil, kind == .script(Self.script) { open -= 1 }
                if case .unavailable = event, kind == .script(Self.script) { open -= 1 }
                if left < -1 {
                    Issue.record("seed \(seed): the deadline did not end it")
                    return
                }
            }
            #expect(open == 0, "seed \(seed)")
        }
    }

    /// Connections or programs that a step opens, less those it takes back.
    private func opened(_ step: ProbeStep) -> Int {
        step.actions.reduce(0) { sum, action in
            switch action {
            case .connect, .open, .run: sum + 1
            case .disconnect, .terminate: sum - 1
            case .send, .secure, .digest, .match: sum
            }
        }
    }
}
