import Testing

@testable import HealthChecks

struct ResponseBodyTests {
    /// What comes of `text` in fragments of `size` octets, and the body.
    private func read(
        _ framing: BodyFraming, _ text: String, size: Int = .max, ends: Bool = false
    ) -> (ResponseBody.Progress, String) {
        var body = ResponseBody(framing)
        var progress = body.feed([])
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            progress = body.feed(rest.prefix(size))
            rest = rest.dropFirst(size)
        }
        if ends { progress = body.end() }
        return (progress, String(decoding: body.octets, as: UTF8.self))
    }

    @Test func `a body has a limit of its own, below the common one`() {
        var body = ResponseBody(.untilClosed, limit: 5)
        #expect(body.feed([1, 2, 3, 4, 5]) == .incomplete)
        #expect(body.feed([6]) == .malformed("body over 5 octets"))
        var exact = ResponseBody(.length(5), limit: 5)
        #expect(exact.feed([1, 2, 3, 4, 5]) == .complete)
        var common = ResponseBody(.untilClosed, limit: .max)
        #expect(common.feed([UInt8](repeating: 0, count: 1 << 20)[...]) == .incomplete)
        #expect(common.feed([0]) == .malformed("body over 1048576 octets"))
    }

    private static let chunked = "5\r\nhello\r\nA;x=y\r\n, world123\r\n0\r\nTrailer: t\r\n\r\n"

    @Test(arguments: [1, 2, 3, 5, 7, 100]) func `chunks are put together however they come`(size: Int) {
        let (progress, body) = read(.chunked, Self.chunked + "more", size: size)
        #expect(progress == .complete)
        #expect(body == "hello, world123")
    }

    @Test func `every prefix of chunks is incomplete, and closing there is an error`() {
        for count in 0..<Self.chunked.utf8.count {
            let text = String(decoding: Self.chunked.utf8.prefix(count), as: UTF8.self)
            #expect(read(.chunked, text).0 == .incomplete, "\(count)")
            guard case .malformed = read(.chunked, text, ends: true).0 else {
                Issue.record("\(count) octets are accepted")
                continue
            }
        }
    }

    @Test(arguments: [
        "x\r\n", "\r\n", ";\r\n", "-1\r\n", "5\r\nhelloX", "000000001\r\n", "FFFFFFFFF\r\n", "5 x 5\n123456",
    ])
    func `what are no chunks is told`(text: String) {
        guard case .malformed = read(.chunked, text).0 else {
            Issue.record("\(text.debugDescription) is accepted")
            return
        }
    }

    @Test func `extensions and trailers end`() {
        let long = String(repeating: "e", count: Limits.chunkLineOctets)
        #expect(read(.chunked, "5;\(long)").0 == .malformed("endless chunk extension"))
        let line = "a: b\r\n"
        let trailer = String(repeating: line, count: Limits.headOctets / line.utf8.count + 1)
        #expect(read(.chunked, "0\r\n\(trailer)").0 == .malformed("endless trailer"))
    }

    @Test func `a counted body ends after its octets`() {
        #expect(read(.length(0), "").0 == .complete)
        #expect(read(.length(5), "hell").0 == .incomplete)
        #expect(
            read(.length(5), "hell", ends: true).0
                == .malformed("connection closed after 4 octets of the body"))
        for size in 1...6 {
            let (progress, body) = read(.length(5), "hello and more", size: size)
            #expect(progress == .complete && body == "hello")
        }
    }

    @Test func `a body until the end takes what comes`() {
        #expect(read(.untilClosed, "hello").0 == .incomplete)
        let (progress, body) = read(.untilClosed, "hello", size: 2, ends: true)
        #expect(progress == .complete && body == "hello")
    }

    @Test(arguments: [BodyFraming.untilClosed, .length(.max), .chunked])
    func `no body is endless`(framing: BodyFraming) {
        var body = ResponseBody(framing)
        if framing == .chunked { _ = body.feed(Array("FFFFFFF\r\n".utf8)[...]) }
        let block = [UInt8](repeating: 0x61, count: 64 << 10)
        var fed = 0
        while body.feed(block[...]) == .incomplete {
            fed += block.count
            guard fed <= 2 * Limits.bodyOctets else { break }
        }
        #expect(body.feed([]) == .malformed("body over \(Limits.bodyOctets) octets"))
        #expect(fed <= Limits.bodyOctets)
        #expect(body.octets.isEmpty, "what is refused is not kept")
    }

    @Test func `an unclear framing is an error at once`() {
        #expect(read(.unclear("why"), "").0 == .malformed("why"))
        #expect(read(.unclear("why"), "x", ends: true).0 == .malformed("why"))
    }

    @Test(arguments: 0..<50 as Range<UInt64>) func `damage is survived`(seed: UInt64) {
        var generator = SeededGenerator(state: seed)
        for _ in 0..<50 {
            var octets = Array(Self.chunked.utf8)
            for _ in 0..<3 {
                let index = Int.random(in: 0..<octets.count, using: &generator)
                octets[index] = UInt8.random(in: 0...255, using: &generator)
            }
            var body = ResponseBody(.chunked)
            let progress = body.feed(octets[...])
            #expect(body.end() == progress || progress == .incomplete)
            #expect(body.octets.count <= octets.count)
        }
    }
}
