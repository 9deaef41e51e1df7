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
    /// The one name of the file at a path, whatever links and `..` lead to it; the path itself where nothing
    /// better is known. Files that include each other are told by it.
    package let name: (_ path: String) -> String
    /// A variable of the environment, for `${_ENV NAME}`.
    package let environment: (_ name: String) -> String?
    /// Every `include` is read as `includea`.
    package let needsAllFiles: Bool
    /// Where `${_RANDOM}` starts. The same seed gives the same numbers at every reload.
    package let seed: UInt64

    /// Surroundings; without a seed the config-id makes one, so that two directors differ and each stays the
    /// same.
    package init(
        configID: String, list: @escaping DirectoryLister = { _ in .failure(FileProblem("no directory")) },
        name: @escaping (_ path: String) -> String = { $0 },
        environment: @escaping (_ name: String) -> String? = { _ in nil }, needsAllFiles: Bool = false,
        seed: UInt64? = nil, read: @escaping FileReader
    ) {
        self.configID = configID
        self.name = name
        self.read = read
        self.list = list
        self.environment = environment
        self.needsAllFiles = needsAllFiles
        // FNV-1a, see RFC 9923.
        self.seed =
            seed
            ?? configID.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0100_0000_01B3 }
    }
}

/// What one include gives.
struct Inclusion {
    var files: [OpenFile] = []
    /// False where something that was named could not be read, so that what is in it is not known.
    var isWhole = true
}

/// A file whose statements are handed out one by one.
struct OpenFile {
    let file: SourceFile
    let number: Int32
    /// The includes that led to it.
    let chain: [IncludeLink]
    /// nil until its turn comes.
    var parser: Parser?
}

/// Reads a file and everything it includes, and hands out the statements outside every block one by one: a
/// large configuration is never there as a whole.
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
    /// The files that are being read: the last one's statements come next.
    private var open: [OpenFile] = []
    private var isEmpty = true
    /// nil where nobody wants to know.
    private var known: KnownBlocks?
    /// The text of each statement that was handed out and is no piece.
    package private(set) var others: [ArraySlice<UInt8>] = []
    /// True while those texts and those of the pieces say all: nothing was expanded, or included in a block.
    package private(set) var isPlain = true

    /// A loader that sees the host through `surroundings`.
    package init(_ surroundings: Surroundings, hints: GrammarHints) {
        self.init(surroundings, hints: hints, workLimit: ExpansionState.maximumWork)
    }

    /// The same, which does not read those blocks again that are `known`.
    package init(_ surroundings: Surroundings, hints: GrammarHints, known: KnownBlocks) {
        self.init(surroundings, hints: hints)
        self.known = known
    }

    init(_ surroundings: Surroundings, hints: GrammarHints, workLimit: Int) {
        self.surroundings = surroundings
        self.hints = hints
        expansion = ExpansionState(seed: surroundings.seed, workLimit: workLimit)
    }

    /// Opens the file at `path`, whose statements `next` then gives.
    package mutating func open(path: String) {
        switch surroundings.read(path) {
        case .failure(let problem):
            let number = sources.add(SourceFile(name: path, octets: []))
            diagnostics.report(
                Diagnostic(
                    .unreadableFile, "cannot read \(path): \(problem.reason)",
                    at: Label(Span(file: number, start: 0, end: 0))))
        case .success(let octets):
            let link = IncludeLink(path: path, name: surroundings.name(path), from: nil)
            if let file = prepare(path, octets, chain: [link], isExpanding: false) { open = [file] }
        }
    }

    /// The next statement outside every block, includes replaced by their content, definitions and
    /// repetitions expanded; nil after the last. Faults are in `diagnostics`.
    package mutating func next() -> Statement? {
        while let part = nextPart() { if case .statement(let statement) = part { return statement } }
        return nil
    }

    /// What stands outside every block.
    package enum Part {
        /// It was read.
        case statement(Statement)
        /// The piece of that number, as it was before.
        case known(Int32)
    }

    /// As `next`, with the blocks that need not be read.
    package mutating func nextPart() -> Part? {
        if let part = next(above: 0) {
            isEmpty = false
            return part
        }
        if isEmpty, !diagnostics.hasErrors, let file = sources.files.first {
            diagnostics.report(
                Diagnostic(
                    .emptyFile, "\(file.name) configures nothing", at: Label(Span(file: 0, start: 0, end: 0)))
            )
        }
        return nil
    }

    /// All statements of the file at `path`, for what looks at them together.
    package mutating func load(path: String) -> [Statement] {
        open(path: path)
        var statements: [Statement] = []
        while let statement = next() { statements.append(statement) }
        return statements
    }

    /// The next statement of the files that were opened after the first `count`.
    private mutating func next(above count: Int) -> Part? {
        while open.count > count {
            let last = open.count - 1
            if open[last].parser == nil {
                open[last].parser = Parser(
                    open[last].file, number: open[last].number, configID: surroundings.configID, hints: hints,
                    &diagnostics)
            }
            if let piece = skipKnown() { return .known(piece) }
            guard var tree = open[last].parser?.next(&diagnostics) else {
                open.removeLast()
                continue
            }
            let chain = open[last].chain
            if tree.includes.first == 0 {
                // An include that failed is handed out as it is written.
                if let failed = openIncluded(0, of: tree, chain: chain) {
                    isPlain = false
                    return .statement(failed)
                }
                continue
            }
            if tree.includes.isEmpty { note(&tree, number: open[last].number) } else { isPlain = false }
            for index in tree.includes {
                let before = open.count
                let failed = openIncluded(index, of: tree, chain: chain)
                var statements: [Statement] = []
                while case .statement(let statement) = next(above: before) { statements.append(statement) }
                tree.replace(index, with: statements + (failed.map { [$0] } ?? []))
            }
            var statements = Statements(tree).makeIterator()
            if let statement = statements.next() { return .statement(statement) }
        }
        return nil
    }

    /// Goes past the next block of the file that is being read when it is known; its number.
    private mutating func skipKnown() -> Int32? {
        let last = open.count - 1
        guard isPlain, let start = open[last].parser?.nextStart,
            let (piece, end) = known?.take(at: start, of: open[last].file.octets)
        else { return nil }
        sources.put(piece, at: Span(file: open[last].number, start: start, end: end))
        if open[last].parser?.skip(to: end, &diagnostics) == false { isPlain = false }
        return piece
    }

    /// Makes a piece of a statement that may be known to the next reading, or keeps its text.
    private mutating func note(_ tree: inout PackedTree, number: Int32) {
        guard let file = sources.file(of: Span(file: number, start: 0, end: 0)) else { return }
        let text = tree.text
        guard file.beginsLine(at: text.startIndex), let piece = known?.number(for: tree.keyword(of: 0).text)
        else {
            others.append(text)
            return
        }
        sources.put(piece, at: Span(file: number, start: text.startIndex, end: text.endIndex))
        tree.place(in: piece)
    }

    /// Makes the files that the include at `index` names the next to be read; the include itself when not all
    /// of them can be.
    private mutating func openIncluded(
        _ index: Int, of tree: PackedTree, chain: [IncludeLink]
    ) -> Statement? {
        let keyword = tree.keyword(of: index)
        guard let form = IncludeKeyword(keyword) else { return nil }
        let statement = Statement(keyword: keyword, arguments: tree.arguments(of: index))
        let included =
            expansion.included.removeValue(forKey: keyword.span)
            ?? include(statement, form, chain: chain, isExpanding: false)
        open += included.files.reversed()
        return included.isWhole ? nil : statement
    }

    /// The file at `path` as it is to be parsed; nil when it cannot be. While another file is being expanded
    /// what this one includes is read at once, since what that defines counts from there on.
    private mutating func prepare(
        _ path: String, _ octets: [UInt8], chain: [IncludeLink], isExpanding: Bool
    ) -> OpenFile? {
        totalSize += octets.count
        fileCount += 1
        // Of what is refused, no more is kept than what is said about it shows.
        var file = SourceFile(name: path, octets: totalSize <= SourceFile.maximumSize ? octets : [])
        if let nul = file.nul { file = SourceFile(name: path, octets: Array(octets[...nul])) }
        var number = sources.add(file)
        if let place = chain.last?.from { sources.note(number, includedAt: place) }
        let point = Span(file: number, start: 0, end: 0)
        guard totalSize <= SourceFile.maximumSize else {
            diagnostics.report(
                Diagnostic(
                    .tooLarge, "more than \(SourceFile.maximumSize >> 20) MiB of configuration",
                    at: Label(point)))
            return nil
        }
        let finding = file.nul == nil ? Self.bareReturns(file, number: number) : nil
        if let finding = finding ?? Self.binaryContent(file, number: number) {
            diagnostics.report(finding)
            return nil
        }
        if file.holdsExpansions || isExpanding && Self.holdsInclude(file) {
            isPlain = false
            (file, number) = expanded(file, number: number, chain: chain)
        }
        return OpenFile(file: file, number: number, chain: chain)
    }

    /// What is said of a file whose lines end in CR alone: it would be one line.
    static func bareReturns(_ file: SourceFile, number: Int32) -> Diagnostic? {
        guard file.lineCount == 1, let offset = file.octets.firstIndex(of: UInt8(ascii: "\r")),
            offset + 1 < file.octets.count
        else { return nil }
        return Diagnostic(
            .badCharacter, "the lines of \(file.name) end in CR alone",
            at: Label(Span(file: number, start: offset, end: offset + 1), "the first one ends here"),
            help: ["save it with LF, or CR and LF, at the end of each line"])
    }

    /// What is said of a file with a NUL in it; nil for a text.
    static func binaryContent(_ file: SourceFile, number: Int32) -> Diagnostic? {
        file.nul.map { offset in
            Diagnostic(
                .binaryFile, "\(file.name) is not a text file",
                at: Label(Span(file: number, start: offset, end: offset + 1), "a NUL octet"))
        }
    }

    /// The files that one include names, as they are to be parsed.
    mutating func include(
        _ statement: Statement, _ form: IncludeKeyword, chain: [IncludeLink], isExpanding: Bool
    ) -> Inclusion {
        guard let paths = includedPaths(statement, form, base: chain.last?.path ?? "") else {
            return Inclusion(isWhole: false)
        }
        var result = Inclusion()
        for path in paths {
            let span = statement.arguments.first?.span ?? statement.keyword.span
            // Too much was read, and that is said: a thousand includes of a large file would go on for ever.
            guard totalSize <= SourceFile.maximumSize, mayInclude(path, span, chain: chain) else {
                result.isWhole = false
                continue
            }
            switch surroundings.read(path) {
            case .success(let octets):
                let link = IncludeLink(path: path, name: surroundings.name(path), from: span)
                if let file = prepare(path, octets, chain: chain + [link], isExpanding: isExpanding) {
                    result.files.append(file)
                } else {
                    result.isWhole = false
                }
            case .failure(let problem):
                result.isWhole = false
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
        let name = surroundings.name(path)
        if let first = chain.firstIndex(where: { $0.name == name }) {
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
