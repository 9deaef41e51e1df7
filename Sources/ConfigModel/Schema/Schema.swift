import ConfigSyntax

/// The whole table of keywords: what the parser, documentation and completion know of the language.
package enum Schema {
    /// Every keyword, block by block in the order of `Scope`, each as documentation lists it.
    package static let keywords: [KeywordFacts] =
        RootGrammar.table.keywords.map(\.facts) + GlobalGrammar.table.keywords.map(\.facts)
        + TLSGrammar.table.keywords.map(\.facts)
        + InstanceGrammar.table.keywords.map(\.facts) + InstanceGrammar.authentication.keywords.map(\.facts)
        + VirtualServerGrammar.table.keywords.map(\.facts) + RealServerGrammar.table.keywords.map(\.facts)
        + CheckGrammar.tcp.keywords.map(\.facts) + CheckGrammar.http.keywords.map(\.facts)
        + CheckGrammar.tls.keywords.map(\.facts)
        + CheckGrammar.smtp.keywords.map(\.facts) + CheckGrammar.smtpHost.keywords.map(\.facts)
        + CheckGrammar.dns.keywords.map(\.facts) + CheckGrammar.udp.keywords.map(\.facts)
        + CheckGrammar.ping.keywords.map(\.facts)
        + CheckGrammar.url.keywords.map(\.facts) + CheckGrammar.script.keywords.map(\.facts)
        + CheckGrammar.file.keywords.map(\.facts)
        + LoopGuardGrammar.table.keywords.map(\.facts) + SyncGroupGrammar.table.keywords.map(\.facts)
        + TrackedObjectGrammar.script.keywords.map(\.facts)
        + TrackedObjectGrammar.process.keywords.map(\.facts)
        + TrackedObjectGrammar.file.keywords.map(\.facts) + StaticsGrammar.trackGroup.keywords.map(\.facts)

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
    package static let hints: GrammarHints = {
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
        return GrammarHints(
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
