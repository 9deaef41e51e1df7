import Testing

@testable import Lab

@Suite struct LineBufferTests {
    @Test(arguments: 1...7)
    func `lines come out whole whatever the pieces`(size: Int) {
        var buffer = LineBuffer()
        var lines: [String] = []
        var rest = Array("one\n\ntwo\nthree".utf8)[...]
        while !rest.isEmpty {
            lines += buffer.take(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        #expect(lines == ["one", "", "two"])
        #expect(buffer.take(Array("\n".utf8)) == ["three"])
    }

    @Test func `a line beyond the limit is dropped, the next one is not`() {
        var buffer = LineBuffer(limit: 5)
        #expect(buffer.take(Array("123456".utf8)) == [])
        #expect(buffer.take(Array("789\nnext\n".utf8)) == ["next"])
        #expect(buffer.take(Array("12345\n".utf8)) == ["12345"])
    }
}
