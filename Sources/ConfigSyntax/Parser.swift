/// Builds the statements of one file, one outside every block at a time. A brace that is missing or too many
/// gives one message, and what follows is still read in the block it was meant for. Works on a stack of its
/// own: nesting cannot exhaust the thread's.
package struct Parser {
    /// Blocks nested deeper than this are skipped.
    package static let maximumDepth = 32

    /// A block that is still open.
    private struct Frame {
        /// Its statement in the tree.
        let node: Int
        let keyword: Token
        let open: Span
        /// Column of the first word of the line on a screen; 0 where the block shares its line with an outer
        /// one.
        let indentation: Int
        /// It was closed too early, which was reported.
        var isReopened = false
        /// The last statement in it.
        var last: Int?
    }

    /// A keyword that was found legal, and the keyword of the block that it stands in.
    private struct Legal {
        let keyword: Token
        let parent: Token?
    }

    private let file: SourceFile
    private let number: Int32
    private let hints: GrammarHints
    private var lexer: Lexer
    private var peeked: Token
    /// The words after the keyword of the statement that is being read.
    private var words: [Token] = []
    private var frames: [Frame] = []
    /// The statement outside every block that is being read, or was read last.
    private var tree: PackedTree
    /// The statement outside every block that was read before.
    private var former: PackedTree?
    /// Keywords that were found legal, and where: the same few come next, thousands of times.
    private var legal: [Legal] = []
    private static let legalLimit = 32
    /// The frame (its depth, its opening brace) that a closing brace seems to have been missing for.
    private var suspect: (title: String, open: Span)?

    /// A parser at the start of `file`, which is file `number` of its map.
    init(
        _ file: SourceFile, number: Int32, configID: String, hints: GrammarHints,
        _ diagnostics: inout Diagnostics
    ) {
        self.file = file
        self.number = number
        self.hints = hints
        lexer = Lexer(file, number: number, configID: configID)
        peeked = lexer.next(&diagnostics)
        tree = PackedTree(file, number: number)
    }

    /// Reads all statements of `file`, which is file `number` of its map.
    package static func parse(
        _ file: SourceFile, number: Int32, configID: String, hints: GrammarHints,
        _ diagnostics: inout Diagnostics
    ) -> [Statement] {
        var parser = Parser(file, number: number, configID: configID, hints: hints, &diagnostics)
        var statements: [Statement] = []
        while let tree = parser.next(&diagnostics) { statements += Statements(tree) }
        return statements
    }

    /// The next statement outside every block with all that it holds; nil at the end.
    mutating func next(_ diagnostics: inout Diagnostics) -> PackedTree? {
        while !diagnostics.isOverrun {
            if beginsRootBlock(peeked) {
                reportUnclosed(
                    before: peeked, nextBlock: peeked.span, "when the next top-level block starts",
                    &diagnostics)
                unwind(at: Span(file: number, start: Int(peeked.span.start), end: Int(peeked.span.start)))
            }
            // Handed out once it is known that the next statement does not belong into it.
            if frames.isEmpty, tree.count > 0,
                peeked.kind == .endOfFile
                    || peeked.isWord && !reopenIfClosedEarly(before: peeked, &diagnostics)
            {
                former = tree.take()
                return former
            }
            let token = advance(&diagnostics)
            switch token.kind {
            case .word, .quotedWord: statement(token, &diagnostics)
            case .openBrace: blockWithoutKeyword(token, &diagnostics)
            case .closeBrace: close(token, &diagnostics)
            case .endOfFile:
                guard !frames.isEmpty else { return nil }
                reportUnclosed(before: token, nextBlock: nil, "", &diagnostics)
                unwind(at: token.span)
            }
        }
        return nil
    }

    // MARK: Known blocks

    /// Where the statement that `next` would give begins; nil where it is not the first of a line, or what
    /// was given before may not be over.
    var nextStart: Int? {
        let start = Int(peeked.span.start)
        guard frames.isEmpty, tree.count == 0, peeked.isWord, file.beginsLine(at: start), !file.hasLongLine
        else { return nil }
        return start
    }

    /// Goes past a block that ends at `end`. False when what follows could belong into it, so that it must be
    /// read after all.
    mutating func skip(to end: Int, _ diagnostics: inout Diagnostics) -> Bool {
        lexer.skip(to: end)
        peeked = lexer.next(&diagnostics)
        former = nil
        return peeked.kind == .endOfFile || peeked.isWord && isLegal(peeked, in: nil)
    }

    private mutating func advance(_ diagnostics: inout Diagnostics) -> Token {
        let token = peeked
        peeked = lexer.next(&diagnostics)
        return token
    }

    // MARK: Statements

    /// True for a block that is legal only outside every block, at the start of a line, while one is open.
    private func beginsRootBlock(_ token: Token) -> Bool {
        !frames.isEmpty && token.isWord && token.startsLine && file.beginsLine(at: Int(token.span.start))
            && hints.rootBlocks.contains(lexer.text(of: token))
    }

    private mutating func statement(_ first: Token, _ diagnostics: inout Diagnostics) {
        let column = first.startsLine ? column(of: first) : 0
        closeIfUnclosed(before: first, at: column, &diagnostics)
        if !frames.isEmpty { _ = reopenIfClosedEarly(before: first, &diagnostics) }
        words.removeAll(keepingCapacity: true)
        while peeked.isWord, !peeked.startsLine { words.append(advance(&diagnostics)) }
        if peeked.kind == .openBrace {
            let brace = advance(&diagnostics)
            push(first, open: brace.span, indentation: column, &diagnostics)
        } else if lacksOpeningBrace(first, indentation: column) {
            let end = words.last?.span ?? first.span
            diagnostics.report(
                Diagnostic(
                    .missingOpeningBrace, "\"{\" is missing after \(lexer.text(of: first))",
                    at: Label(end, "the block should open here"),
                    related: [Label(peeked.span, "this belongs into the block")]))
            let point = Span(file: number, start: Int(end.end), end: Int(end.end))
            push(first, open: point, indentation: column, &diagnostics)
        } else {
            _ = append(first)
        }
    }

    /// Adds the statement of `first` and the words after it, and returns its index in the tree.
    private mutating func append(_ first: Token) -> Int {
        let index = tree.append(first, words, lexer)
        if !frames.isEmpty { frames[frames.count - 1].last = index }
        return index
    }

    private mutating func push(
        _ first: Token, open: Span, indentation: Int, _ diagnostics: inout Diagnostics
    ) {
        guard frames.count < Self.maximumDepth else {
            diagnostics.report(
                Diagnostic(
                    .nestedTooDeep, "blocks nested more than \(Self.maximumDepth) deep", at: Label(open)))
            skipBlock(&diagnostics)
            return
        }
        let index = append(first)
        tree.open(index, at: open)
        frames.append(Frame(node: index, keyword: first, open: open, indentation: indentation))
    }

    private mutating func skipBlock(_ diagnostics: inout Diagnostics) {
        var depth = 1
        while depth > 0, peeked.kind != .endOfFile {
            let token = advance(&diagnostics)
            if token.kind == .openBrace { depth += 1 }
            if token.kind == .closeBrace { depth -= 1 }
        }
    }

    private mutating func pop(at close: Span) {
        guard let frame = frames.popLast() else { return }
        tree.close(frame.node, at: close)
    }

    private mutating func unwind(at point: Span) {
        while !frames.isEmpty { pop(at: point) }
        suspect = nil
    }

    // MARK: Braces at fault

    private mutating func close(_ brace: Token, _ diagnostics: inout Diagnostics) {
        guard let frame = frames.last else {
            reportExtra(brace, &diagnostics)
            return
        }
        // A brace under an outer block's first column, inside a deeper one: the deeper one was not closed.
        if brace.startsLine, suspect == nil, frame.indentation > 0 {
            let column = column(of: brace)
            if column != frame.indentation,
                frames.dropLast().contains(where: { $0.indentation == column })
            {
                suspect = (tree.title(of: frame.node), frame.open)
            }
        }
        pop(at: brace.span)
        if frames.isEmpty { suspect = nil }
    }

    private mutating func blockWithoutKeyword(_ brace: Token, _ diagnostics: inout Diagnostics) {
        diagnostics.report(
            Diagnostic(
                .blockWithoutKeyword, "\"{\" without a keyword before it", at: Label(brace.span),
                help: ["the block up to its closing brace is skipped"]))
        skipBlock(&diagnostics)
    }

    /// A line that is illegal in its block, but legal in one around it, and that does not stand further in
    /// than the block itself: what is between was not closed.
    private mutating func closeIfUnclosed(
        before first: Token, at column: Int, _ diagnostics: inout Diagnostics
    ) {
        guard first.startsLine, let frame = frames.last, column <= frame.indentation,
            !isLegal(first, in: frame.keyword),
            let depth = frames.dropLast().lastIndex(where: {
                $0.indentation < column
                    && hints.isLegal(lexer.text(of: first), in: lexer.text(of: $0.keyword))
            })
        else { return }
        reportUnclosed(
            before: first, nextBlock: first.span, "this line belongs to a block around it", &diagnostics)
        let point = Span(file: number, start: Int(first.span.start), end: Int(first.span.start))
        while frames.count > depth + 1 { pop(at: point) }
        suspect = nil
    }

    private func reportUnclosed(
        before token: Token, nextBlock: Span?, _ why: String, _ diagnostics: inout Diagnostics
    ) {
        // The brace that would close a block that was opened again is the one that is too early.
        guard let innermost = frames.last, !innermost.isReopened else { return }
        let (title, open) = suspect ?? (tree.title(of: innermost.node), innermost.open)
        var related: [Label] = []
        if let nextBlock { related.append(Label(nextBlock, why)) }
        let said = nextBlock == nil ? "this brace is still open at the end" : "this brace is still open ..."
        let place = file.expansion == nil ? "line \(file.line(at: Int(token.span.start)))" : "the next block"
        diagnostics.report(
            Diagnostic(
                .unclosedBlock, "\(title) is never closed",
                at: Label(open, said),
                related: related, help: nextBlock == nil ? ["add \"}\""] : ["add \"}\" before \(place)"]))
    }

    private func reportExtra(_ brace: Token, _ diagnostics: inout Diagnostics) {
        let last = Self.rootBlock(tree.count > 0 ? tree : former)
        let related = last.map { [Label($0.close, "\($0.title) was closed here already")] } ?? []
        diagnostics.report(
            Diagnostic(
                .extraClosingBrace, "\"}\" closes nothing", at: Label(brace.span), related: related,
                help: ["remove this brace, or one before it"]))
    }

    /// The block outside every other that stands in `tree`.
    private static func rootBlock(_ tree: PackedTree?) -> (title: String, close: Span)? {
        tree.flatMap { tree in tree.braces(of: 0).map { (tree.title(of: 0), $0.close) } }
    }

    /// A statement that is illegal where it stands but legal in the block just closed: that block's brace was
    /// one too many. Reported at that brace, and the block is opened again.
    private mutating func reopenIfClosedEarly(before first: Token, _ diagnostics: inout Diagnostics) -> Bool {
        let parent = frames.last?.keyword
        guard let last = frames.isEmpty ? 0 : frames.last?.last, let (open, close) = tree.braces(of: last),
            close.start < close.end, !isLegal(first, in: parent)
        else { return false }
        let (keyword, text) = (tree.keyword(of: last), lexer.text(of: first))
        guard hints.isLegal(text, in: keyword.text),
            parent.map({ hints.children[lexer.text(of: $0)] != nil }) ?? true
        else { return false }
        diagnostics.report(
            Diagnostic(
                .extraClosingBrace, "this brace closes \(tree.title(of: last)) too early",
                at: Label(close, "one brace too many before or here"),
                related: [
                    Label(open, "opened here"), Label(first.span, "\(text) still belongs to it"),
                ]))
        let kind = keyword.isQuoted ? Token.Kind.quotedWord : .word
        frames.append(
            Frame(
                node: last, keyword: Token(kind: kind, span: keyword.span, startsLine: true), open: open,
                indentation: file.screenColumn(at: Int(keyword.span.start)), isReopened: true))
        return true
    }

    /// True when the next line reads like the body of the block that `first` should have opened.
    private mutating func lacksOpeningBrace(_ first: Token, indentation: Int) -> Bool {
        guard peeked.isWord, peeked.startsLine, indentation > 0, !looksLikeAddress(first) else {
            return false
        }
        let parent = frames.last?.keyword
        let isAddress = looksLikeAddress(peeked)
        // In a file without faults nothing else is asked.
        let goesOn = column(of: peeked) <= indentation && isLegal(peeked, in: parent)
        guard isAddress || !goesOn else { return false }
        let keyword = lexer.text(of: first)
        guard hints.opensBlock(keyword), isLegal(first, in: parent) else { return false }
        if hints.addressBlocks.contains(keyword) { return isAddress }
        return !goesOn && hints.children[keyword] != nil
            && hints.isLegal(lexer.text(of: peeked), in: keyword)
    }

    private mutating func isLegal(_ keyword: Token, in parent: Token?) -> Bool {
        for known in legal where says(keyword, known.keyword) {
            switch (parent, known.parent) {
            case (let parent?, let other?) where says(parent, other): return true
            case (nil, nil): return true
            default: continue
            }
        }
        guard hints.isLegal(lexer.text(of: keyword), in: parent.map(lexer.text)) else { return false }
        if legal.count < Self.legalLimit { legal.append(Legal(keyword: keyword, parent: parent)) }
        return true
    }

    /// True when two words have the same octets.
    private func says(_ left: Token, _ right: Token) -> Bool {
        let (start, other) = (Int(left.span.start), Int(right.span.start))
        let length = Int(left.span.end) - start
        guard length == Int(right.span.end) - other else { return false }
        for offset in 0..<length where file.octets[start + offset] != file.octets[other + offset] {
            return false
        }
        return true
    }

    private func looksLikeAddress(_ word: Token) -> Bool {
        let octets = file.octets[word.content(in: file.octets)]
        guard let first = octets.first else { return false }
        return (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
            || octets.contains { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "@") }
    }

    private func column(of token: Token) -> Int { file.screenColumn(at: Int(token.span.start)) }
}
