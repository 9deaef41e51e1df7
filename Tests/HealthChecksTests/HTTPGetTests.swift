import NetTypes
import Testing

@testable import HealthChecks

struct HTTPGetTests {
    private let target = Endpoint(.v4(IPv4Address(192, 0, 2, 21)), port: 80)

    private func connected(_ urls: HTTPURL...) -> HTTPGet {
        var probe = HTTPGet(HTTPCheck(target: target, urls: urls))
        #expect(probe.start() == .perform(.connect(to: target)))
        let request = HTTPRequest.text(urls[0], from: target)
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
        #expect(asked == .perform(.send(HTTPRequest.text(second, from: target))))
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

    private func page(_ change: (inout HTTPURL) -> Void) -> HTTPURL {
        var url = HTTPURL()
        change(&url)
        return url
    }

    private let zero = BodyDigest(String(repeating: "00", count: 16))

    @Test func `a digest is computed of the whole body and compared`() {
        let url = page { $0.digest = zero }
        var probe = connected(url)
        #expect(probe.handle(answer("HTTP/1.0 200 OK\r\n\r\nhel")) == .none)
        #expect(probe.handle(answer("lo")) == .none)
        #expect(probe.handle(.closed) == .perform(.digest(.md5, Array("hello".utf8))))
        var other = probe
        let good = probe.handle(.digested([UInt8](repeating: 0, count: 16)))
        #expect(good == .finish(.accepted, "status 200", .disconnect))
        let bad = other.handle(.digested([1, 2] + [UInt8](repeating: 0, count: 14)))
        let text = "digest is 0102" + String(repeating: "0", count: 28)
        #expect(bad == .finish(.badResponse, text, .disconnect))
    }

    @Test(
        arguments: [(false, true, true), (false, false, false), (true, true, false), (true, false, true)])
    func `a pattern is looked for after the digest`(isInverted: Bool, isThere: Bool, isGood: Bool) {
        let url = page {
            $0.digest = zero
            $0.pattern = BodyPattern("h.l", isInverted: isInverted)
        }
        var probe = connected(url)
        let whole = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
        #expect(probe.handle(answer(whole)) == .perform(.digest(.md5, Array("hello".utf8))))
        let asked = probe.handle(.digested([UInt8](repeating: 0, count: 16)))
        #expect(asked == .perform(.match(BodyPattern("h.l", isInverted: isInverted), Array("hello".utf8))))
        #expect(probe.handle(.matched(isThere)).result?.outcome == (isGood ? .accepted : .badResponse))
    }

    @Test func `a wrong status spares the body`() {
        var probe = connected(page { $0.digest = zero })
        let step = probe.handle(answer("HTTP/1.1 404 No\r\nContent-Length: 5\r\n\r\nhello"))
        #expect(step == .finish(.wrongStatus, "status 404 No", .disconnect))
    }

    @Test(
        arguments: [
            (.closed, .badResponse, "connection closed after 2 octets of the body"),
            (
                .failed("connection reset by peer"), .badResponse,
                "connection reset by peer after 2 octets of the body"
            ),
            (.timedOut, .responseTimedOut, "no whole response after 2 octets of the body"),
            (.unavailable("no memory"), .notProbed, "no memory"),
        ] as [(ProbeEvent, ProbeOutcome, String)])
    func `a body that breaks off is a failure that says where`(
        event: ProbeEvent, outcome: ProbeOutcome, text: String
    ) {
        var probe = connected(page { $0.pattern = BodyPattern("x") })
        #expect(probe.handle(answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe")) == .none)
        #expect(probe.handle(.connected) == .none)
        #expect(probe.handle(event) == .finish(outcome, text, .disconnect))
    }

    @Test func `a body that is none is a bad response`() {
        var probe = connected(page { $0.pattern = BodyPattern("x") })
        let step = probe.handle(answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"))
        #expect(step == .finish(.badResponse, "malformed chunk size", .disconnect))
    }

    private func secure(_ url: HTTPURL, verifies: Bool = false) -> HTTPGet {
        var check = HTTPCheck(target: target, urls: [url])
        check.tls = TLSSettings(verifies: verifies)
        return HTTPGet(check)
    }

    @Test func `over TLS the request waits for the handshake`() {
        let url = page {
            $0.host = "www.example.org:8443"
            $0.serverName = "www.example.org"
        }
        var probe = secure(url, verifies: true)
        let request = TLSRequest(
            serverName: "www.example.org", peer: "www.example.org", settings: TLSSettings(verifies: true))
        #expect(probe.handle(.connected) == .perform(.secure(request)))
        #expect(probe.handle(.received([1])) == .none)
        #expect(probe.handle(.secured) == .perform(.send(HTTPRequest.text(url, from: target))))
        #expect(probe.handle(answer("HTTP/1.1 200 OK\r\n\r\n")).result?.outcome == .accepted)
    }

    @Test func `without a name the certificate is for the host, else for the address`() {
        for (host, peer) in [("a.example.org", "a.example.org"), (nil, "192.0.2.21")] {
            var probe = secure(page { $0.host = host })
            let request = TLSRequest(serverName: nil, peer: peer)
            #expect(probe.handle(.connected) == .perform(.secure(request)))
        }
    }

    @Test(
        arguments: [
            (.failed("TLS: wrong version number"), .handshakeFailed, "TLS: wrong version number"),
            (.closed, .handshakeFailed, "connection closed within the TLS handshake"),
            (.timedOut, .handshakeTimedOut, "no TLS"),
            (
                .unavailable("128 TLS handshakes are under way"), .notProbed,
                "128 TLS handshakes are under way"
            ),
        ] as [(ProbeEvent, ProbeOutcome, String)])
    func `a handshake can fail in a way of its own`(event: ProbeEvent, outcome: ProbeOutcome, detail: String)
    {
        var probe = secure(HTTPURL())
        _ = probe.handle(.connected)
        #expect(probe.handle(event) == .finish(outcome, detail, .disconnect))
    }

    @Test func `a check without urls is no probe`() {
        #expect(HTTPGet(HTTPCheck(target: target, urls: [])).start().result?.outcome == .notProbed)
    }
}
