import ConfigSyntax

/// Where a line of a dump comes from.
package struct Provenance: Hashable, Sendable {
    /// What decided it.
    package enum Source: Hashable, Sendable {
        /// The keyword is written in the block itself, here.
        case written(SourceLocation)
        /// It is written here in another block, of that title, which the block takes it from.
        case inherited(SourceLocation, from: String)
        /// It is written nowhere.
        case standard
    }

    /// What decided it.
    package let source: Source
    /// The definitions and repetitions that put the words there, the innermost first: `${PORT} at a.conf:9:5`
    /// or `N is 3`.
    package var uses: [String]
    /// The words behind the keyword as they were written, where the dump has others.
    package var words: String?

    /// For people: `a.conf:9:5`, `default` or `virtual_server 192.0.2.1 80 at a.conf:9:5`, and what more
    /// there is.
    package var text: String {
        let place: String
        switch source {
        case .written(let location): place = location.description
        case .inherited(let location, let title): place = "\(title) at \(location)"
        case .standard: place = "default"
        }
        return ([place] + uses + (words.map { ["written \"\($0)\""] } ?? [])).joined(separator: ", ")
    }
}

/// Where the lines of a dump come from: the statements of the dump beside those that were written. The schema
/// says which keyword is another spelling of which, and where a block may take a keyword from; so a keyword
/// needs no code here.
package struct ProvenanceTable: Sendable {
    /// By the line of the dump, from 1. A closing brace has none.
    package private(set) var rows: [Int: Provenance] = [:]
    private let dump: SourceFile
    private let sources: SourceMap
    private let global: Place

    /// The table of `dumped`, the statements of the file `dump`, which came of `written` in `sources`.
    package init(
        of dumped: [Statement], in dump: SourceFile, written: [Statement], in sources: SourceMap
    ) {
        self.dump = dump
        self.sources = sources
        let root = Place(nil, .root, written)
        global = Place(
            Scope.globalDefinitions.rawValue, .globalDefinitions,
            (root.byName[Scope.globalDefinitions.rawValue] ?? []).flatMap { $0.block?.statements ?? [] })
        walk(dumped, [root])
    }

    /// A block as it was written; several of one name that make one count as one.
    private struct Place {
        let title: String?
        let scope: Scope?
        /// By the name that the schema lists.
        let byName: [String: [Statement]]
        /// In written order.
        let statements: [Statement]

        init(_ title: String?, _ scope: Scope?, _ statements: [Statement]) {
            self.title = title
            self.scope = scope
            self.statements = statements
            byName = Dictionary(grouping: statements) { statement in
                ProvenanceTable.facts(statement.keyword.text, in: scope)?.name ?? statement.keyword.text
            }
        }
    }

    private static let facts: [Scope: [String: KeywordFacts]] = {
        var result: [Scope: [String: KeywordFacts]] = [:]
        for facts in Schema.keywords {
            for name in [facts.name] + facts.otherSpellings {
                result[facts.scope, default: [:]][name] = facts
            }
        }
        return result
    }()

    private static func facts(_ name: String, in scope: Scope?) -> KeywordFacts? {
        scope.flatMap { facts[$0]?[name] }
    }

    // MARK: Walking

    /// Places the lines of one block of the dump; `places` are the written blocks around it, the outermost
    /// first.
    private mutating func walk(_ dumped: [Statement], _ places: [Place]) {
        guard let place = places.last else { return }
        let counts = dumped.reduce(into: [String: Int]()) { $0[$1.keyword.text, default: 0] += 1 }
        var ordinals: [String: Int] = [:]
        for statement in dumped {
            let name = statement.keyword.text
            let ordinal = ordinals[name, default: 0]
            ordinals[name] = ordinal + 1
            let candidates = place.byName[name] ?? []
            let body = Self.facts(name, in: place.scope)?.body
            let counterpart = Self.counterpart(
                of: statement, ordinal, of: counts[name] ?? 1, among: candidates)
            if let counterpart {
                add(statement, .written(sources.location(of: counterpart.keyword.span)), counterpart)
            } else if candidates.isEmpty, statement.block == nil || body == .names || body == .lines {
                addAbsent(statement, places)
            }
            guard let block = statement.block else { continue }
            // One block of the dump may be several of the file.
            let merged = counts[name] == 1 ? candidates : counterpart.map { [$0] } ?? []
            let inner = merged.flatMap { $0.block?.statements ?? [] }
            switch body ?? .keywords {
            case .addresses, .lines: walkAddresses(Array(block.statements), inner)
            case .names: walkNames(Array(block.statements), inner, else: place.statements)
            case .none, .keywords:
                let title = counterpart?.title ?? statement.title
                walk(Array(block.statements), places + [Place(title, Scope(rawValue: name), inner)])
            }
        }
    }

    private mutating func walkAddresses(_ dumped: [Statement], _ written: [Statement]) {
        for (index, statement) in dumped.enumerated() {
            let counterpart =
                dumped.count == written.count
                ? written[index] : written.first { $0.keyword.text == statement.keyword.text }
            guard let counterpart else { continue }
            add(statement, .written(sources.location(of: counterpart.keyword.span)), counterpart)
        }
    }

    /// Several names may stand on a line, and members of a group outside of the block for them.
    private mutating func walkNames(_ dumped: [Statement], _ written: [Statement], else outer: [Statement]) {
        for statement in dumped {
            let name = statement.keyword.text
            if let line = written.last(where: { $0.keyword.text == name }) {
                // Words that only one of the two has are an inherited weight, or other names.
                let isAlike = line.arguments.isEmpty == statement.arguments.isEmpty
                add(statement, .written(sources.location(of: line.keyword.span)), isAlike ? line : nil)
            } else {
                let words = (outer + written).flatMap { [$0.keyword] + $0.arguments }
                guard let word = words.first(where: { $0.text == name }) else { continue }
                add(statement, .written(sources.location(of: word.span)), nil)
            }
        }
    }

    /// The written statement that became the `ordinal`th of `count` in the dump.
    private static func counterpart(
        of statement: Statement, _ ordinal: Int, of count: Int, among candidates: [Statement]
    ) -> Statement? {
        if count == candidates.count { return candidates[ordinal] }
        if count == 1 { return candidates.last }
        return candidates.first { $0.arguments.map(\.text) == statement.arguments.map(\.text) }
    }

    /// A keyword that the block itself does not have: it is in a block around it, or for all in
    /// `global_defs`.
    private mutating func addAbsent(_ statement: Statement, _ places: [Place]) {
        let name = statement.keyword.text
        let outer = places.dropLast().reversed().first {
            $0.scope != .root && Self.facts(name, in: $0.scope) != nil && $0.byName[name] != nil
        }
        let globalNames = ["user": "script_user", "no_accept": "vrrp_strict"]
        let globalName = globalNames[name] ?? "vrrp_" + name
        if let outer, let found = outer.byName[name]?.last {
            let location = sources.location(of: found.keyword.span)
            add(statement, .inherited(location, from: outer.title ?? ""), found)
        } else if places.count > 1, let found = global.byName[globalName]?.last {
            let location = sources.location(of: found.keyword.span)
            add(statement, .inherited(location, from: global.title ?? ""), found)
        } else {
            add(statement, .standard, nil)
        }
    }

    private mutating func add(
        _ statement: Statement, _ source: Provenance.Source, _ written: Statement?
    ) {
        var uses: [String] = []
        for word in written.map({ [$0.keyword] + $0.arguments }) ?? [] {
            for use in sources.written(word.span).uses {
                let text = text(use)
                if !uses.contains(text) { uses.append(text) }
            }
        }
        let (before, after) = (words(written), words(statement))
        let line = dump.line(at: Int(statement.keyword.span.start))
        rows[line] = Provenance(
            source: source, uses: uses, words: written == nil || before == after ? nil : before)
    }

    private func words(_ statement: Statement?) -> String {
        (statement?.arguments ?? []).map(\.text).joined(separator: " ")
    }

    private func text(_ use: TextUse) -> String {
        switch use.kind {
        case .definition(let name): "${\(name)} at \(sources.location(of: use.span))"
        case .repetition(let variable, let value): "\(variable) is \(value)"
        }
    }
}
