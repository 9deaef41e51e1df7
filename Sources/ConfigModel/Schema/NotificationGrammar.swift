import ConfigSyntax

/// The rows that say who is told of what happens.
enum NotificationGrammar {
    static let command = "COMMAND [USER [GROUP]]"

    /// Of `vrrp_instance`.
    static let instance = transitions(InstanceDraft.self) + [deletion(InstanceDraft.self)]

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
                help: ["the arguments of a command stand in its quotes: \"/path/program -x\""])
            return nil
        }
    }
}
