import ConfigSyntax

/// The rows that say who is told of what happens.
enum NotificationGrammar {
    static let command = "COMMAND [USER [GROUP]]"

    /// Of `vrrp_instance`.
    static let instance =
        transitions(InstanceDraft.self) + [
            deletion(InstanceDraft.self),
            MailGrammar.alert(
                \.notifications.mails, default: "smtp_alert_vrrp, else smtp_alert, else off",
                "Sends a mail for every transition."),
            priorities(
                InstanceDraft.self, default: "that of its group, else vrrp_notify_priority_changes",
                "Another priority is a line in the FIFOs, too."),
        ]

    /// `notify*` of instances and groups.
    static func transitions<D: NotifyingDraft>(_ blank: D.Type) -> [Keyword<D>] {
        [
            script("notify_master", \.notifications.master, "Run when it becomes master.", tier: .common),
            script("notify_backup", \.notifications.backup, "Run when it becomes backup.", tier: .common),
            script(
                "notify_fault", \.notifications.fault, "Run when it cannot take part any more.",
                tier: .common),
            script("notify_stop", \.notifications.stop, "Run when the daemon stops.", tier: .common),
            script(
                "notify", \.notifications.any,
                "Run after each of the others, with four more arguments: INSTANCE or GROUP, its name, its "
                    + "state, its priority.", tier: .common),
        ]
    }

    /// `notify_priority_changes` of instances and groups.
    static func priorities<D: NotifyingDraft>(
        _ blank: D.Type, default defaultText: String, _ meaning: String
    ) -> Keyword<D> {
        .flag(
            "notify_priority_changes", \.notifications.priorities, takesValue: true, default: defaultText,
            meaning, tier: .rare)
    }

    /// `notify_deleted`, which groups do not have.
    static func deletion<D: NotifyingDraft>(_ blank: D.Type) -> Keyword<D> {
        Keyword(
            "notify_deleted", arguments: "[\(command)]", default: "told as FAULT",
            "An instance that a reload removes is told as DELETED; the command is run then.", tier: .rare
        ) { draft, statement, reader in
            var script: NotifyScript?
            if !statement.arguments.isEmpty {
                guard let found = read(statement, &reader) else { return false }
                script = found
            }
            reader.noteRepeat(of: statement, earlier: draft.notifications.deleted?.span)
            draft.notifications.deleted = Located(script, at: statement.header)
            return true
        }
    }

    /// Of `virtual_server`.
    static let services: [Keyword<VirtualServerDraft>] = [
        script(
            "quorum_up", \.quorumUp, "Run when the service has its quorum, at the start too.", tier: .common),
        script("quorum_down", \.quorumDown, "Run when the service loses its quorum.", tier: .common),
        .flag(
            "omega", \.omega, "When the daemon stops, what was up is told as down.", tier: .common),
        MailGrammar.alert(
            \.mails, default: "smtp_alert_checker, else smtp_alert, else off",
            "Sends a mail when the quorum comes or goes."),
    ]

    /// Of `real_server`.
    static let servers: [Keyword<RealServerDraft>] = [
        script("notify_up", \.notifyUp, "Run when the server comes up.", tier: .common),
        script("notify_down", \.notifyDown, "Run when the server goes down.", tier: .common),
        MailGrammar.alert(
            \.mails, default: "smtp_alert_checker, else smtp_alert, else on",
            "Sends a mail when the server comes up or goes down."),
    ]

    /// Of `global_defs`.
    static let global: [Keyword<GlobalDraft>] =
        [
            (NotifyPipe.Kind.all, "whatever happens", Tier.common),
            (.vrrp, "every transition of an instance", .rare),
            (.services, "every change of a virtual server or real server", .rare),
        ].flatMap { kind, what, tier in [pipe(kind, what, tier: tier), reader(kind, tier: tier)] } + [
            .flag(
                "fifo_write_vrrp_states_on_reload", \.notifications.repeatsStates,
                "A reload writes the state of every instance into the FIFOs again.", tier: .rare),
            .flag(
                "rs_init_notifies", \.notifications.firstState,
                "The first verdict about a real server is told too, not only a change.", tier: .rare),
            .flag(
                "vrrp_notify_priority_changes", \.notifications.priorities, takesValue: true,
                "Another priority of an instance is a line in the FIFOs, too.", tier: .rare),
        ]

    private static func pipe(
        _ kind: NotifyPipe.Kind, _ what: String, tier: Tier
    ) -> Keyword<GlobalDraft> {
        Keyword(
            kind.rawValue, arguments: "PATH [USER [GROUP]]", default: "none",
            "A FIFO that gets a line for \(what).", tier: tier
        ) { draft, statement, reader in
            var arguments = Arguments(statement)
            guard let path = arguments.next(.absolutePath, &reader) else { return false }
            var pipe = NotifyPipe(path: path.value)
            guard readUser(&arguments, into: &pipe.owner, &reader), arguments.finish(&reader) else {
                return false
            }
            reader.noteRepeat(of: statement, earlier: draft.notifications.pipes[kind]?.path?.span)
            draft.notifications.pipes[kind, default: PipeDraft()].path = Located(pipe, at: path.span)
            return true
        }
    }

    private static func reader(_ kind: NotifyPipe.Kind, tier: Tier) -> Keyword<GlobalDraft> {
        Keyword(
            "\(kind.rawValue)_script", arguments: command, default: "none",
            "Started to read that FIFO, with its path as the last argument.", tier: tier
        ) { draft, statement, reader in
            guard let script = read(statement, &reader) else { return false }
            reader.noteRepeat(of: statement, earlier: draft.notifications.pipes[kind]?.reader?.span)
            draft.notifications.pipes[kind, default: PipeDraft()].reader = Located(
                script, at: statement.header)
            return true
        }
    }

    /// A keyword with a program.
    static func script<D: Draft>(
        _ name: String, _ path: any WritableKeyPath<D, Located<NotifyScript>?> & Sendable, _ meaning: String,
        tier: Tier
    ) -> Keyword<D> {
        Keyword(
            name, arguments: command, default: "none", meaning, tier: tier
        ) { draft, statement, reader in
            guard let script = read(statement, &reader) else { return false }
            reader.noteRepeat(of: statement, earlier: draft[keyPath: path]?.span)
            draft[keyPath: path] = Located(script, at: statement.header)
            return true
        }
    }

    /// `COMMAND [USER [GROUP]]`.
    static func read(_ statement: Statement, _ reader: inout SchemaReader) -> NotifyScript? {
        var arguments = Arguments(statement)
        guard let command = arguments.next(.command, &reader) else { return nil }
        var script = NotifyScript(command.value)
        guard readUser(&arguments, into: &script.account, &reader), arguments.finish(&reader) else {
            return nil
        }
        return script
    }

    /// `[USER [GROUP]]`; false when what is there is none.
    static func readUser(
        _ arguments: inout Arguments, into account: inout ScriptUser?, _ reader: inout SchemaReader
    ) -> Bool {
        guard arguments.peeked != nil else { return true }
        guard let user = arguments.next(.account("USER"), &reader) else { return false }
        var group: String?
        if arguments.peeked != nil {
            guard let found = arguments.next(.account("GROUP"), &reader) else { return false }
            group = found.value
        }
        account = ScriptUser(user.value, group: group)
        return true
    }
}

extension ValueType<String> {
    /// The name of a file from the root on.
    static let absolutePath = ValueType(name: "PATH") { word, reader in
        let text = word.text
        if text.hasPrefix("/"), !text.hasSuffix("/"), text.utf8.count < 4096, !text.utf8.contains(0) {
            return text
        }
        reader.report(
            .invalidName, "\"\(text)\" is not the absolute path of a file", at: word.span)
        return nil
    }

    /// A user or group by name. What stands there by mistake is most often an argument of the command.
    static func account(_ name: String) -> ValueType {
        ValueType(name: name) { word, reader in
            let text = word.text
            let isName = text.utf8.allSatisfy { octet in
                octet > 0x20 && octet != 0x7F && !"/:=".utf8.contains(octet)
            }
            if isName, !text.isEmpty, !text.hasPrefix("-"), text.utf8.count <= 256 { return text }
            reader.report(
                .invalidName, "\"\(text)\" cannot be the name of a \(name.lowercased())", at: word.span,
                help: [
                    text.contains(":")
                        ? "write the group after a blank: USER GROUP"
                        : "the arguments of a command stand in its quotes: \"/path/program -x\""
                ])
            return nil
        }
    }
}
