/// Why a file could not be read, in words for people: "no such file".
package struct FileProblem: Error, Hashable, Sendable {
    /// Lower case, without the path.
    package let reason: String

    /// A problem.
    package init(_ reason: String) { self.reason = reason }
}

/// How this pure code gets at files: the whole content of the file at a path, or why not.
package typealias FileReader = (_ path: String) -> Result<[UInt8], FileProblem>

/// What a configuration may ask of the host it is read on.
package struct Surroundings {
    /// Decides `@ID` lines; `${_INSTANCE}`.
    package let configID: String
    /// Reads a file.
    package let read: FileReader
    /// Lists a directory, for `include` with a pattern.
    package let list: DirectoryLister
    /// A variable of the environment, for `${_ENV NAME}`.
    package let environment: (_ name: String) -> String?
    /// Where `${_RANDOM}` starts. The same seed gives the same numbers at every reload.
    package let seed: UInt64

    /// Surroundings; without a seed the config-id makes one, so that two directors differ and each stays the
    /// same.
    package init(
        configID: String, list: @escaping DirectoryLister = { _ in .failure(FileProblem("no directory")) },
        environment: @escaping (_ name: String) -> String? = { _ in nil }, seed: UInt64? = nil,
        read: @escaping FileReader
    ) {
        self.configID = configID
        self.read = read
        self.list = list
        self.environment = environment
        // FNV-1a, see RFC 9923.
        self.seed =
            seed
            ?? configID.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0100_0000_01B3 }
    }
}

/// Reads a file and everything it includes into one list of statements.
package struct SyntaxLoader {
    /// Includes nested deeper than this are refused.
    package static let maximumDepth = 16
    /// More files than this are refused.
    package static let maximumFiles = 1000

    /// Every file read, for the renderer.
    package internal(set) var sources = SourceMap()
    /// What was found wrong.
    package internal(set) var diagnostics = Diagnostics()
    let surroundings: Surroundings
    var expansion: ExpansionState
    private let hints: GrammarHints
    private var totalSize = 0
    private var fileCount = 0

    /// A loader that sees the host through `surroundings`.
    package init(_ surroundings: Surroundings, hints: GrammarHints) {
        self.init(surroundings, hints: hints, workLimit: ExpansionState.maximumWork)
    }

    init(_ surroundings: Surroundings, hints: GrammarHints, workLimit: Int) {
        self.surroundings = surroundings
        self.hints = hints
        expansion = ExpansionState(seed: surroundings.seed, workLimit: workLimit)
    }

    /// The statements of the file at `path`, includes replaced by their content, definitions and repetitions
    /// expanded. Faults are in `diagnostics`.
    package mutating func load(path: String) -> [Statement] {
        switch surroundings.read(path) {
        case .failure(let problem):
            let number = sources.add(SourceFile(name: path, octets: []))
            diagnostics.report(
                Diagnostic(
                    .unreadableFile, "cannot read \(path): \(problem.reason)",
                    at: Label(Span(file: number, start: 0, end: 0))))
            return []
        case .success(let octets):
            let statements = parse(path, octets, chain: [IncludeLink(path: path, from: nil)])
            if statements.isEmpty, !diagnostics.hasErrors, let number = sources.files.indices.first {
                diagnostics.report(
                    Diagnostic(
                        .emptyFile, "\(path) configures nothing",
                        at: Label(Span(file: Int32(number), start: 0, end: 0))))
            }
            return statements
        }
    }

    private mutating func parse(_ path: String, _ octets: [UInt8], chain: [IncludeLink]) -> [Statement] {
        totalSize += octets.count
        fileCount += 1
        var file = SourceFile(name: path, octets: totalSize <= SourceFile.maximumSize ? octets : [])
        var number = sources.add(file)
        let point = Span(file: number, start: 0, end: 0)
        guard totalSize <= SourceFile.maximumSize else {
            diagnostics.report(
                Diagnostic(
                    .tooLarge, "more than \(SourceFile.maximumSize >> 20) MiB of configuration",
                    at: Label(point)))
            return []
        }
        if let finding = Self.binaryContent(file, number: number) {
            diagnostics.report(finding)
            return []
        }
        if octets.contains(where: { $0 == UInt8(ascii: "$") || $0 == UInt8(ascii: "~") }) {
            (file, number) = expanded(file, number: number, chain: chain)
        }
        let parsed = Parser.parse(
            file, number: number, configID: surroundings.configID, hints: hints, &diagnostics)
        return parsed.contains(where: Self.holdsInclude) ? splice(parsed, chain: chain) : parsed
    }

    /// What is said of a file with a NUL in it; nil for a text.
    static func binaryContent(_ file: SourceFile, number: Int32) -> Diagnostic? {
        file.octets.firstIndex(of: 0).map { offset in
            Diagnostic(
                .binaryFile, "\(file.name) is not a text file",
                at: Label(Span(file: number, start: offset, end: offset + 1), "a NUL octet"))
        }
    }

    private static func holdsInclude(_ statement: Statement) -> Bool {
        IncludeKeyword(statement.keyword) != nil
            || statement.block?.statements.contains(where: holdsInclude) ?? false
    }

    /// The statements with what they include in place of every include.
    private mutating func splice(_ statements: [Statement], chain: [IncludeLink]) -> [Statement] {
        var result: [Statement] = []
        for var statement in statements {
            if let form = IncludeKeyword(statement.keyword) {
                result +=
                    expansion.included.removeValue(forKey: statement.keyword.span)
                    ?? include(statement, form, chain: chain)
                continue
            }
            if let block = statement.block {
                statement.block?.statements = splice(block.statements, chain: chain)
            }
            result.append(statement)
        }
        return result
    }

    /// The statements of the files that one include names.
    mutating func include(
        _ statement: Statement, _ form: IncludeKeyword, chain: [IncludeLink]
    ) -> [Statement] {
        var result: [Statement] = []
        for path in includedPaths(statement, form, base: chain.last?.path ?? "") {
            let span = statement.arguments.first?.span ?? statement.keyword.span
            guard mayInclude(path, span, chain: chain) else { continue }
            switch surroundings.read(path) {
            case .success(let octets):
                result += parse(path, octets, chain: chain + [IncludeLink(path: path, from: span)])
            case .failure(let problem):
                diagnostics.report(
                    Diagnostic(
                        .unreadableFile, "cannot read \(path): \(problem.reason)",
                        at: Label(span, "included here"),
                        notes: form == .include ? ["keepalived would go on without a word"] : []))
            }
        }
        return result
    }

    private mutating func mayInclude(_ path: String, _ span: Span, chain: [IncludeLink]) -> Bool {
        if let first = chain.firstIndex(where: { $0.path == path }) {
            let related = chain[first...].dropFirst().compactMap { link in
                link.from.map { Label($0, "\(link.path) was included from here") }
            }
            diagnostics.report(
                Diagnostic(
                    .includeLoop, "\(path) includes itself", at: Label(span), related: related))
            return false
        }
        guard chain.count < Self.maximumDepth, fileCount < Self.maximumFiles else {
            diagnostics.report(
                Diagnostic(
                    .includeLoop, "too many includes", at: Label(span),
                    help: [
                        "at most \(Self.maximumDepth) files inside each other, \(Self.maximumFiles) in all"
                    ]))
            return false
        }
        return true
    }

    /// `name` as seen from the directory of the file at `base`, without `.` and empty parts.
    package static func resolve(_ name: String, relativeTo base: String) -> String {
        var path = name
        if !name.hasPrefix("/"), let slash = base.lastIndex(of: "/") { path = base[...slash] + name }
        let parts = path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
        return (path.hasPrefix("/") ? "/" : "") + parts
    }
}
