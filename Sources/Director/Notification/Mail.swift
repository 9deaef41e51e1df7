/// One mail, before it is put into words for a server.
package struct Mail: Hashable, Sendable, Codable {
    /// What the subject line says after the director's name.
    package var subject: String
    /// The text; lines end in "\n".
    package var body: String

    /// A mail.
    package init(subject: String, body: String) {
        self.subject = subject
        self.body = body
    }
}

/// Who writes to whom: the envelope and the headers of every mail.
package struct MailEnvelope: Hashable, Sendable, Codable {
    /// `notification_email_from`, or `keepalived@HOST`.
    package var sender: String
    /// `notification_email`; at least one.
    package var recipients: [String]
    /// `smtp_helo_name`, or the host's name.
    package var greeting: String
    /// `router_id`, or the short host name.
    package var director: String

    /// An envelope.
    package init(sender: String, recipients: [String], greeting: String, director: String) {
        self.sender = sender
        self.recipients = recipients
        self.greeting = greeting
        self.director = director
    }
}

/// A mail as octets (RFC 5322). Whatever is in its parts, none of them can end its line: octets that are not
/// printable ASCII become `?`, so that no name in a configuration can add a header or a recipient.
enum MailText {
    /// A line of a mail has at most so many octets without its end (RFC 5322 section 2.1.1).
    static let lineLimit = 998

    /// Header and body as SMTP's DATA wants it (RFC 5321 section 4.5.2): lines end in CR LF, one that begins
    /// with a dot has another before it, and a dot alone ends it all. `date` is an RFC 5322 date.
    static func data(_ mail: Mail, _ envelope: MailEnvelope, date: String) -> [UInt8] {
        let headers = [
            ("Date", date), ("From", envelope.sender),
            ("Subject", "[\(envelope.director)] \(mail.subject)"), ("X-Mailer", "Holdfast"),
            ("To", envelope.recipients.joined(separator: ", ")),
        ]
        var lines = headers.flatMap { folded($0, $1) } + [""]
        lines += mail.body.split(separator: "\n").map(line)
        return Array(lines.map { ($0.hasPrefix(".") ? "." : "") + $0 + "\r\n" }.joined().utf8)
            + Array(".\r\n".utf8)
    }

    /// Printable ASCII alone, of bounded length.
    static func line(_ text: some StringProtocol) -> String {
        String(decoding: printable(text).prefix(lineLimit), as: UTF8.self)
    }

    /// A header; a list of many recipients takes more than one line (RFC 5322 section 2.2.3).
    private static func folded(_ name: String, _ value: String) -> [String] {
        var lines = ["\(name):"]
        for word in printable(value).split(separator: UInt8(ascii: " ")) {
            let text = String(decoding: word.prefix(lineLimit - name.utf8.count - 2), as: UTF8.self)
            if let last = lines.last, last.utf8.count + 1 + text.utf8.count <= 200 || last == "\(name):" {
                lines[lines.count - 1] = "\(last) \(text)"
            } else {
                lines.append(" \(text)")
            }
        }
        return lines
    }

    private static func printable(_ text: some StringProtocol) -> [UInt8] {
        text.utf8.map { (0x20...0x7E).contains($0) ? $0 : UInt8(ascii: "?") }
    }
}
