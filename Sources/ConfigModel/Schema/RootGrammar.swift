import ConfigSyntax

/// Keywords outside every block.
enum RootGrammar {
    static let table = BlockGrammar<ConfigurationDraft>(.root, daemon + tracking)

    private static let daemon: [Keyword<ConfigurationDraft>] = [
        Keyword(
            "global_defs", body: .keywords, repeatable: true, "Settings of the whole daemon.", tier: .core
        ) { draft, statement, reader in
            let isGood = Arguments(statement).finish(&reader)
            draft.global.origin = Origin(statement)
            reader.read(statement.block?.statements ?? [], as: GlobalGrammar.table, into: &draft.global)
            return isGood
        },
        Keyword(
            "SSL", body: .keywords, repeatable: true, "What every SSL_GET shares.", tier: .rare
        ) { draft, statement, reader in
            let isGood = Arguments(statement).finish(&reader)
            var settings = draft.tls ?? TLSDraft(origin: Origin(statement))
            reader.read(statement.block?.statements ?? [], as: TLSGrammar.table, into: &settings)
            draft.tls = settings
            return isGood
        },
        Keyword(
            "vrrp_instance", arguments: "NAME", body: .keywords, repeatable: true,
            "One virtual router: an election and the addresses its winner holds.", tier: .core
        ) { draft, statement, reader in
            var arguments = Arguments(statement)
            let name = arguments.next(.name("NAME"), &reader)
            let isGood = arguments.finish(&reader) && name != nil
            var instance = InstanceDraft(
                origin: Origin(statement), name: name ?? Located("", at: statement.keyword.span))
            reader.read(statement.block?.statements ?? [], as: InstanceGrammar.table, into: &instance)
            draft.instances.append(instance)
            return isGood
        },
        Keyword(
            "virtual_server", arguments: "IP [PORT] | fwmark MARK [inet|inet6]", body: .keywords,
            repeatable: true, "One service that is balanced over real servers.", tier: .core
        ) { draft, statement, reader in
            let header = VirtualServerGrammar.header(statement, &reader)
            var service = VirtualServerDraft(origin: Origin(statement), header: header)
            reader.read(
                statement.block?.statements ?? [], as: VirtualServerGrammar.table, into: &service)
            service.completeSorryServer()
            draft.virtualServers.append(service)
            return header != nil
        },
        Keyword(
            "loop_guard", body: .keywords, repeatable: true,
            "Names the other directors: guarded services do not balance again what those forwarded.",
            tier: .own
        ) { draft, statement, reader in
            let isGood = Arguments(statement).finish(&reader)
            var guards = draft.loopGuard ?? LoopGuardDraft(origin: Origin(statement))
            reader.read(statement.block?.statements ?? [], as: LoopGuardGrammar.table, into: &guards)
            draft.loopGuard = guards
            return isGood
        },
    ]

    private static let tracking: [Keyword<ConfigurationDraft>] = [
        Keyword(
            "vrrp_sync_group", arguments: "NAME", body: .keywords, repeatable: true,
            "Instances that are master together or not at all.", tier: .common
        ) { draft, statement, reader in
            let (name, isGood) = header(statement, &reader)
            var group = SyncGroupDraft(origin: Origin(statement), name: name)
            SyncGroupGrammar.read(statement.block?.statements ?? [], into: &group, &reader)
            draft.syncGroups.append(group)
            return isGood
        }.pending(),
        Keyword(
            "vrrp_script", arguments: "NAME", body: .keywords, repeatable: true,
            "A program whose exit status instances can track.", tier: .common
        ) { draft, statement, reader in
            let (name, isGood) = header(statement, &reader)
            var script = TrackScriptDraft(origin: Origin(statement), name: name)
            reader.read(statement.block?.statements ?? [], as: TrackedObjectGrammar.script, into: &script)
            draft.tracked.scripts.append(script)
            return isGood
        }.pending(),
        Keyword(
            "vrrp_track_process", arguments: "NAME", body: .keywords, repeatable: true,
            "Processes whose number instances can track.", tier: .common
        ) { draft, statement, reader in
            let (name, isGood) = header(statement, &reader)
            var process = TrackProcessDraft(origin: Origin(statement), name: name)
            reader.read(statement.block?.statements ?? [], as: TrackedObjectGrammar.process, into: &process)
            draft.tracked.processes.append(process)
            return isGood
        }.pending(),
        Keyword(
            "track_file", also: ["vrrp_track_file"], arguments: "NAME", body: .keywords, repeatable: true,
            "A file whose number instances can track.", tier: .common
        ) { draft, statement, reader in
            let (name, isGood) = header(statement, &reader)
            var file = TrackFileDraft(origin: Origin(statement), name: name)
            reader.read(statement.block?.statements ?? [], as: TrackedObjectGrammar.file, into: &file)
            draft.tracked.files.append(file)
            return isGood
        }.pending(),
    ]

    private static func header(
        _ statement: Statement, _ reader: inout SchemaReader
    ) -> (Located<String>, isGood: Bool) {
        var arguments = Arguments(statement)
        let name = arguments.next(.name("NAME"), &reader)
        let isGood = arguments.finish(&reader) && name != nil
        return (name ?? Located("", at: statement.keyword.span), isGood)
    }
}
