import ConfigSyntax

/// Keywords of what the director holds whoever is master.
enum StaticsGrammar {
    static let root: [Keyword<ConfigurationDraft>] = [
        Keyword(
            "static_ipaddress", body: .addresses, repeatable: true,
            "Addresses from start to stop, whoever is master: IP[/LENGTH] [dev IF] [track_group GROUP] ....",
            tier: .rare
        ) { draft, statement, reader in
            AddressGrammar.read(statement, into: &draft.statics.addresses, isStatic: true, &reader)
        },
        LineGrammar.lines(
            "static_routes", "{ ROUTE ... }", \.statics.routes, isStatic: true, RouteGrammar.read,
            "Routes from start to stop, in the words of `ip route`.", tier: .rare),
        LineGrammar.lines(
            "static_rules", "{ RULE ... }", \.statics.rules, isStatic: true, RuleGrammar.read,
            "Rules from start to stop, in the words of `ip rule`.", tier: .rare),
        RootGrammar.named(
            "track_group", "Instances that are in fault while a static line that names the group is lost.",
            tier: .rare, in: \.trackGroups, make: { TrackGroupDraft(origin: $0, name: $1) }
        ) { statements, group, reader in
            reader.read(statements, as: trackGroup, into: &group)
        },
    ]

    static let trackGroup = BlockGrammar<TrackGroupDraft>(
        .trackGroup,
        [
            Keyword(
                "group", arguments: "{ INSTANCE ... }", body: .names, repeatable: true,
                "The instances.", tier: .rare,
                requirement: Keyword.Requirement(effect: "nobody would care") { !$0.members.isEmpty }
            ) { draft, statement, reader in
                for line in statement.block?.statements ?? [] { draft.members += line.names }
                return Arguments(statement).finish(&reader)
            }
        ])
}
