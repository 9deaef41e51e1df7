import ConfigSyntax
import HealthChecks

/// The keywords of one block and the draft they fill.
struct BlockGrammar<D: Draft>: Sendable {
    let scope: Scope
    /// In the order documentation lists them.
    let keywords: [Keyword<D>]
    /// Those that must be there.
    let required: [Keyword<D>]
    private let byName: [String: Int]

    init(_ scope: Scope, _ keywords: [Keyword<D>]) {
        self.scope = scope
        self.keywords = keywords.map { keyword in
            var placed = keyword
            placed.facts.scope = scope
            return placed
        }
        required = self.keywords.filter { $0.requirement != nil }
        var index: [String: Int] = [:]
        for (position, keyword) in keywords.enumerated() {
            for name in [keyword.facts.name] + keyword.facts.otherSpellings { index[name] = position }
        }
        byName = index
    }

    /// The place of a keyword in `keywords`, by any spelling: rows are looked at where they are, since a
    /// copy of one costs more than most statements take to read.
    func index(of name: String) -> Int? { byName[name] }
}

/// Why a page could never be matched with the pattern; nil when it can.
package typealias PatternExaminer = (BodyPattern) -> String?

/// Walks statements along the schema and fills drafts; collects what is wrong.
struct SchemaReader {
    /// Everything reported so far, the parser's findings first.
    var diagnostics: Diagnostics
    /// What is wrong with an expression; this code is pure, and cannot compile one.
    let problem: PatternExaminer

    /// A reader that goes on after what was found so far.
    init(diagnostics: Diagnostics, problem: @escaping PatternExaminer = { _ in nil }) {
        self.diagnostics = diagnostics
        self.problem = problem
    }

    /// True when the drafts say all that was written.
    var isComplete: Bool { !diagnostics.hasErrors }

    mutating func report(
        _ code: DiagnosticCode, _ message: @autoclosure () -> String, at span: Span,
        saying text: @autoclosure () -> String = "", related: @autoclosure () -> [Label] = [],
        notes: @autoclosure () -> [String] = [], help: @autoclosure () -> [String] = [],
        suggestion: @autoclosure () -> String? = nil
    ) {
        guard diagnostics.hasRoom(for: code) else { return }
        diagnostics.report(
            Diagnostic(
                code, message(), at: Label(span, text()), related: related(), notes: notes(), help: help(),
                suggestion: suggestion()))
    }

    /// Warns when a keyword of which one counts is there a second time.
    mutating func noteRepeat(of statement: Statement, earlier: Span?) {
        guard let earlier else { return }
        report(
            .givenTwice, "\(statement.keyword.text) is given twice; the last one counts",
            at: statement.header,
            related: [Label(earlier, "first here")])
    }

    /// Reads the statements of a block into `draft`.
    mutating func read<D: Draft>(
        _ statements: Statements, as grammar: BlockGrammar<D>, into draft: inout D
    ) {
        for statement in statements {
            guard !diagnostics.isOverrun else { return }
            read(statement, as: grammar, into: &draft)
        }
        for keyword in grammar.required {
            guard let requirement = keyword.requirement, !requirement.isMet(draft),
                draft.origin.isAbsent(keyword.facts.name)
            else { continue }
            let name = keyword.facts.name
            report(
                .missingKeyword, "\(draft.origin.title) has no \(name)", at: draft.origin.header,
                notes: [requirement.effect],
                help: ["add: \(name)\(keyword.facts.arguments.isEmpty ? "" : " ")\(keyword.facts.arguments)"])
        }
    }

    /// Reads one statement of a block into `draft`.
    mutating func read<D: Draft>(
        _ statement: Statement, as grammar: BlockGrammar<D>, into draft: inout D
    ) {
        guard let index = grammar.index(of: statement.keyword.text) else {
            if statement.isPlaceholder { draft.origin.isPartial = true }
            // Why that failed was said.
            guard IncludeKeyword(statement.keyword) == nil else { return }
            let around = grammar.scope == .root ? nil : draft.origin.header
            let meant = refuse(statement, in: grammar.scope, legal: grammar.keywords, around: around)
            draft.origin.failed += [statement.keyword.text] + (meant.map { [$0] } ?? [])
            return
        }
        if let advice = grammar.keywords[index].obsolete[statement.keyword.text] {
            report(
                .obsoleteKeyword, "\(statement.keyword.text) is obsolete", at: statement.keyword.span,
                help: [advice])
        }
        let fits = (grammar.keywords[index].facts.body == .none) == (statement.block == nil)
        if !fits { reportBody(statement, grammar.keywords[index].facts) }
        let body = grammar.keywords[index].facts.body
        let known = body == .keywords || body == .none ? nil : statement.withoutPlaceholders()
        if !fits || !grammar.keywords[index].read(&draft, known ?? statement, &self) || known != nil {
            // Words left over may be keywords that were meant for a line of their own.
            draft.origin.failed += [grammar.keywords[index].facts.name] + statement.arguments.map(\.text)
        }
    }

    /// Says of a statement that its block is missing, or that it takes none.
    private mutating func reportBody(_ statement: Statement, _ facts: KeywordFacts) {
        if let block = statement.block {
            report(.unexpectedBlock, "\(facts.name) takes no block", at: block.open)
        } else {
            let isWhole = facts.body == .names || facts.body == .lines
            let words = [facts.name, facts.arguments, isWhole ? "" : "{ ... }"]
            report(
                .missingBlock, "\(facts.name) needs a block", at: statement.header,
                help: [words.filter { !$0.isEmpty }.joined(separator: " ")])
        }
    }

    private mutating func refuse(_ name: String, advice: String?, at span: Span, _ block: [Label]) {
        report(
            .unsupportedKeyword, "\(name) is known to keepalived, but not supported yet", at: span,
            related: block, help: advice.map { [$0] } ?? [])
    }

    /// Says what becomes of a keyword that this release does not carry out.
    private mutating func report(_ known: KnownKeyword, at span: Span, _ block: [Label]) {
        switch known.standing {
        case .refused(let advice):
            refuse(known.name, advice: advice, at: span, block)
        case .withoutEffect(let reason):
            report(
                .keywordWithoutEffect, "\(known.name) has no effect in this release", at: span,
                related: block,
                notes: [reason])
        case .obsolete(let advice):
            report(
                .obsoleteKeyword, "\(known.name) is obsolete and has no effect", at: span, related: block,
                help: [advice])
        }
    }

    /// Reports a keyword that the block does not have; returns the legal one that was probably meant.
    private mutating func refuse<D: Draft>(
        _ statement: Statement, in scope: Scope, legal: [Keyword<D>], around: Span?
    ) -> String? {
        let name = statement.keyword.text
        let block = around.map { [Label($0, "in this block")] } ?? []
        let span = statement.keyword.span
        if let known = Schema.known(name, in: scope) {
            report(known, at: span, block)
            return nil
        }
        let names = legal.flatMap { [$0.facts.name] + $0.facts.otherSpellings }
        let known = names + Schema.knownToKeepalived(in: scope)
        if let meant = Habit(statement, isLegal: names.contains) {
            report(
                .unknownKeyword, "unknown keyword \"\(name)\"", at: meant.place, related: block,
                help: meant.help, suggestion: meant.suggestion)
            return meant.keyword
        }
        let near = Suggestion.nearest(to: name, among: known)
        let places = Schema.scopes(of: name)
        if !places.isEmpty {
            let others = places.count > 6 ? " or elsewhere" : ""
            let phrases =
                places.prefix(places.count > 6 ? 4 : 6).map(\.phrase).joined(separator: " or ") + others
            let brace = places == [.root] ? ["perhaps a \"}\" is missing before this line"] : []
            report(
                .misplacedKeyword, "\(name) does not belong \(scope.phrase), but \(phrases)", at: span,
                related: block, help: brace)
            return nil
        }
        if near == nil, Schema.isKnownToKeepalived(name) {
            report(
                .unsupportedKeyword, "\(name) is known to keepalived in another block, but not supported yet",
                at: span, related: block)
            return nil
        }
        report(
            .unknownKeyword, "unknown keyword \"\(name)\"",
            at: span, related: block, suggestion: near)
        return legal.first { ([$0.facts.name] + $0.facts.otherSpellings).contains(near ?? "") }?.facts.name
    }
}

extension Statement {
    /// True for what stands where something could not be read: an include that failed, a definition that is
    /// not there, a template that was not filled in.
    var isPlaceholder: Bool {
        IncludeKeyword(keyword) != nil || keyword.text.hasPrefix("$") || keyword.text.hasPrefix("{{")
    }

    /// A block of names, addresses or other lines without what could not be read; nil when there is no such.
    fileprivate func withoutPlaceholders() -> Statement? {
        guard let block, block.statements.contains(where: { IncludeKeyword($0.keyword) != nil }) else {
            return nil
        }
        let rest = block.statements.filter { IncludeKeyword($0.keyword) == nil }
        return Statement(
            keyword: keyword, arguments: arguments,
            block: Block(open: block.open, close: block.close, statements: Statements(rest)))
    }
}
