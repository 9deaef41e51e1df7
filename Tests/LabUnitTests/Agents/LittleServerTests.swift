import Testing

@testable import Lab

@Suite struct LittleServerTests {
    private func text(_ answer: ServerDialogue.Answer) -> String {
        String(decoding: answer.octets, as: UTF8.self)
    }

    @Test func `a line comes back behind the server's name`() {
        var dialogue = ServerDialogue(name: "rs1")
        let answer = dialogue.take(Array("?\nhello\n".utf8))
        #expect(text(answer) == "rs1 ?\nrs1 hello\n")
        #expect(!answer.closes)
    }

    @Test func `a request gets a page that names the server, and the connection ends`() {
        var dialogue = ServerDialogue(name: "rs2")
        let answer = dialogue.take(Array("GET / HTTP/1.0\r\nHost: x\r\n\r\n".utf8))
        #expect(text(answer).hasPrefix("HTTP/1.0 200 OK\r\n"))
        #expect(text(answer).contains("Content-Length: 4\r\n"))
        #expect(text(answer).hasSuffix("\r\n\r\nrs2\n"))
        #expect(answer.closes)
    }

    @Test func `HEAD gets the head alone`() {
        var dialogue = ServerDialogue(name: "rs2")
        let answer = dialogue.take(Array("HEAD / HTTP/1.1\r\n\r\n".utf8))
        #expect(text(answer).hasSuffix("\r\n\r\n"))
    }

    @Test func `a request in pieces is answered once, at its end`() {
        var dialogue = ServerDialogue(name: "rs1")
        for octet in Array("GET / HTTP/1.0\r\n\r".utf8) {
            let answer = dialogue.take([octet])
            #expect(answer.octets.isEmpty)
            #expect(!answer.closes)
        }
        let answer = dialogue.take([UInt8(ascii: "\n")])
        #expect(answer.closes)
    }

    @Test func `a flood without an end is cut off`() {
        var dialogue = ServerDialogue(name: "rs1")
        let answer = dialogue.take([UInt8](repeating: UInt8(ascii: "x"), count: 9000))
        #expect(answer.closes)
    }
}
