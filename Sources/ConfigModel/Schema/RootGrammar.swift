import ConfigSyntax

/// Keywords outside every block.
enum RootGrammar {
    static let table = BlockGrammar<ConfigurationDraft>(
        .root,
        [
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
        ])
}
