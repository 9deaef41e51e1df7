import ConfigSyntax

/// Whether what is to be told reaches somebody.
enum NotificationChecks {
    static func run(_ draft: ConfigurationDraft, _ reader: inout SchemaReader) {
        let pipes = draft.global.notifications.pipes
        let named = NotifyPipe.Kind.allCases.compactMap { pipes[$0]?.path }
        reader.reportDuplicates(
            among: named, by: { $0.value.path }, at: { $0.span }, .duplicatePipe,
            { "\($0.value.path) is the FIFO of two keywords" })
        for kind in NotifyPipe.Kind.allCases {
            guard let pipe = pipes[kind], let script = pipe.reader, pipe.path == nil,
                draft.global.origin.isAbsent(kind.rawValue)
            else { continue }
            reader.report(
                .readerWithoutPipe, "\(kind.rawValue)_script has nothing to read: it is not started",
                at: script.span, help: ["add: \(kind.rawValue) PATH"])
        }
        checkMail(draft, &reader)
    }

    private static func checkMail(_ draft: ConfigurationDraft, _ reader: inout SchemaReader) {
        let mail = draft.global.notifications.mail
        if let recipient = mail.recipients.first, mail.server == nil,
            draft.global.origin.isAbsent("smtp_server")
        {
            reader.report(
                .mailWithoutServer, "there is no smtp_server: no mail is sent", at: recipient.span,
                help: ["add: smtp_server ADDRESS"])
        }
        if let server = mail.server, mail.recipients.isEmpty,
            draft.global.origin.isAbsent("notification_email")
        {
            reader.report(
                .mailWithoutRecipient, "there is nobody to write to: no mail is sent", at: server.span,
                help: ["add: notification_email { ADDRESS }"])
        }
        guard mail.server == nil, mail.recipients.isEmpty, draft.global.origin.isWhole else { return }
        let wishes =
            ([mail.all, mail.vrrp, mail.services] + draft.instances.map(\.notifications.mails)
            + draft.syncGroups.map(\.notifications.mails)).compactMap { $0 }
            + draft.virtualServers.flatMap { service in
                ([service.mails] + service.realServers.map(\.mails)).compactMap { $0 }
            }
        for wish in wishes where wish.value {
            reader.report(
                .mailWithoutServer, "smtp_alert without smtp_server and notification_email sends no mail",
                at: wish.span)
        }
    }
}
