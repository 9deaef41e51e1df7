/// Reads one reply of a mail server from fragments of any size (RFC 5321 section 4.2).
struct SMTPReply: Sendable {
    /// How far a reply has come.
    enum Progress: Hashable, Sendable {
        case incomplete
        case complete(code: Int, text: String)
        /// Not a reply, or beyond a limit; says what is wrong.
        case malformed(String)
    }

    private var line: [UInt8] = []
    private var count = 0
    /// What came behind the last line of the reply.
    private(set) var rest: [UInt8] = []

    /// Takes the next octets.
    mutating func feed(_ octets: [UInt8]) -> Progress {
        for (place, octet) in octets.enumerated() {
            count += 1
            guard count <= Limits.replyOctets else {
                return .malformed("reply over \(Limits.replyOctets) octets")
            }
            guard octet == UInt8(ascii: "\n") else {
                guard line.count < Limits.replyLineOctets else {
                    return .malformed("reply line over \(Limits.replyLineOctets) octets")
                }
                line.append(octet)
                continue
            }
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            let code = String(decoding: line.prefix(3), as: UTF8.self)
            guard let code = Int(code), (100...599).contains(code) else {
                return .malformed("not an SMTP reply")
            }
            if line.count == 3 || line[3] == UInt8(ascii: " ") {
                rest = Array(octets[(place + 1)...])
                return .complete(code: code, text: printable(line, limit: Limits.reasonCharacters))
            }
            guard line[3] == UInt8(ascii: "-") else { return .malformed("not an SMTP reply") }
            line.removeAll(keepingCapacity: true)
        }
        return .incomplete
    }
}

/// The probe of `SMTP_CHECK`: the greeting 220, HELO and its answer 250, and QUIT.
struct SMTPDialogue: ProbeMachine {
    private enum Stage: Sendable {
        case connecting
        case greeted(SMTPReply)
        case introduced(SMTPReply)
    }

    private let check: SMTPCheck
    private var stage = Stage.connecting

    init(_ check: SMTPCheck) { self.check = check }

    func start() -> ProbeStep { .perform(.connect(to: check.target, from: check.source)) }

    mutating func handle(_ event: ProbeEvent) -> ProbeStep {
        if case .unavailable(let text) = event { return .finish(.notProbed, text, .disconnect) }
        switch (stage, event) {
        case (.connecting, .connected):
            stage = .greeted(SMTPReply())
            return .none
        case (.connecting, .failed(let text)): return .finish(.connectionFailed, text, .disconnect)
        case (.connecting, .timedOut): return .finish(.connectTimedOut, "no connection", .disconnect)
        case (.connecting, _): return .none
        case (.greeted(var reply), .received(let octets)):
            let progress = reply.feed(octets)
            stage = .greeted(reply)
            return advance(progress, expecting: 220, reply.rest)
        case (.introduced(var reply), .received(let octets)):
            let progress = reply.feed(octets)
            stage = .introduced(reply)
            return advance(progress, expecting: 250)
        case (_, .closed): return .finish(.badResponse, "connection closed before \(awaited)", .disconnect)
        case (_, .failed(let text)): return .finish(.badResponse, "\(text) before \(awaited)", .disconnect)
        case (_, .timedOut): return .finish(.responseTimedOut, "no \(awaited)", .disconnect)
        default: return .none
        }
    }

    private var awaited: String { if case .introduced = stage { "answer to HELO" } else { "greeting" } }

    private mutating func advance(
        _ progress: SMTPReply.Progress, expecting expected: Int, _ rest: [UInt8] = []
    ) -> ProbeStep {
        switch progress {
        case .incomplete: return .none
        case .malformed(let reason): return .finish(.badResponse, reason, .disconnect)
        case .complete(let code, let text):
            guard code == expected else { return .finish(.wrongStatus, text, .disconnect) }
            guard expected == 220 else {
                return .finish(.accepted, text, .send(Array("QUIT\r\n".utf8)), .disconnect)
            }
            // What a server says before it is asked counts, however its octets were cut.
            var reply = SMTPReply()
            let progress = reply.feed(rest)
            stage = .introduced(reply)
            var step = advance(progress, expecting: 250)
            step.actions.insert(.send(Array("HELO \(check.heloName)\r\n".utf8)), at: 0)
            return step
        }
    }
}
