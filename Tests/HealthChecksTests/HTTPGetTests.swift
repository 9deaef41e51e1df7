import NetTypes
import Testing

@testable import HealthChecks

struct HTTPGetTests {
    private let target = Endpoint(.v4(IPv4Address(192, 0, 2, 21)), port: 80)

    private func connected(_ urls: HTTPURL...) -> HTTPGet {
        var probe = HTTPGet(HTTPCheck(target: target, urls: urls))
        #expect(probe.start() == .perform(.connect(to: target)))
        let request = HTTPRequest.get(urls[0], from: target)
        #expect(probe.handle(.connected) == .perform(.send(request)))
        return probe
    }

    private func answer(_ text: String) -> ProbeEvent { .received(Array(text.utf8)) }

    @Test(
        arguments: [
            ("HTTP/1.1 200 OK\r\n\r\n", .accepted, "status 200"),
            ("HTTP/1.1 299 Fine\r\n\r\nbody", .accepted, "status 299"),
            ("HTTP/1.1 503 Service Unavailable\r\n\r\n", .wrongStatus, "status 503 Service Unavailable"),
            ("HTTP/1.1 301\r\nLocation: /\r\n\r\n", .wrongStatus, "status 301"),
            ("SSH-2.0-OpenSSH_9.2\r\n", .badResponse, "not an HTTP/1 response"),
            ("HTTP/1.1 abc\r\n", .badResponse, "malformed status line"),
        ] as [(String, ProbeOutcome, String)])
    func `the status decides`(text: String, outcome: ProbeOutcome, detail: String) {
        var probe = connected(HTTPURL())
        #expect(probe.handle(answer(text)) == .finish(outcome, detail, .disconnect))
    }

    @Test(arguments: [(200, false), (301, true), (302, true), (303, false), (404, true), (599, false)])
    func `accepted codes can be told`(status: Int, accepted: Bool) {
        var probe = connected(HTTPURL(statusCodes: [301...302, 404...404]))
        let step = probe.handle(answer("HTTP/1.1 \(status) X\r\n\r\n"))
        #expect(step.result?.outcome == (accepted ? .accepted : .wrongStatus))
    }

    @Test func `every split of a response gives the same result`() {
        let text = "HTTP/1.1 503 Busy\r\nServer: x\r\nContent-Length: 2\r\n\r\nno"
        let octets = Array(text.utf8)
        let end = text.utf8.count - 2
        for split in 0...octets.count {
            var probe = connected(HTTPURL())
            let first = probe.handle(.received(Array(octets[..<split])))
            if split < end {
                #expect(first == .none)
                let second = probe.handle(.received(Array(octets[split...])))
                #expect(second == .finish(.wrongStatus, "status 503 Busy", .disconnect), "split at \(split)")
            } else {
                #expect(first.result?.outcome == .wrongStatus, "split at \(split)")
            }
        }
    }

    @Test func `urls are asked in turn, each on a connection of its own`() {
        let first = HTTPURL(path: "/a")
        let second = HTTPURL(path: "/b", statusCodes: [204...204], host: "b.example.org")
        var probe = connected(first, second)
        let next = probe.handle(answer("HTTP/1.1 200 OK\r\n\r\n"))
        #expect(next == .perform(.disconnect, .connect(to: target)))
        let asked = probe.handle(.connected)
        #expect(asked == .perform(.send(HTTPRequest.get(second, from: target))))
        var bad = probe
        let good = probe.handle(answer("HTTP/1.1 204 No Content\r\n\r\n"))
        #expect(good == .finish(.accepted, "status 204", .disconnect))
        let wrong = bad.handle(answer("HTTP/1.1 200 OK\r\n\r\n"))
        #expect(wrong == .finish(.wrongStatus, "status 200 OK (/b)", .disconnect))
    }

    @Test func `a bad first url spares the others`() {
        var probe = connected(HTTPURL(path: "/a"), HTTPURL(path: "/b"))
        let step = probe.handle(answer("HTTP/1.1 500 Oops\r\n\r\n"))
        #expect(step == .finish(.wrongStatus, "status 500 Oops (/a)", .disconnect))
    }

    @Test(
        arguments: [
            (.failed("connection refused"), .connectionFailed, "connection refused"),
            (.timedOut, .connectTimedOut, "no connection"),
            (.unavailable("too many open files"), .notProbed, "too many open files"),
        ] as [(ProbeEvent, ProbeOutcome, String)])
    func `before the connection it fails as a connect does`(
        event: ProbeEvent, outcome: ProbeOutcome, detail: String
    ) {
        var probe = HTTPGet(HTTPCheck(target: target, urls: [HTTPURL()]))
        #expect(probe.handle(event) == .finish(outcome, detail, .disconnect))
    }

    @Test(
        arguments: [
            (.closed, .badResponse, "connection closed"),
            (.failed("connection reset by peer"), .badResponse, "connection reset by peer"),
            (.timedOut, .responseTimedOut, "no whole response"),
        ] as [(ProbeEvent, ProbeOutcome, String)])
    func `a response that breaks off is a failure that says where`(
        event: ProbeEvent, outcome: ProbeOutcome, text: String
    ) {
        var silent = connected(HTTPURL())
        let early = silent.handle(event)
        #expect(early == .finish(outcome, "\(text) before any answer", .disconnect))
        var partial = connected(HTTPURL())
        #expect(partial.handle(answer("HTTP/1.1 200 OK\r\n")) == .none)
        let late = partial.handle(event)
        #expect(late == .finish(outcome, "\(text) after 17 octets of the head", .disconnect))
    }

    @Test func `events out of place change nothing`() {
        var connecting = HTTPGet(HTTPCheck(target: target, urls: [HTTPURL()]))
        for event in [ProbeEvent.closed, answer("HTTP/1.1 200 OK\r\n\r\n"), .exited(.status(0))] {
            #expect(connecting.handle(event) == .none)
        }
        var receiving = connected(HTTPURL())
        #expect(receiving.handle(.connected) == .none)
        #expect(receiving.handle(.exited(.status(0))) == .none)
    }

    @Test func `a check without urls is no probe`() {
        #expect(HTTPGet(HTTPCheck(target: target, urls: [])).start().result?.outcome == .notProbed)
    }
}
