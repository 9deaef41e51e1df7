import NetTypes
import Testing

@testable import HealthChecks

struct SMTPDialogueTests {
    private let target = Endpoint(.v4(IPv4Address(192, 0, 2, 21)), port: 25)

    private func said(_ text: String) -> ProbeEvent { .received(Array(text.utf8)) }

    private func greeted() -> SMTPDialogue {
        var probe = SMTPDialogue(SMTPCheck(target: target, heloName: "director.example.org"))
        #expect(probe.start() == .perform(.connect(to: target)))
        #expect(probe.handle(.connected) == .none)
        return probe
    }

    private func introduced() -> SMTPDialogue {
        var probe = greeted()
        let helo = ProbeAction.send(Array("HELO director.example.org\r\n".utf8))
        #expect(probe.handle(said("220 mail ready\r\n")) == .perform(helo))
        return probe
    }

    @Test func `a whole dialogue is good, and ends politely`() {
        var probe = introduced()
        let step = probe.handle(said("250 director.example.org\r\n"))
        let quit = ProbeAction.send(Array("QUIT\r\n".utf8))
        #expect(step == .finish(.accepted, "250 director.example.org", quit, .disconnect))
    }

    @Test(
        arguments: [
            ("554 go away\r\n", .wrongStatus, "554 go away"), ("250 early\r\n", .wrongStatus, "250 early"),
            ("HTTP/1.1 400 Bad\r\n", .badResponse, "not an SMTP reply"),
            ("22\r\n", .badResponse, "not an SMTP reply"),
            ("220_\r\n", .badResponse, "not an SMTP reply"), ("999 x\r\n", .badResponse, "not an SMTP reply"),
        ] as [(String, ProbeOutcome, String)])
    func `another greeting is a failure`(text: String, outcome: ProbeOutcome, detail: String) {
        var probe = greeted()
        #expect(probe.handle(said(text)) == .finish(outcome, detail, .disconnect))
    }

    @Test func `another answer to HELO is a failure`() {
        var probe = introduced()
        #expect(probe.handle(said("501 no\r\n")) == .finish(.wrongStatus, "501 no", .disconnect))
    }

    @Test(arguments: 1...9) func `replies come in fragments and lines`(size: Int) {
        var probe = greeted()
        var rest = Array("220-mail\r\n220-\n220 ready\r\n".utf8)[...]
        var step = ProbeStep.none
        while !rest.isEmpty {
            #expect(step == .none)
            step = probe.handle(.received(Array(rest.prefix(size))))
            rest = rest.dropFirst(size)
        }
        #expect(step.actions.count == 1)
    }

    @Test(arguments: ["250 early\r\n", "2", "250-a\r\n25", "501 no\r\n", "rubbish\r\n"])
    func `what is said before it is asked counts, in the same octets or after them`(early: String) {
        var together = greeted()
        let one = together.handle(said("220 ready\r\n\(early)"))
        var apart = greeted()
        let hello = apart.handle(said("220 ready\r\n"))
        let other = apart.handle(said(early))
        #expect(one.actions == hello.actions + other.actions && one.result == other.result)
        #expect((one.result == nil) == !early.hasSuffix("\r\n"))
        let rest = ["250-a\r\n25": "0 b\r\n", "2": "50 b\r\n"][early] ?? ""
        #expect(together.handle(said(rest)) == apart.handle(said(rest)))
    }

    @Test func `endless lines and replies end`() {
        var line = greeted()
        let long = String(repeating: "x", count: 2000)
        #expect(line.handle(said("220 \(long)")).result?.detail == "reply line over 1024 octets")
        var reply = greeted()
        let many = String(repeating: "220-more\r\n", count: 2000)
        #expect(reply.handle(said(many)).result?.detail == "reply over 16384 octets")
    }

    @Test(
        arguments: [
            (.failed("connection refused"), .connectionFailed, "connection refused"),
            (.timedOut, .connectTimedOut, "no connection"), (.unavailable("x"), .notProbed, "x"),
        ] as [(ProbeEvent, ProbeOutcome, String)])
    func `before the connection it fails as a connect does`(
        event: ProbeEvent, outcome: ProbeOutcome, detail: String
    ) {
        var probe = SMTPDialogue(SMTPCheck(target: target))
        #expect(probe.handle(.closed) == .none)
        #expect(probe.handle(event) == .finish(outcome, detail, .disconnect))
    }

    @Test(
        arguments: [
            (.closed, .badResponse, "connection closed before"),
            (.failed("reset"), .badResponse, "reset before"),
            (.timedOut, .responseTimedOut, "no"),
        ] as [(ProbeEvent, ProbeOutcome, String)])
    func `what breaks off says where`(event: ProbeEvent, outcome: ProbeOutcome, text: String) {
        var early = greeted()
        #expect(early.handle(.connected) == .none)
        #expect(early.handle(event) == .finish(outcome, "\(text) greeting", .disconnect))
        var late = introduced()
        #expect(late.handle(event) == .finish(outcome, "\(text) answer to HELO", .disconnect))
    }
}
