import ConfigSyntax
import NetTypes

/// The rows about mail.
enum MailGrammar {
    /// Of `global_defs`.
    static let global: [Keyword<GlobalDraft>] = [
        Keyword(
            "notification_email", body: .addresses, repeatable: true, "Whom mails are written to.",
            tier: .core,
            read: readRecipients),
        .value(
            "notification_email_from", \.notifications.mail.sender, .mailbox, default: "keepalived@HOST",
            "Who writes them.", tier: .core),
        Keyword(
            "smtp_server", arguments: "ADDRESS [PORT]", default: "none: no mail is sent; port 25",
            "The relay that takes them, by address.", tier: .core, read: readServer),
        .value(
            "smtp_helo_name", \.notifications.mail.greeting, .httpText("NAME"),
            default: "the short host name",
            "How this director greets the relay.", tier: .rare),
        .value(
            "smtp_connect_timeout", \.notifications.mail.timeout, .timeout, default: "30",
            "How long the relay may take to answer.", tier: .core),
        .flag(
            "no_email_faults", \.notifications.mail.noFaults, "No mail when an instance fails.", tier: .rare),
        alert(\.notifications.mail.all, default: "unset", "What holds for smtp_alert everywhere."),
        alert(
            \.notifications.mail.vrrp, "smtp_alert_vrrp", default: "smtp_alert",
            "What holds for smtp_alert of instances.", tier: .rare),
        alert(
            \.notifications.mail.services, "smtp_alert_checker", default: "smtp_alert",
            "What holds for smtp_alert of virtual servers and real servers.", tier: .rare),
    ]

    /// `smtp_alert [BOOL]` and its global forms.
    static func alert<D: Draft>(
        _ path: any WritableKeyPath<D, Located<Bool>?> & Sendable, _ name: String = "smtp_alert",
        default defaultText: String, _ meaning: String, tier: Tier = .common
    ) -> Keyword<D> {
        .flag(name, path, takesValue: true, default: defaultText, meaning, tier: tier)
    }

    private static func readRecipients(
        _ draft: inout GlobalDraft, _ statement: Statement, _ reader: inout SchemaReader
    ) -> Bool {
        var isGood = Arguments(statement).finish(&reader)
        for line in statement.block?.statements ?? [] {
            if let block = line.block {
                reader.report(.unexpectedBlock, "a mail address takes no block", at: block.open)
                isGood = false
            }
            for word in [line.keyword] + line.arguments {
                if let address = ValueType.mailbox.parse(word, &reader) {
                    draft.notifications.mail.recipients.append(Located(address, at: word.span))
                } else {
                    isGood = false
                }
            }
        }
        return isGood
    }

    /// A name is read, but nothing is sent to it: it would have to be looked up while something happens.
    private static func readServer(
        _ draft: inout GlobalDraft, _ statement: Statement, _ reader: inout SchemaReader
    ) -> Bool {
        var arguments = Arguments(statement)
        guard let name = arguments.next(.httpText("ADDRESS"), &reader) else { return false }
        let port = arguments.nextIfAny(.port, &reader)
        guard port != .bad, arguments.finish(&reader) else { return false }
        reader.noteRepeat(of: statement, earlier: draft.notifications.mail.server?.span)
        let address = name.value == "localhost" ? IPAddress("127.0.0.1") : IPAddress(name.value)
        if address == nil {
            reader.report(
                .mailServerByName, "smtp_server needs an address: no mail is sent", at: name.span,
                help: ["write the address of \(name.value)"])
        }
        draft.notifications.mail.server = Located(
            address.map { Endpoint($0, port: port.found?.value ?? 25) }, at: name.span)
        return true
    }
}

extension ValueType<String> {
    /// A mail address: printable, without blanks, quotes or brackets, at most 254 octets (RFC 5321).
    static let mailbox = ValueType(name: "MAIL-ADDRESS") { word, reader in
        let text = word.text
        let isClean = text.utf8.allSatisfy { octet in
            (0x21...0x7E).contains(octet) && !"<>()[],;:\"\\".utf8.contains(octet)
        }
        if isClean, (1...254).contains(text.utf8.count), !text.hasPrefix("@"), !text.hasSuffix("@") {
            return text
        }
        reader.report(
            .invalidName, "\"\(text)\" is not a mail address", at: word.span,
            help: ["write the address alone: name@example.com"])
        return nil
    }
}
