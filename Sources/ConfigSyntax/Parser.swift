/// Builds the statements of one file. A brace that is missing or too many gives one message, and what follows
/// is still read in the block it was meant for. Works on a stack of its own: nesting cannot exhaust the
/// thread's.
package struct Parser {
    /// Blocks nested deeper than this are skipped.
    package static let maximumDepth = 32

    /// A block that is still open.
    private struct Frame {
        var keyword: Word
        var arguments: [Word]
        var open: Span
        /// Column of the first word of the line on a screen; 0 where the block shares its line with an outer
        /// one.
        var indentation: Int
        var statements: [Statement] = []

        var title: String { Statement(keyword: keyword, arguments: arguments).title }
    }

    private let file: SourceFile
    private let hints: GrammarHints
    private var lexer: Lexer
    private var peeked: Token
    private var diagnostics: Diagnostics
    private var frames: [Frame] = []
    private var root: [Statement] = []
    /// The frame (its depth, its opening brace) that a closing brace seems to have been missing for.
    private var suspect: (title: String, open: Span)?

    /// Reads all statements of `file`, which is file `number` of its map.
    package static func parse(
        _ file: SourceFile, number: Int32, configID: String, hints: GrammarHints,
        _ diagnostics: inout Diagnostics
    ) -> [Statement] {
        var parser = Parser(file, number: number, configID: configID, hints: hints, diagnostics)
        parser.run()
        diagnostics = parser.diagnostics
        return parser.root
    }

    private init(
        _ file: SourceFile, number: Int32, configID: String, hints: GrammarHints, _ diagnostics: Diagnostics
    ) {
        self.file = file
        self.hints = hints
        self.diagnostics = diagnostics
        lexer = Lexer(file, number: number, configID: configID)
        peeked = lexer.next(&self.diagnostics)
    }

    private mutating func advance() -> Token {
        let token = peeked
        peeked = lexer.next(&diagnostics)
        return token
    }

    private mutating func run() {
        while true {
            let token = advance()
            switch token.kind {
            case .word, .quotedWord: statement(token)
            case .openBrace: blockWithoutKeyword(token)
            case .closeBrace: close(token)
            case .endOfFile:
                if !frames.isEmpty { reportUnclosed(before: token, nextBlock: nil) }
                unwind(at: token.span)
                return
            }
        }
    }

    // MARK: Statements

    private mutating func statement(_ first: Token) {
        if first.startsLine, hints.rootBlocks.contains(first.text), !frames.isEmpty,
            column(of: first) == 1
        {
            reportUnclosed(before: first, nextBlock: first.span)
            unwind(at: Span(file: first.span.file, start: Int(first.span.start), end: Int(first.span.start)))
        }
        closeIfUnclosed(before: first)
        reopenIfClosedEarly(before: first)
        let keyword = Word(first.text, span: first.span, isQuoted: first.kind == .quotedWord)
        var arguments: [Word] = []
        while peeked.isWord, !peeked.startsLine {
            let token = advance()
            arguments.append(Word(token.text, span: token.span, isQuoted: token.kind == .quotedWord))
        }
        let indentation = first.startsLine ? column(of: first) : 0
        if peeked.kind == .openBrace {
            let brace = advance()
            push(keyword, arguments, open: brace.span, indentation: indentation)
        } else if lacksOpeningBrace(first, indentation: indentation) {
            let end = (arguments.last ?? keyword).span
            let point = Span(file: end.file, start: Int(end.end), end: Int(end.end))
            diagnostics.report(
                Diagnostic(
                    .missingOpeningBrace, "\"{\" is missing after \(keyword.text)",
                    at: Label(arguments.last?.span ?? keyword.span, "the block should open here"),
                    related: [Label(peeked.span, "this belongs into the block")]))
            push(keyword, arguments, open: point, indentation: indentation)
        } else {
            append(Statement(keyword: keyword, arguments: arguments))
        }
    }

    private mutating func push(_ keyword: Word, _ arguments: [Word], open: Span, indentation: Int) {
        guard frames.count < Self.maximumDepth else {
            diagnostics.report(
                Diagnostic(
                    .nestedTooDeep, "blocks nested more than \(Self.maximumDepth) deep", at: Label(open)))
            skipBlock()
            return
        }
        frames.append(Frame(keyword: keyword, arguments: arguments, open: open, indentation: indentation))
    }

    private mutating func skipBlock() {
        var depth = 1
        while depth > 0, peeked.kind != .endOfFile {
            let token = advance()
            if token.kind == .openBrace { depth += 1 }
            if token.kind == .closeBrace { depth -= 1 }
        }
    }

    private mutating func append(_ statement: Statement) {
        if frames.isEmpty {
            root.append(statement)
        } else {
            frames[frames.count - 1].statements.append(statement)
        }
    }

    private mutating func pop(at close: Span) {
        guard let frame = frames.popLast() else { return }
        let block = Block(open: frame.open, close: close, statements: frame.statements)
        append(Statement(keyword: frame.keyword, arguments: frame.arguments, block: block))
    }

    private mutating func unwind(at point: Span) {
        while !frames.isEmpty { pop(at: point) }
        suspect = nil
    }

    // MARK: Braces at fault

    private mutating func close(_ brace: Token) {
        guard let frame = frames.last else {
            reportExtra(brace)
            return
        }
        // A brace under an outer block's first column, inside a deeper one: the deeper one was not closed.
        if brace.startsLine, suspect == nil, frame.indentation > 0 {
            let column = column(of: brace)
            if column != frame.indentation,
                frames.dropLast().contains(where: { $0.indentation == column })
            {
                suspect = (frame.title, frame.open)
            }
        }
        pop(at: brace.span)
        if frames.isEmpty { suspect = nil }
    }

    private mutating func blockWithoutKeyword(_ brace: Token) {
        diagnostics.report(
            Diagnostic(
                .blockWithoutKeyword, "\"{\" without a keyword before it", at: Label(brace.span),
                help: ["the block up to its closing brace is skipped"]))
        skipBlock()
    }

    /// A line that is illegal in its block, but legal in one around it, and that does not stand further in
    /// than the block itself: what is between was not closed.
    private mutating func closeIfUnclosed(before first: Token) {
        guard first.startsLine, let frame = frames.last else { return }
        let column = column(of: first)
        guard column <= frame.indentation, !hints.isLegal(first.text, in: frame.keyword.text),
            let depth = frames.dropLast().lastIndex(where: {
                $0.indentation < column && hints.isLegal(first.text, in: $0.keyword.text)
            })
        else { return }
        reportUnclosed(before: first, nextBlock: first.span, "this line belongs to a block around it")
        let point = Span(file: first.span.file, start: Int(first.span.start), end: Int(first.span.start))
        while frames.count > depth + 1 { pop(at: point) }
        suspect = nil
    }

    private mutating func reportUnclosed(
        before token: Token, nextBlock: Span?, _ why: String = "when the next top-level block starts"
    ) {
        guard let innermost = frames.last else { return }
        let (title, open) = suspect ?? (innermost.title, innermost.open)
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

    private mutating func reportExtra(_ brace: Token) {
        var related: [Label] = []
        if let last = root.last, let block = last.block {
            related.append(Label(block.close, "\(last.title) was closed here already"))
        }
        diagnostics.report(
            Diagnostic(
                .extraClosingBrace, "\"}\" closes nothing", at: Label(brace.span), related: related,
                help: ["remove this brace, or one before it"]))
    }

    /// A statement that is illegal where it stands but legal in the block just closed: that block's brace was
    /// one too many. Reported at that brace, and the block is opened again.
    private mutating func reopenIfClosedEarly(before first: Token) {
        guard let last = frames.isEmpty ? root.last : frames[frames.count - 1].statements.last,
            let block = last.block, block.close.start < block.close.end,
            hints.isLegal(first.text, in: last.keyword.text)
        else { return }
        let parent = frames.last?.keyword.text
        guard parent.map({ hints.children[$0] != nil }) ?? true, !hints.isLegal(first.text, in: parent)
        else { return }
        diagnostics.report(
            Diagnostic(
                .extraClosingBrace, "this brace closes \(last.title) too early",
                at: Label(block.close, "one brace too many before or here"),
                related: [
                    Label(block.open, "opened here"),
                    Label(first.span, "\(first.text) still belongs to it"),
                ]))
        if frames.isEmpty { root.removeLast() } else { frames[frames.count - 1].statements.removeLast() }
        frames.append(
            Frame(
                keyword: last.keyword, arguments: last.arguments, open: block.open,
                indentation: file.screenColumn(at: Int(last.keyword.span.start)),
                statements: block.statements))
    }

    /// True when the next line reads like the body of the block that `first` should have opened.
    private func lacksOpeningBrace(_ first: Token, indentation: Int) -> Bool {
        let parent = frames.last?.keyword.text
        guard peeked.isWord, peeked.startsLine, indentation > 0, hints.isLegal(first.text, in: parent) else {
            return false
        }
        if hints.addressBlocks.contains(first.text) { return Self.looksLikeAddress(peeked.text) }
        guard hints.children[first.text] != nil, hints.isLegal(peeked.text, in: first.text) else {
            return false
        }
        return !hints.isLegal(peeked.text, in: parent) || column(of: peeked) > indentation
    }

    private static func looksLikeAddress(_ text: String) -> Bool {
        text.utf8.contains { ":@".utf8.contains($0) }
            || text.utf8.first.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
    }

    private func column(of token: Token) -> Int { file.screenColumn(at: Int(token.span.start)) }
}
