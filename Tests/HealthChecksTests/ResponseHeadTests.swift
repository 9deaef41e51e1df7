import Testing

@testable import HealthChecks

/// A small generator for repeatable fuzzing (SplitMix64, by Steele, Lea and Flood).
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

struct ResponseHeadTests {
    private func progress(_ text: String) -> ResponseHead.Progress {
        var head = ResponseHead()
        return head.feed(Array(text.utf8))
    }

    @Test(
        arguments: [
            ("HTTP/1.0 200 OK\r\n\r\n", 200, "OK"),
            ("HTTP/1.1 204\r\n\r\n", 204, ""),
            ("HTTP/1.1 204 \r\n\r\n", 204, ""),
            ("HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\n\r\nbody", 503, "Service Unavailable"),
            ("HTTP/1.1 200 OK\nServer: old\n\n", 200, "OK"),
            ("HTTP/1.1 404 Nicht gefunden \u{E4}\r\n\r\n", 404, "Nicht gefunden ??"),
            ("HTTP/1.1 200 OK\r\nno colon here\r\n folded\r\n:\r\n\r\n", 200, "OK"),
            ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", 200, "OK"),
            (
                "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 x\r\n\r\nHTTP/1.1 500 E\r\n\r\n",
                500, "E"
            ),
            ("HTTP/1.1 101 Switching Protocols\r\n\r\n", 101, "Switching Protocols"),
            ("HTTP/1.9 999 ?\r\n\r\n", 999, "?"),
        ] as [(String, UInt16, String)])
    func `heads are read whatever the server's dialect`(text: String, status: UInt16, reason: String) {
        #expect(progress(text) == .complete(status: status, reason: reason))
    }

    @Test(
        arguments: [
            ("200 OK\r\n\r\n", .untilClosed), ("200 OK\r\nContent-Length: 5\r\n\r\n", .length(5)),
            ("200 OK\r\ncontent-LENGTH:5 \r\n\r\n", .length(5)),
            ("200 OK\nContent-Length: 0\n\n", .length(0)),
            ("200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n", .chunked),
            ("200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", .chunked),
            ("200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n", .length(5)),
            ("200 OK\r\nX-Content-Length: 5\r\nContent-Length-X: 6\r\n\r\n", .untilClosed),
            ("204 No\r\nContent-Length: 5\r\n\r\n", .length(0)), ("304 No\r\n\r\n", .length(0)),
            ("100 C\r\nContent-Length: 9\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", .untilClosed),
            (
                "200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
                .unclear("malformed Content-Length")
            ),
            ("200 OK\r\nContent-Length: -5\r\n\r\n", .unclear("malformed Content-Length")),
            ("200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n", .unclear("malformed Content-Length")),
            ("200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", .unclear("unknown transfer encoding")),
            ("200 OK\r\nTransfer-Encoding: identity\r\n\r\n", .untilClosed),
        ] as [(String, BodyFraming)])
    func `the head says where the body ends`(text: String, framing: BodyFraming) {
        for size in [1, 7, .max] {
            var head = ResponseHead()
            var rest = Array("HTTP/1.1 \(text)".utf8)[...]
            while !rest.isEmpty {
                _ = head.feed(rest.prefix(size))
                rest = rest.dropFirst(size)
            }
            #expect(head.framing == framing)
        }
    }

    @Test(
        arguments: [
            "SSH-2.0-OpenSSH_9.2\r\n", "\u{16}\u{3}\u{1}", "http/1.1 200 OK\r\n", "HTTP/2.0 200 OK\r\n",
            " HTTP/1.1 200 OK\r\n", "\r\nHTTP/1.1 200 OK\r\n", "HTTP/1.1  200 OK\r\n", "HTTP/1.1 20 OK\r\n",
            "HTTP/1.1 2000 OK\r\n", "HTTP/1.1 099 OK\r\n", "HTTP/1.1 +20 OK\r\n", "HTTP/1.1 200\tOK\r\n",
            "HTTP/1.x 200 OK\r\n", "HTTP/1.1\r\n", "HTTP/1.10 200 OK\r\n", "HTTP/1.1 200 O\u{0}K\r\n",
            "HTTP/1.1 200 O\rK\r\n", "HTTP/1.1 200 OK\r\r\n", "HTTP/1.1 \u{FF12}00 OK\r\n", "<html>",
            "220 smtp ready\r\n",
        ])
    func `a status line that is none is told as soon as it is seen`(text: String) {
        guard case .malformed = progress(text) else {
            Issue.record("accepted \(text.debugDescription) as \(progress(text))")
            return
        }
    }

    @Test(arguments: [
        "", "H", "HTTP/1.1 200 OK", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nA: b\r\n",
        "HTTP/1.1 200 OK\nx\n",
        "HTTP/1.1 100 C\r\n\r\n",
    ])
    func `a beginning is incomplete`(text: String) {
        #expect(progress(text) == .incomplete)
    }

    @Test(
        arguments: [
            "HTTP/1.1 200 OK\r\nServer: x\r\nA: b\r\n\r\nbody\r\n\r\n",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 302 Found\nLocation: /\n\n<html>",
            "HTTP/1.0 503\r\n\r\n", "HTTP/1.1 200 OK\rX\r\n\r\n", "GIF89a",
        ])
    func `every split into two or three fragments reads the same`(text: String) {
        let octets = Array(text.utf8)
        let whole = progress(text)
        for first in 0...octets.count {
            for second in first...octets.count {
                var head = ResponseHead()
                _ = head.feed(octets[..<first])
                _ = head.feed(octets[first..<second])
                #expect(head.feed(octets[second...]) == whole, "split at \(first) and \(second)")
            }
        }
    }

    @Test(
        arguments: [
            ("HTTP/1.1 200 " + String(repeating: "r", count: 5000), "status line over 1024 octets"),
            (
                "HTTP/1.1 200 OK\r\nX: " + String(repeating: "h", count: 17_000),
                "header line over 16384 octets"
            ),
            ("HTTP/1.1 200 OK\r\n" + String(repeating: "X: y\r\n", count: 100_000), "head over 65536 octets"),
            (String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 10_000), "head over 65536 octets"),
        ])
    func `an endless head ends at a limit`(text: String, reason: String) {
        #expect(progress(text) == .malformed(reason))
    }

    @Test func `lines at their limits are accepted`() {
        let status = "HTTP/1.1 200 " + String(repeating: "r", count: Limits.statusLineOctets - 14) + "\r\n"
        let header = String(repeating: "h", count: Limits.headerLineOctets - 1) + "\r\n"
        let expected = String(repeating: "r", count: Limits.reasonCharacters)
        #expect(progress(status + header + "\r\n") == .complete(status: 200, reason: expected))
    }

    @Test func `octets after the end change nothing`() {
        var head = ResponseHead()
        let first = head.feed(Array("HTTP/1.1 200 OK\r\n\r\n".utf8))
        let count = head.count
        #expect(head.feed(Array("HTTP/1.1 500 Late\r\n\r\n".utf8)) == first)
        #expect(head.count == count)
    }

    @Test func `the place where a response broke off is told`() {
        var head = ResponseHead()
        #expect(head.position == "before any answer")
        _ = head.feed(Array("HTTP/1.1 2".utf8))
        #expect(head.position == "after 10 octets of the head")
    }

    @Test(arguments: 0..<64 as Range<UInt64>)
    func `damaged heads never trap, and fragments never matter`(seed: UInt64) {
        var generator = SeededGenerator(state: seed)
        let valid = Array("HTTP/1.1 100 C\r\n\r\nHTTP/1.1 200 OK\r\nServer: x\r\nA: b\r\n\r\n".utf8)
        for _ in 0..<200 {
            var octets = valid
            for _ in 0..<Int.random(in: 0...4, using: &generator) {
                let place = Int.random(in: 0..<octets.count, using: &generator)
                switch Int.random(in: 0...3, using: &generator) {
                case 0: octets[place] = UInt8.random(in: 0...255, using: &generator)
                case 1: octets.insert(UInt8.random(in: 0...255, using: &generator), at: place)
                case 2 where octets.count > 1: octets.remove(at: place)
                default: octets[place] ^= 1 << UInt8.random(in: 0...7, using: &generator)
                }
            }
            var whole = ResponseHead()
            let expected = whole.feed(octets)
            var pieces = ResponseHead()
            var got = ResponseHead.Progress.incomplete
            var rest = octets[...]
            while !rest.isEmpty {
                let count = Int.random(in: 1...rest.count, using: &generator)
                got = pieces.feed(rest.prefix(count))
                rest = rest.dropFirst(count)
            }
            #expect(got == expected, "seed \(seed): \(octets)")
        }
    }
}
