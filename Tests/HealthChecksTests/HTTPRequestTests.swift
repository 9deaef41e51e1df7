import NetTypes
import Testing

@testable import HealthChecks

struct HTTPRequestTests {
    private let target = Endpoint(.v4(IPv4Address(192, 0, 2, 21)), port: 8080)

    private func text(_ url: HTTPURL) -> String {
        String(decoding: HTTPRequest.text(url, from: target), as: UTF8.self)
    }

    @Test func `a request names its host, and the target where none is given`() {
        let agent = "User-Agent: KeepAliveClient (Holdfast)"
        #expect(
            text(HTTPURL(path: "/health?full=1", host: "www.example.org"))
                == "GET /health?full=1 HTTP/1.0\r\n\(agent)\r\nHost: www.example.org\r\n\r\n")
        #expect(text(HTTPURL()) == "GET / HTTP/1.0\r\n\(agent)\r\nHost: 192.0.2.21:8080\r\n\r\n")
    }

    @Test(arguments: [
        (HTTPVersion.v10, "1.0", false), (.v10Close, "1.0", true), (.v11, "1.1", true),
    ])
    func `a version has its number, and says that it closes`(
        version: HTTPVersion, number: String, closes: Bool
    ) {
        let request = String(
            decoding: HTTPRequest.text(HTTPURL(), from: target, version: version), as: UTF8.self)
        #expect(request.hasPrefix("GET / HTTP/\(number)\r\n"))
        #expect(request.contains("\r\nConnection: close\r\n") == closes)
        #expect(request.hasSuffix("\r\n\r\n") && request.split(separator: "\r\n\r\n").count == 1)
    }

    @Test func `a method and lines of one's own go along`() {
        var url = HTTPURL(path: "/x", host: "h")
        url.method = .head
        url.headers = ["X-Probe: yes", "Accept: */*"]
        let agent = "User-Agent: KeepAliveClient (Holdfast)"
        #expect(
            text(url) == "HEAD /x HTTP/1.0\r\n\(agent)\r\nHost: h\r\nX-Probe: yes\r\nAccept: */*\r\n\r\n")
        url.method = .options
        #expect(text(url).hasPrefix("OPTIONS /x HTTP/1.0\r\n"))
    }

    @Test func `an IPv6 target is bracketed`() {
        let endpoint = Endpoint(.v6(IPv6Address(high: 0x2001_0DB8_0000_0000, low: 1)), port: 80)
        let request = String(decoding: HTTPRequest.text(HTTPURL(), from: endpoint), as: UTF8.self)
        #expect(request.contains("\r\nHost: [2001:db8::1]:80\r\n"))
    }

    @Test(
        arguments: [
            ("", "/"), ("/a b", "/a%20b"), ("/a\r\nX: y", "/a%0D%0AX:%20y"), ("/é", "/%C3%A9"),
            ("/100%25", "/100%25"), ("/\u{0}", "/%00"), ("/\u{7F}", "/%7F"),
        ])
    func `a path cannot leave the request line`(path: String, expected: String) {
        #expect(text(HTTPURL(path: path)).hasPrefix("GET \(expected) HTTP/1.0\r\n"))
    }

    @Test func `a host cannot add header lines`() {
        let request = text(HTTPURL(host: "a\r\nCookie: b\r\n\r\nGET /"))
        #expect(request.split(separator: "\r\n").count == 3)
        #expect(request.contains("\r\nHost: a%0D%0ACookie:%20b%0D%0A%0D%0AGET%20/\r\n\r\n"))
    }
}
