import Lab
import Testing

@Suite struct OutputTrailerTests {
    private static let nonce = "cafecafebeef"

    /// Feeds `text` in pieces of `size`; what came through and the status.
    private func pass(_ text: String, pieces size: Int) -> (output: String, status: Int32?) {
        var trailer = OutputTrailer(nonce: Self.nonce)
        var output: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            output += trailer.pass(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        output += trailer.remainder()
        return (String(decoding: output, as: UTF8.self), trailer.status)
    }

    @Test(arguments: 1...20)
    func `the trailer is taken off whatever the pieces`(size: Int) {
        let result = pass("one\ncafe\ntwo\(Self.nonce) 42\n", pieces: size)
        #expect(result.output == "one\ncafe\ntwo")
        #expect(result.status == 42)
    }

    @Test(arguments: 1...20)
    func `output that only begins like the trailer comes through`(size: Int) {
        let text = "cafecafecafecafebeefcafecafebee"
        let result = pass(text, pieces: size)
        #expect(result.output == text)
        #expect(result.status == nil)
    }

    @Test func `output is passed on at once when it cannot be a trailer`() {
        var trailer = OutputTrailer(nonce: Self.nonce)
        #expect(trailer.pass(Array("progress 1".utf8)) == Array("progress 1".utf8))
        #expect(trailer.pass(Array("caf".utf8)).isEmpty)
        #expect(trailer.pass(Array("es".utf8)) == Array("cafes".utf8))
    }

    @Test func `a command without output has a trailer only`() {
        #expect(pass("\(Self.nonce) 0\n", pieces: 5) == ("", 0))
    }

    @Test func `a trailer without its end gives no status and shows nothing`() {
        let result = pass("x\(Self.nonce) 4", pieces: 100)
        #expect(result.output == "x")
        #expect(result.status == nil)
    }
}
