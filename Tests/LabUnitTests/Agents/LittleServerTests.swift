import LinuxIO
import Testing
import Timekeeping

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

    @Test func `lines and pages come over a connection`() throws {
        let (server, endpoint) = try AgentProcess.server("rs7")
        let lines = try LoopbackClient(endpoint)
        #expect(try lines.ask("?\n") == "rs7 ?\n")
        let page = try LoopbackClient(endpoint).ask("GET / HTTP/1.0\r\n\r\n") { _ in false }
        #expect(page.hasPrefix("HTTP/1.0 200 OK\r\n"))
        #expect(page.hasSuffix("\r\n\r\nrs7\n"))
        // The page's connection has ended, the other one goes on.
        #expect(try lines.ask("again\n") == "rs7 again\n")
        #expect(try server.end() == .exited(0))
    }

    @Test func `a server that may open no more drops who was silent longest`() throws {
        let (server, endpoint) = try AgentProcess.server("rs7", openFiles: 24)
        let faithful = try LoopbackClient(endpoint)
        var silent: [LoopbackClient] = []
        for number in 0..<60 {
            let client = try LoopbackClient(endpoint)
            #expect(try client.ask("\(number)\n") == "rs7 \(number)\n")
            #expect(try faithful.ask("?\n") == "rs7 ?\n")
            silent.append(client)
        }
        #expect(try silent[0].socket.read() == .ended)
        #expect(try server.end() == .exited(0))
    }

    @Test func `who does not take its answers is not listened to`() throws {
        let (server, endpoint) = try AgentProcess.server("rs7")
        let client = try LoopbackClient(endpoint)
        let line = String(repeating: "x", count: 1023) + "\n"
        let piece = Array(String(repeating: line, count: 64).utf8)[...]
        // More than the sockets' buffers of both sides hold together.
        let limit = 64 << 20
        var (sent, progress) = (0, Clock.now())
        while sent < limit, Clock.now() - progress < .seconds(2) {
            guard let count = try client.socket.write(piece) else {
                Scheduling.sleep(.milliseconds(5))
                continue
            }
            sent += count
            progress = Clock.now()
        }
        #expect(sent < limit)
        #expect(try LoopbackClient(endpoint).ask("?\n") == "rs7 ?\n")
        #expect(try server.end() == .exited(0))
    }
}
