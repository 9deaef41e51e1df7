/// One statement and all that is in its blocks, as places in the text instead of strings: a configuration may
/// hold some hundred thousand statements, of which one is looked at at a time.
///
/// The nodes stand in written order, each before what its block holds.
struct PackedTree: Sendable {
    /// A word: where it stands, and how to get from there to its text.
    private struct PackedWord {
        var start: Int32
        /// In octets, quotes included. No word is longer than `SourceFile.maximumLine`.
        var length: UInt16
        var form: Form

        enum Form: UInt8 {
            case plain
            /// With characters that were escaped: the text is in `escaped`.
            case escaped
            case quoted
            /// Opened by a quote that nothing closes.
            case unterminated
        }
    }

    /// A statement.
    private struct Node {
        /// Index of its keyword; its arguments follow there.
        var firstWord: Int32
        /// How many arguments.
        var arguments: UInt16
        var hasBlock = false
        /// False where a brace is missing, and the block begins or ends at a point.
        var isOpened = false
        var isClosed = false
        var open: Int32 = 0
        var close: Int32 = 0
        /// One past the last node of its block.
        var end: Int32
    }

    private let octets: [UInt8]
    /// The number of the file, or of the piece of it that begins at `base`.
    private var file: Int32
    private var base = 0
    private var words: [PackedWord] = []
    private var nodes: [Node] = []
    private var escaped: [Int32: String] = [:]
    /// The includes, in order.
    private(set) var includes: [Int] = []
    /// What stands in place of each of them.
    private var included: [Int: [Statement]] = [:]

    /// Nothing yet of `file`, which is file `number` of its map.
    init(_ file: SourceFile, number: Int32) {
        octets = file.octets
        self.file = number
    }

    /// How many statements, those in blocks too.
    var count: Int { nodes.count }

    // MARK: Writing

    /// Adds a statement of words of `lexer` after the last one and returns its index.
    mutating func append(_ keyword: Token, _ arguments: [Token], _ lexer: borrowing Lexer) -> Int {
        let index = nodes.count
        nodes.append(
            Node(
                firstWord: Int32(words.count), arguments: UInt16(clamping: arguments.count),
                end: Int32(index + 1)))
        append(keyword, lexer)
        for argument in arguments { append(argument, lexer) }
        if IncludeKeyword(keyword, in: octets) != nil { includes.append(index) }
        return index
    }

    private mutating func append(_ token: Token, _ lexer: borrowing Lexer) {
        let length = Int(token.span.end - token.span.start)
        var form = PackedWord.Form.plain
        if token.kind == .quotedWord {
            let isClosed = length > 1 && octets[Int(token.span.end) - 1] == UInt8(ascii: "\"")
            form = isClosed ? .quoted : .unterminated
        } else if let text = lexer.escapedText(of: token) {
            form = .escaped
            escaped[token.span.start] = text
        }
        words.append(PackedWord(start: token.span.start, length: UInt16(clamping: length), form: form))
    }

    /// The block of the statement at `index` begins; what is added from here on is in it.
    mutating func open(_ index: Int, at brace: Span) {
        nodes[index].hasBlock = true
        nodes[index].isOpened = brace.start < brace.end
        nodes[index].open = brace.start
    }

    /// The block of the statement at `index` ends.
    mutating func close(_ index: Int, at brace: Span) {
        nodes[index].isClosed = brace.start < brace.end
        nodes[index].close = brace.start
        nodes[index].end = Int32(nodes.count)
    }

    /// Puts what was included in place of the include at `index`.
    mutating func replace(_ index: Int, with statements: [Statement]) { included[index] = statements }

    /// Has spans count from the beginning of its first statement, which is piece number `piece`.
    mutating func place(in piece: Int32) { (file, base) = (piece, text.startIndex) }

    /// The tree as it is, and an empty one in its place that needs no new memory to grow.
    mutating func take() -> PackedTree {
        var taken = self
        taken.words = words.map { $0 }
        taken.nodes = nodes.map { $0 }
        words.removeAll(keepingCapacity: true)
        nodes.removeAll(keepingCapacity: true)
        escaped = [:]
        includes = []
        return taken
    }

    // MARK: Reading

    /// The octets of the first statement, with its block.
    var text: ArraySlice<UInt8> {
        guard let node = nodes.first, let last = words.last else { return [] }
        let end = node.hasBlock ? node.close + (node.isClosed ? 1 : 0) : last.start + Int32(last.length)
        return octets[Int(words[0].start)..<Int(end)]
    }

    private func span(_ start: Int, _ end: Int) -> Span {
        Span(file: file, start: start - base, end: end - base)
    }

    private func word(_ index: Int) -> Word {
        let word = words[index]
        let (start, end) = (Int(word.start), Int(word.start) + Int(word.length))
        let text: String
        switch word.form {
        case .plain: text = String(decoding: octets[start..<end], as: UTF8.self)
        case .escaped: text = escaped[word.start] ?? ""
        case .quoted: text = String(decoding: octets[(start + 1)..<(end - 1)], as: UTF8.self)
        case .unterminated: text = String(decoding: octets[(start + 1)..<end], as: UTF8.self)
        }
        return Word(
            text, span: span(start, end),
            isQuoted: word.form == .quoted || word.form == .unterminated)
    }

    /// The keyword of the statement at `index`.
    func keyword(of index: Int) -> Word { word(Int(nodes[index].firstWord)) }

    /// The words after it.
    func arguments(of index: Int) -> [Word] {
        let first = Int(nodes[index].firstWord) + 1
        return (first..<(first + Int(nodes[index].arguments))).map { word($0) }
    }

    /// Its first three words, as people name a block.
    func title(of index: Int) -> String {
        ([keyword(of: index)] + arguments(of: index).prefix(2)).map(\.text).joined(separator: " ")
    }

    /// The braces of the statement's block, points where they are missing; nil without a block.
    func braces(of index: Int) -> (open: Span, close: Span)? {
        let node = nodes[index]
        guard node.hasBlock else { return nil }
        return (
            span(Int(node.open), Int(node.open) + (node.isOpened ? 1 : 0)),
            span(Int(node.close), Int(node.close) + (node.isClosed ? 1 : 0))
        )
    }

    /// One past the statement at `index` and all that it holds.
    func end(of index: Int) -> Int { Int(nodes[index].end) }

    /// What stands in place of the include at `index`; nil for any other statement.
    func included(at index: Int) -> [Statement]? { included.isEmpty ? nil : included[index] }
}
