/// The statements that read another file in place.
package enum IncludeKeyword: String, Hashable, Sendable, CaseIterable {
    /// The plain form.
    case include
    /// Forms of keepalived with added checks of the pattern, not supported yet.
    case includer, includem, includew, includeb, includea

    /// The form that `word` is, if it is one. Every statement of a file is asked, so the answer is quick.
    package init?(_ word: Word) { self.init(text: word.text) }

    init?(text: String) {
        guard text.utf8.starts(with: "include".utf8) else { return nil }
        self.init(rawValue: text)
    }
}

/// Why a file could not be read, in words for people: "no such file".
package struct FileProblem: Error, Hashable, Sendable {
    /// Lower case, without the path.
    package let reason: String

    /// A problem.
    package init(_ reason: String) { self.reason = reason }
}

/// How this pure code gets at files: the whole content of the file at a path, or why not.
package typealias FileReader = (_ path: String) -> Result<[UInt8], FileProblem>

/// Reads a file and everything it includes into one list of statements.
package struct SyntaxLoader {
    /// Includes nested deeper than this are refused.
    package static let maximumDepth = 16
    /// More files than this are refused.
    package static let maximumFiles = 1000

    /// Every file read, for the renderer.
    package private(set) var sources = SourceMap()
    /// What was found wrong.
    package private(set) var diagnostics = Diagnostics()
    private let configID: String
    private let hints: GrammarHints
    private let read: FileReader
    private var totalSize = 0

    /// A loader that reads files with `read` and decides `@ID` lines by `configID`.
    package init(configID: String, hints: GrammarHints, read: @escaping FileReader) {
        self.configID = configID
        self.hints = hints
        self.read = read
    }

    /// The statements of the file at `path`, includes replaced by their content. Faults are in `diagnostics`.
    package mutating func load(path: String) -> [Statement] {
        switch read(path) {
        case .failure(let problem):
            let number = sources.add(SourceFile(name: path, octets: []))
            diagnostics.report(
                Diagnostic(
                    .unreadableFile, "cannot read \(path): \(problem.reason)",
                    at: Label(Span(file: number, start: 0, end: 0))))
            return []
        case .success(let octets):
            let statements = parse(path, octets, chain: [(path, nil)])
            if statements.isEmpty, !diagnostics.hasErrors, let number = sources.files.indices.first {
                diagnostics.report(
                    Diagnostic(
                        .emptyFile, "\(path) configures nothing",
                        at: Label(Span(file: Int32(number), start: 0, end: 0))))
            }
            return statements
        }
    }

    private typealias Chain = [(path: String, from: Span?)]

    private mutating func parse(_ path: String, _ octets: [UInt8], chain: Chain) -> [Statement] {
        totalSize += octets.count
        let file = SourceFile(name: path, octets: totalSize <= SourceFile.maximumSize ? octets : [])
        let number = sources.add(file)
        let point = Span(file: number, start: 0, end: 0)
        guard totalSize <= SourceFile.maximumSize else {
            diagnostics.report(
                Diagnostic(
                    .tooLarge, "more than \(SourceFile.maximumSize >> 20) MiB of configuration",
                    at: Label(point)))
            return []
        }
        if let offset = octets.firstIndex(of: 0) {
            diagnostics.report(
                Diagnostic(
                    .binaryFile, "\(path) is not a text file",
                    at: Label(Span(file: number, start: offset, end: offset + 1), "a NUL octet")))
            return []
        }
        let parsed = Parser.parse(
            file, number: number, configID: configID, hints: hints, &diagnostics)
        return parsed.contains(where: Self.holdsInclude) ? expand(parsed, chain: chain) : parsed
    }

    private static func holdsInclude(_ statement: Statement) -> Bool {
        IncludeKeyword(statement.keyword) != nil
            || statement.block?.statements.contains(where: holdsInclude) ?? false
    }

    private mutating func expand(_ statements: [Statement], chain: Chain) -> [Statement] {
        var result: [Statement] = []
        for var statement in statements {
            if let form = IncludeKeyword(statement.keyword) {
                result += include(statement, form, chain: chain)
                continue
            }
            if let block = statement.block {
                statement.block?.statements = expand(block.statements, chain: chain)
            }
            result.append(statement)
        }
        return result
    }

    private mutating func include(
        _ statement: Statement, _ form: IncludeKeyword, chain: Chain
    ) -> [Statement] {
        guard let path = includedPath(statement, form, chain: chain) else { return [] }
        let span = statement.arguments.first?.span ?? statement.keyword.span
        if let first = chain.firstIndex(where: { $0.path == path }) {
            let related = chain[first...].dropFirst().compactMap { link in
                link.from.map { Label($0, "\(link.path) was included from here") }
            }
            diagnostics.report(
                Diagnostic(
                    .includeLoop, "\(path) includes itself", at: Label(span), related: related))
            return []
        }
        guard chain.count < Self.maximumDepth, sources.files.count < Self.maximumFiles else {
            diagnostics.report(
                Diagnostic(
                    .includeLoop, "too many includes", at: Label(span),
                    help: [
                        "at most \(Self.maximumDepth) files inside each other, \(Self.maximumFiles) in all"
                    ]))
            return []
        }
        switch read(path) {
        case .success(let octets):
            return parse(path, octets, chain: chain + [(path, span)])
        case .failure(let problem):
            diagnostics.report(
                Diagnostic(
                    .unreadableFile, "cannot read \(path): \(problem.reason)",
                    at: Label(span, "included here"),
                    notes: ["keepalived would go on without a word"]))
            return []
        }
    }

    private mutating func includedPath(
        _ statement: Statement, _ form: IncludeKeyword, chain: Chain
    ) -> String? {
        let keyword = statement.keyword
        func refuse(_ code: DiagnosticCode, _ text: String, _ span: Span) -> String? {
            diagnostics.report(Diagnostic(code, text, at: Label(span)))
            return nil
        }
        guard form == .include else {
            return refuse(
                .unsupportedKeyword, "\(keyword.text) is known to keepalived, but not supported yet",
                keyword.span)
        }
        guard let name = statement.arguments.first, !name.text.isEmpty else {
            return refuse(.missingValue, "include needs a file name", keyword.span)
        }
        if statement.arguments.count > 1 {
            return refuse(
                .unexpectedWord, "unexpected \"\(statement.arguments[1].text)\" after the file name",
                statement.arguments[1].span)
        }
        if !name.isQuoted, name.text.contains(where: { "*?[]{}~".contains($0) }) {
            return refuse(
                .unsupportedLanguage, "file patterns are known to keepalived, but not supported yet",
                name.span)
        }
        return Self.resolve(name.text, relativeTo: chain.last?.path ?? "")
    }

    /// `name` as seen from the directory of the file at `base`, without `.` and empty parts.
    package static func resolve(_ name: String, relativeTo base: String) -> String {
        var path = name
        if !name.hasPrefix("/"), let slash = base.lastIndex(of: "/") { path = base[...slash] + name }
        let parts = path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
        return (path.hasPrefix("/") ? "/" : "") + parts
    }
}
