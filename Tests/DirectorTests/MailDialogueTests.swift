import Testing

@testable import Director

@Suite struct MailDialogueTests {
    private static let envelope = MailEnvelope(
        sender: "lvs@example.com", recipients: ["a@example.com", "b@example.com"], greeting: "host.example",
        director: "lvs-a")

    private func dialogue(_ envelope: MailEnvelope = envelope) -> MailDialogue {
        MailDialogue(envelope, text: Array("text\r\n.\r\n".utf8))
    }

    /// What the client says to each of the server's replies.
    private func play(_ replies: [String], _ dialogue: MailDialogue? = nil) -> [MailDialogue.Step] {
        var client = dialogue ?? self.dialogue()
        return replies.map { client.receive(Array($0.utf8)) }
    }

    private func send(_ line: String) -> MailDialogue.Step { .send(Array("\(line)\r\n".utf8)) }

    private static let good = [
        "220 mail.example ESMTP\r\n", "250 hello\r\n", "250 ok\r\n", "250 ok\r\n", "250 ok\r\n",
        "354 go on\r\n", "250 queued\r\n",
    ]

    private var delivered: [MailDialogue.Step] {
        [
            send("HELO host.example"), send("MAIL FROM:<lvs@example.com>"),
            send("RCPT TO:<a@example.com>"), send("RCPT TO:<b@example.com>"), send("DATA"),
            .send(Array("text\r\n.\r\n".utf8)), .delivered(Array("QUIT\r\n".utf8)),
        ]
    }

    @Test func `a mail is delivered`() {
        #expect(play(Self.good) == delivered)
    }

    @Test func `replies may have several lines, and come octet by octet`() {
        var client = dialogue()
        var steps: [MailDialogue.Step] = []
        for reply in Self.good {
            let long = reply.prefix(3) + "-first\r\n" + reply.prefix(3) + "-second\n" + reply
            for octet in long.utf8 { steps.append(client.receive([octet])) }
        }
        #expect(steps.filter { $0 != .wait } == delivered)
    }

    @Test func `a recipient that is refused does not keep the others from their mail`() {
        var replies = Self.good
        replies[3] = "550 no such user\r\n"
        #expect(play(replies) == delivered)
        replies[4] = "550 nor this one\r\n"
        #expect(play(Array(replies[..<5])).last == .failed("550 nor this one"))
    }

    @Test(arguments: [0, 1, 2, 5, 6]) func `any other refusal ends it, and is told`(stage: Int) {
        var replies = Array(Self.good[...stage])
        replies[stage] = "451 \(stage): not now\r\n"
        #expect(play(replies).last == .failed("451 \(stage): not now"))
    }

    @Test(arguments: ["hello\r\n", "\r\n", "22\r\n", "-20 x\r\n", "2x0 a\r\n", "é\r\n"])
    func `what is no reply ends it`(reply: String) {
        guard case .failed = play([reply]).first else {
            Issue.record("\(reply)")
            return
        }
    }

    @Test func `a server that speaks out of turn is not believed`() {
        #expect(play(["220 a\r\n250 b\r\n"]) == [.failed("it speaks out of turn")])
    }

    @Test func `a reply without an end is bounded`() {
        var client = dialogue()
        var steps: [MailDialogue.Step] = []
        for _ in 1...20 { steps.append(client.receive([UInt8](repeating: 0x32, count: 1024))) }
        #expect(steps.contains(.failed("it does not come to an end")))
    }

    @Test func `a connection that is closed early is a failure, later it is not`() {
        var client = dialogue()
        #expect(client.close() == .failed("it closed the connection"))
        #expect(client.close() == nil)
        var done = dialogue()
        for reply in Self.good { _ = done.receive(Array(reply.utf8)) }
        #expect(done.close() == nil)
        #expect(done.receive(Array("221 bye\r\n".utf8)) == .wait)
    }

    @Test func `no address or name can end its command`() {
        let evil = MailEnvelope(
            sender: "a> \r\nRCPT TO:<x", recipients: ["b\r\nDATA"], greeting: "h\r\nQUIT", director: "d")
        let said = play(Array(Self.good[...3]), dialogue(evil))
        #expect(
            said == [
                send("HELO h??QUIT"), send("MAIL FROM:<a????RCPT?TO:?x>"), send("RCPT TO:<b??DATA>"),
                send("DATA"),
            ])
    }

    @Test func `what is left of a failure is printable`() {
        #expect(play(["554 \u{1B}[31m\0no\r\n"]) == [.failed("554 ?[31m?no")])
    }

    @Test func `nothing a server can say traps`() {
        var random = UInt64(1)
        for _ in 0..<2000 {
            var client = dialogue()
            for _ in 0..<8 {
                random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let length = Int(random >> 60)
                let octets = (0..<length).map { UInt8(truncatingIfNeeded: random >> UInt64($0 * 4)) }
                _ = client.receive(octets + (random & 1 == 0 ? [0x0D, 0x0A] : Array("250 x\r\n".utf8)))
            }
        }
    }
}
