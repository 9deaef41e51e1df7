import ConfigSyntax

/// Keywords outside every block.
enum RootGrammar {
    static let table = BlockGrammar<ConfigurationDraft>(
        .root, daemon + tracking + StaticsGrammar.root + [LinkDelayGrammar.keyword])

    private static let daemon: [Keyword<ConfigurationDraft>] = [
        Keyword(
            "global_defs", body: .keywords, repeatable: true, "Settings of the whole daemon.", tier: .core
        ) { draft, statement, reader in
            let isGood = Arguments(statement).finish(&reader)
            let earlier = draft.global.origin
            draft.global.origin = Origin(statement, after: earlier)
            reader.read(statement.block?.statements ?? [], as: GlobalGrammar.table, into: &draft.global)
            return isGood
        },
        single(
            "SSL", "What every SSL_GET shares.", tier: .rare, at: \.tls, as: TLSGrammar.table,
            make: { TLSDraft(origin: $0) }),
        named(
            "vrrp_instance", "One virtual router: an election and the addresses its winner holds.",
            tier: .core, in: \.instances, make: { InstanceDraft(origin: $0, name: $1) }
        ) { statements, instance, reader in
            reader.read(statements, as: InstanceGrammar.table, into: &instance)
        },
        Keyword(
            "virtual_server", arguments: "IP [PORT] | fwmark MARK [inet|inet6] | group NAME",
            body: .keywords, repeatable: true, "One service that is balanced over real servers.", tier: .core
        ) { draft, statement, reader in
            let header = VirtualServerGrammar.header(statement, &reader)
            var service = VirtualServerDraft(origin: Origin(statement), header: header)
            reader.read(
                statement.block?.statements ?? [], as: VirtualServerGrammar.table, into: &service)
            service.completeSorryServer()
            draft.virtualServers.append(service)
            return header != nil
        },
        named(
            "virtual_server_group", body: .addresses,
            "Addresses and marks that one virtual_server balances: RANGE [PORT] or fwmark MARK [FAMILY].",
            tier: .common, in: \.groups, make: { ServiceGroupDraft(origin: $0, name: $1) }
        ) { statements, group, reader in
            ServiceGroupGrammar.read(statements, into: &group, &reader)
        },
        single(
            "loop_guard",
            "Names the other directors: guarded services do not balance again what those forwarded.",
            tier: .own, at: \.loopGuard, as: LoopGuardGrammar.table, make: { LoopGuardDraft(origin: $0) }),
    ]

    private static let tracking: [Keyword<ConfigurationDraft>] = [
        named(
            "vrrp_sync_group", "Instances that are master together or not at all.", tier: .common,
            in: \.syncGroups, make: { SyncGroupDraft(origin: $0, name: $1) }
        ) { statements, group, reader in
            SyncGroupGrammar.read(statements, into: &group, &reader)
        },
        named(
            "vrrp_script", "A program whose exit status instances can track.", tier: .common,
            in: \.tracked.scripts, make: { TrackScriptDraft(origin: $0, name: $1) }
        ) { statements, script, reader in
            reader.read(statements, as: TrackedObjectGrammar.script, into: &script)
        },
        named(
            "vrrp_track_process", "Processes whose number instances can track.", tier: .common,
            in: \.tracked.processes, make: { TrackProcessDraft(origin: $0, name: $1) }
        ) { statements, process, reader in
            reader.read(statements, as: TrackedObjectGrammar.process, into: &process)
        },
        named(
            "track_file", also: ["vrrp_track_file"], "A file whose number instances and FILE_CHECK go by.",
            tier: .common, in: \.tracked.files, make: { TrackFileDraft(origin: $0, name: $1) }
        ) { statements, file, reader in
            reader.read(statements, as: TrackedObjectGrammar.file, into: &file)
        }.obsolete("write: track_file", as: "vrrp_track_file"),
    ]

    /// A block `KEYWORD { ... }` that there is one of: made by `make`, and added to when it is given again.
    private static func single<Block: Draft>(
        _ keyword: String, _ meaning: String, tier: Tier,
        at place: any WritableKeyPath<ConfigurationDraft, Block?> & Sendable,
        as table: @escaping @autoclosure @Sendable () -> BlockGrammar<Block>,
        make: @escaping @Sendable (Origin) -> Block
    ) -> Keyword<ConfigurationDraft> {
        Keyword(keyword, body: .keywords, repeatable: true, meaning, tier: tier) { draft, statement, reader in
            let isGood = Arguments(statement).finish(&reader)
            var block = draft[keyPath: place] ?? make(Origin(statement))
            reader.read(statement.block?.statements ?? [], as: table(), into: &block)
            draft[keyPath: place] = block
            return isGood
        }
    }

    /// A block `KEYWORD NAME { ... }`: each is made by `make`, filled by `fill` and kept in `list`.
    static func named<Block: Draft>(
        _ keyword: String, also: [String] = [], body: KeywordFacts.Body = .keywords, _ meaning: String,
        tier: Tier, in list: any WritableKeyPath<ConfigurationDraft, [Block]> & Sendable,
        make: @escaping @Sendable (Origin, Located<String>) -> Block,
        filledBy fill: @escaping @Sendable (Statements, inout Block, inout SchemaReader) -> Void
    ) -> Keyword<ConfigurationDraft> {
        Keyword(
            keyword, also: also, arguments: "NAME", body: body, repeatable: true, meaning, tier: tier
        ) { draft, statement, reader in
            var arguments = Arguments(statement)
            let name = arguments.next(.name("NAME"), &reader)
            let isGood = arguments.finish(&reader) && name != nil
            var block = make(Origin(statement), name ?? Located("", at: statement.keyword.span))
            // Lines that are no keywords may be what another block has, the one that was meant.
            if isGood || body == .keywords {
                fill(statement.block?.statements ?? [], &block, &reader)
            } else {
                block.origin.failed.append(keyword)
            }
            draft[keyPath: list].append(block)
            return isGood
        }
    }
}
