// `ConfigurationDump`'s lines of who is told of what happens.

extension NotifyScript {
    /// The words after the keyword.
    var words: [String] {
        [CommandWords.joined(command)] + (account.map { [$0.name] + ($0.group.map { [$0] } ?? []) } ?? [])
    }
}

extension TransitionScripts {
    /// Keyword and values, a line each.
    var lines: [[String]] {
        let named = [
            ("notify_master", master), ("notify_backup", backup), ("notify_fault", fault),
            ("notify_stop", stop), ("notify", any),
        ]
        let scripts = named.compactMap { name, script in script.map { [name] + $0.words } }
        return scripts + (reportsDeletion ? [["notify_deleted"] + (deleted?.words ?? [])] : [])
    }
}
