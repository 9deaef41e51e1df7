/// The client's side of one SMTP session that delivers one mail (RFC 5321): greeting, HELO, MAIL, RCPT for
/// each recipient, DATA, QUIT. A value: octets of the server go in, what to send comes out. It knows no time;
/// who holds it gives up when the server takes too long.
///
/// A recipient that is refused does not keep the others from their mail.
struct MailDialogue: Sendable {
    /// What comes of the server's octets.
    enum Step: Hashable, Sendable {
        /// Send this, then listen.
        case send([UInt8])
        /// Listen.
        case wait
        /// The server has taken the mail. Send this and close.
        case delivered([UInt8])
        /// It has not; says why. Close.
        case failed(String)
    }

    private enum Stage: Hashable, Sendable {
        case greeting
        case hello
        case sender
        case recipient(Int)
        case data
        case text
        case over
    }

    /// A reply has at most so many octets (RFC 5321 section 4.5.3.1.5 wants 512 a line).
    static let replyLimit = 16 << 10

    private let envelope: MailEnvelope
    private let text: [UInt8]
    private var stage = Stage.greeting
    private var received: [UInt8] = []
    private var accepted = 0
    private var refusal: String?

    /// A session for a mail whose DATA is `text`.
    init(_ envelope: MailEnvelope, text: [UInt8]) {
        self.envelope = envelope
        self.text = text
    }

    /// The server has sent something.
    mutating func receive(_ octets: some Sequence<UInt8>) -> Step {
        guard stage != .over else { return .wait }
        received += octets
        guard let reply = nextReply() else {
            return received.count > Self.replyLimit ? fail("it does not come to an end") : .wait
        }
        // A client that has said nothing new must not hear more: what came early is nonsense.
        guard received.isEmpty else { return fail("it speaks out of turn") }
        return answer(reply)
    }

    /// The server has closed.
    mutating func close() -> Step? { stage == .over ? nil : fail("it closed the connection") }

    private mutating func answer(_ reply: (code: Int, line: String)) -> Step {
        switch stage {
        case .greeting:
            guard reply.code == 220 else { return fail(reply.line) }
            return say("HELO \(Self.word(envelope.greeting))", then: .hello)
        case .hello:
            guard reply.code == 250 else { return fail(reply.line) }
            return say("MAIL FROM:<\(Self.word(envelope.sender))>", then: .sender)
        case .sender:
            guard reply.code == 250 else { return fail(reply.line) }
            return recipient(0)
        case .recipient(let index):
            if reply.code == 250 || reply.code == 251 { accepted += 1 } else { refusal = reply.line }
            guard index + 1 >= envelope.recipients.count else { return recipient(index + 1) }
            return accepted > 0 ? say("DATA", then: .data) : fail(refusal ?? "nobody wants it")
        case .data:
            guard reply.code == 354 else { return fail(reply.line) }
            stage = .text
            return .send(text)
        case .text:
            guard reply.code == 250 else { return fail(reply.line) }
            stage = .over
            return .delivered(Array("QUIT\r\n".utf8))
        case .over: return .wait
        }
    }

    private mutating func recipient(_ index: Int) -> Step {
        guard envelope.recipients.indices.contains(index) else { return fail("there is no recipient") }
        return say("RCPT TO:<\(Self.word(envelope.recipients[index]))>", then: .recipient(index))
    }

    private mutating func say(_ line: String, then next: Stage) -> Step {
        stage = next
        return .send(Array("\(line)\r\n".utf8))
    }

    private mutating func fail(_ why: String) -> Step {
        stage = .over
        return .failed(why)
    }

    /// A whole reply, of one line or several (`250-...`), taken from what was received; nil when it is not
    /// all there. A line that is no reply has code 0.
    private mutating func nextReply() -> (code: Int, line: String)? {
        var start = 0
        while let end = received[start...].firstIndex(of: UInt8(ascii: "\n")) {
            let line = received[start..<end].filter { $0 != UInt8(ascii: "\r") }
            start = end + 1
            let code = line.count >= 3 ? Int(String(decoding: line[0..<3], as: UTF8.self)) : nil
            if code != nil, line.count > 3, line[3] == UInt8(ascii: "-") { continue }
            received.removeFirst(start)
            return (code ?? 0, MailText.line(String(decoding: line.prefix(200), as: UTF8.self)))
        }
        return nil
    }

    /// What may stand within a command: no blank, no angle bracket, nothing that is not printable.
    private static func word(_ text: String) -> String {
        String(
            decoding: text.utf8.map { octet in
                (0x21...0x7E).contains(octet) && !"<>".utf8.contains(octet) ? octet : UInt8(ascii: "?")
            }, as: UTF8.self)
    }
}
