import ConfigSyntax

/// The whole table of keywords: what the parser, documentation and completion know of the language.
package enum Schema {
    /// The keywords of one block: they are put together when they are asked for first, for most files use
    /// few of the blocks.
    private struct Table: Sendable {
        let facts: @Sendable () -> [KeywordFacts]
        let has: @Sendable (String) -> Bool

        init<D: Draft>(_ grammar: @escaping @autoclosure @Sendable () -> BlockGrammar<D>) {
            facts = { grammar().keywords.map(\.facts) }
            has = { grammar().index(of: $0) != nil }
        }
    }

    /// By the keyword that opens the block.
    private static let tables: [String: Table] = [
        Scope.root.rawValue: Table(RootGrammar.table),
        Scope.globalDefinitions.rawValue: Table(GlobalGrammar.table),
        Scope.tls.rawValue: Table(TLSGrammar.table),
        Scope.instance.rawValue: Table(InstanceGrammar.table),
        Scope.authentication.rawValue: Table(InstanceGrammar.authentication),
        Scope.virtualServer.rawValue: Table(VirtualServerGrammar.table),
        Scope.realServer.rawValue: Table(RealServerGrammar.table),
        Scope.tcpCheck.rawValue: Table(CheckGrammar.tcp), Scope.httpCheck.rawValue: Table(CheckGrammar.http),
        Scope.tlsCheck.rawValue: Table(CheckGrammar.tls), Scope.smtpCheck.rawValue: Table(CheckGrammar.smtp),
        Scope.smtpHost.rawValue: Table(CheckGrammar.smtpHost),
        Scope.dnsCheck.rawValue: Table(CheckGrammar.dns), Scope.udpCheck.rawValue: Table(CheckGrammar.udp),
        Scope.pingCheck.rawValue: Table(CheckGrammar.ping), Scope.url.rawValue: Table(CheckGrammar.url),
        Scope.scriptCheck.rawValue: Table(CheckGrammar.script),
        Scope.fileCheck.rawValue: Table(CheckGrammar.file),
        Scope.loopGuard.rawValue: Table(LoopGuardGrammar.table),
        Scope.syncGroup.rawValue: Table(SyncGroupGrammar.table),
        Scope.trackScript.rawValue: Table(TrackedObjectGrammar.script),
        Scope.trackProcess.rawValue: Table(TrackedObjectGrammar.process),
        Scope.trackFile.rawValue: Table(TrackedObjectGrammar.file),
        Scope.trackGroup.rawValue: Table(StaticsGrammar.trackGroup),
    ]

    /// Every keyword, block by block in the order of `Scope`, each as documentation lists it.
    package static let keywords: [KeywordFacts] = Scope.allCases.flatMap {
        tables[$0.rawValue]?.facts() ?? []
    }

    /// The blocks in which a keyword is legal, by any of its spellings.
    package static func scopes(of name: String) -> [Scope] { places[name] ?? [] }

    /// True for a keyword of this schema or of keepalived, in any block.
    package static func isKnown(_ name: String) -> Bool {
        places[name] != nil || KnownKeywords.all.contains(name)
    }

    /// True when keepalived has the keyword in some block where it is not carried out.
    package static func isKnownToKeepalived(_ name: String) -> Bool { KnownKeywords.all.contains(name) }

    /// A keyword of keepalived that is not carried out in that block.
    package static func known(_ name: String, in scope: Scope) -> KnownKeyword? {
        KnownKeywords.byScope[scope]?[name]
    }

    /// keepalived's keywords of that block that are not carried out, sorted.
    package static func knownToKeepalived(in scope: Scope) -> [String] {
        (KnownKeywords.byScope[scope] ?? [:]).keys.sorted()
    }

    /// What the parser needs to recover from wrong braces.
    package static let hints = GrammarHints(
        knows: { keyword, block in tables[block ?? Scope.root.rawValue]?.has(keyword) ?? false },
        names: { names })

    private static let names: GrammarHints.Names = {
        var children = KnownKeywords.byBlock
        children[""] = nil
        for scope in Scope.allCases where scope != .root {
            children[scope.rawValue, default: []].formUnion(knownToKeepalived(in: scope))
        }
        for facts in keywords where facts.scope != .root {
            children[facts.scope.rawValue, default: []].formUnion([facts.name] + facts.otherSpellings)
        }
        // What every network check has, for those that are not carried out.
        for name in KnownKeywords.all where name.hasSuffix("_CHECK") && Scope(rawValue: name) == nil {
            children[name, default: []].formUnion(children[Scope.tcpCheck.rawValue] ?? [])
        }
        let root = keywords.filter { $0.scope == .root }
        let nested = children.values.reduce(into: Set<String>()) { $0.formUnion($1) }
        let known = KnownKeywords.byScope[.root] ?? [:]
        let blocks =
            root.filter { $0.body != .none }.flatMap { [$0.name] + $0.otherSpellings }
            + known.values.filter { $0.arguments.contains("{") }.map(\.name)
        return GrammarHints.Names(
            rootBlocks: Set(blocks).subtracting(nested),
            rootKeywords: Set(known.keys).union(root.flatMap { [$0.name] + $0.otherSpellings }),
            children: children,
            addressBlocks: Set(keywords.filter { $0.body == .addresses }.map(\.name)))
    }()

    private static let places: [String: [Scope]] = {
        var places: [String: [Scope]] = [:]
        for facts in keywords {
            for name in [facts.name] + facts.otherSpellings { places[name, default: []].append(facts.scope) }
        }
        return places
    }()
}
