import Testing

@testable import Director

@Suite struct MailTests {
    private let envelope = MailEnvelope(
        sender: "lvs@example.com", recipients: ["a@example.com", "b@example.com"], greeting: "host",
        director: "lvs-a")

    private func data(_ mail: Mail, _ envelope: MailEnvelope? = nil) -> String {
        let octets = MailText.data(
            mail, envelope ?? self.envelope, date: "Sat, 21 Nov 2026 15:00:00 +0000")
        return String(decoding: octets, as: UTF8.self)
    }

    @Test func `a mail is headers, an empty line, a text and a dot`() {
        let text = data(Mail(subject: "VRRP Instance VI_1 - Entering MASTER state", body: "=> one\ntwo\n"))
        #expect(
            text == """
                Date: Sat, 21 Nov 2026 15:00:00 +0000\r
                From: lvs@example.com\r
                Subject: [lvs-a] VRRP Instance VI_1 - Entering MASTER state\r
                X-Mailer: Holdfast\r
                To: a@example.com, b@example.com\r
                \r
                => one\r
                two\r
                .\r

                """)
    }

    @Test(arguments: ["x\r\nBcc: evil@example.com", "x\nBcc: evil@example.com", "x\rBcc: e", "x\0\u{85}é"])
    func `no part can add a header`(part: String) {
        let evil = MailEnvelope(sender: part, recipients: [part], greeting: part, director: part)
        let text = data(Mail(subject: part, body: "b"), evil)
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
        #expect(!lines.contains { $0.hasPrefix("Bcc") })
        #expect(text.utf8.allSatisfy { (0x20...0x7E).contains($0) || $0 == 13 || $0 == 10 })
        #expect(lines.count == 9, "\(lines)")
    }

    @Test func `a dot at the start of a line does not end the text`() {
        let text = data(Mail(subject: "s", body: ".\n..\na.b\n"))
        #expect(text.hasSuffix("\r\n..\r\n...\r\na.b\r\n.\r\n"))
    }

    @Test func `no line is longer than a mail's may be`() {
        let long = String(repeating: "x", count: 5000)
        let many = MailEnvelope(
            sender: long, recipients: (1...200).map { "user\($0)@example.com" }, greeting: "h",
            director: "d")
        let lines = data(Mail(subject: long + " " + long, body: long), many)
            .split(separator: "\r\n", omittingEmptySubsequences: false)
        #expect(lines.allSatisfy { $0.utf8.count <= MailText.lineLimit })
        let folded = lines.drop { !$0.hasPrefix("To:") }
        #expect(folded.count { $0.hasPrefix(" ") } > 5)
        #expect((1...200).allSatisfy { number in lines.contains { $0.contains("user\(number)@") } })
    }
}
