import ConfigSyntax

/// Keywords of `vrrp_sync_group`.
enum SyncGroupGrammar {
    static let table = BlockGrammar<SyncGroupDraft>(
        .syncGroup,
        [
            Keyword(
                "group", arguments: "{ INSTANCE ... }", body: .names, repeatable: true,
                "The instances that are master together; their names may stand in the block itself, too.",
                tier: .common,
                requirement: Keyword.Requirement(effect: "there is nothing to keep together") {
                    !$0.members.isEmpty
                }
            ) { draft, statement, reader in
                let isGood = Arguments(statement).finish(&reader)
                for line in statement.block?.statements ?? [] { draft.members += line.names }
                return isGood
            }
        ] + TrackingGrammar.rows(\.tracking) + [
            .flag(
                "sync_group_tracking_weight", \.keepsMemberWeights,
                "The weights of what single members track count as well.", tier: .rare),
            .flag(
                "global_tracking", \.keepsMemberWeights,
                "An old name of sync_group_tracking_weight.", tier: .obsolete
            ).obsolete("put the tracking into the group itself, or write: sync_group_tracking_weight"),
        ] + NotificationGrammar.transitions(SyncGroupDraft.self) + [
            MailGrammar.alert(
                \.notifications.mails, default: "smtp_alert_vrrp, else smtp_alert, else off",
                "Sends a mail for every transition of the group."),
            NotificationGrammar.priorities(
                SyncGroupDraft.self, default: "vrrp_notify_priority_changes",
                "Another priority of a member is a line in the FIFOs, too."),
        ])

    /// The body of a group: names that stand in it without `group` are members, too.
    static func read(
        _ statements: Statements, into draft: inout SyncGroupDraft, _ reader: inout SchemaReader
    ) {
        let names = table.keywords.map(\.facts.name) + Schema.knownToKeepalived(in: .syncGroup)
        let isMember = { (line: Statement) in
            line.block == nil && !line.isPlaceholder && !Schema.isKnown(line.keyword.text)
                && Suggestion.nearest(to: line.keyword.text, among: names) == nil
        }
        for line in statements where isMember(line) { draft.members += line.names }
        reader.read(Statements(statements.filter { !isMember($0) }), as: table, into: &draft)
    }
}

extension Statement {
    /// The words of a line of names: the first one is as good as the others.
    var names: [Located<String>] { ([keyword] + arguments).map { Located($0.text, at: $0.span) } }
}
