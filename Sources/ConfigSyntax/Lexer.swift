/// What the lexer hands to the parser.
package struct Token: Hashable, Sendable {
    /// What it is.
    package enum Kind: Hashable, Sendable {
        case word
        case quotedWord
        case openBrace
        case closeBrace
        case endOfFile
    }

    /// What it is.
    package let kind: Kind
    /// Where it stands; what a word says is asked of its lexer.
    package let span: Span
    /// True for the first token of a line, which is where a new statement begins.
    package let startsLine: Bool

    /// A word of either kind.
    package var isWord: Bool { kind == .word || kind == .quotedWord }

    /// Where a word stands in its file of those octets, without its quotes.
    func content(in octets: [UInt8]) -> Range<Int> {
        let (start, end) = (Int(span.start), Int(span.end))
        guard kind == .quotedWord else { return start..<end }
        let isClosed = end - start > 1 && octets[end - 1] == UInt8(ascii: "\"")
        return (start + 1)..<(isClosed ? end - 1 : end)
    }
}

/// Cuts one file into words and braces: comments (`#`, `!`), double quotes, the escapes `\#` and `\!`, and
/// lines that are conditional on the config-id (`@ID`, `@^ID`). Definitions and repetitions were expanded
/// before: a reference that is still there names nothing and is part of a word. Any octets may be fed: what
/// is wrong is reported, never fatal.
package struct Lexer {
    private let file: SourceFile
    private let number: Int32
    private let configID: String
    private let octets: [UInt8]
    private var position = 0
    private var hasBegun = false
    private var startsLine = true
    private var startsStatement = true
    private var keepsBraces = false
    /// What escaped words say, by where they begin.
    private var escapedTexts: [Int32: String] = [:]

    /// A lexer at the start of `file`, which is file `number` of its map. `configID` decides `@ID` lines.
    package init(_ file: SourceFile, number: Int32, configID: String) {
        self.file = file
        self.number = number
        self.configID = configID
        octets = file.octets
    }

    /// The next token; `endOfFile` again and again at the end.
    package mutating func next(_ diagnostics: inout Diagnostics) -> Token {
        if !hasBegun {
            hasBegun = true
            enterLine(&diagnostics)
        }
        while true {
            skipBlanks(&diagnostics)
            guard position < octets.count else { return token(.endOfFile, from: octets.count) }
            let octet = octets[position]
            let start = position
            if octet == UInt8(ascii: "\"") {
                return quoted(&diagnostics)
            }
            if continuesLine(at: start) {
                report(
                    .badCharacter, "\"\\\" does not continue a line here", start..<(start + 1),
                    notes: ["keepalived reads the two lines apart"],
                    help: ["write it on one line, or as a definition: $NAME= \\ and the lines below it"],
                    &diagnostics)
                skipToLineEnd()
                position = min(position + 1, octets.count)
                continue
            }
            if octet == UInt8(ascii: "{"), let end = endOfPlaceholder(at: start),
                octets[start + 1] == UInt8(ascii: "%")
            {
                position = end
                reportPlaceholder(start..<end, &diagnostics)
                continue
            }
            if octet == UInt8(ascii: "{") || octet == UInt8(ascii: "}"), !keepsBraces,
                endOfPlaceholder(at: start) == nil
            {
                position += 1
                let kind: Token.Kind = octet == UInt8(ascii: "{") ? .openBrace : .closeBrace
                let result = token(kind, from: start)
                startsStatement = true
                return result
            }
            if startsLine, octet == UInt8(ascii: "@") {
                conditional(&diagnostics)
                continue
            }
            return word(&diagnostics)
        }
    }

    /// Goes on behind the closing brace that ends at `end`, as if it had been handed out.
    mutating func skip(to end: Int) {
        position = end
        (startsLine, startsStatement) = (false, true)
    }

    /// What `word` says, which is a token of this lexer; empty for what is no word.
    package func text(of word: Token) -> String {
        guard word.isWord else { return "" }
        return escapedText(of: word) ?? String(decoding: octets[word.content(in: octets)], as: UTF8.self)
    }

    /// What a word says in which characters were escaped; nil for any other.
    func escapedText(of word: Token) -> String? {
        escapedTexts.isEmpty ? nil : escapedTexts[word.span.start]
    }

    private mutating func token(_ kind: Token.Kind, from start: Int) -> Token {
        let result = Token(
            kind: kind, span: Span(file: number, start: start, end: position),
            startsLine: startsLine)
        startsLine = false
        startsStatement = false
        return result
    }

    // MARK: Blanks, comments, lines

    private mutating func skipBlanks(_ diagnostics: inout Diagnostics) {
        while position < octets.count {
            switch octets[position] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), 0x0B, 0x0C:
                position += 1
            case UInt8(ascii: "\n"):
                position += 1
                enterLine(&diagnostics)
            case UInt8(ascii: "#"), UInt8(ascii: "!"):
                skipToLineEnd()
            default:
                guard let blank = foreignBlank(at: position) else { return }
                diagnostics.report(
                    Diagnostic(
                        .badCharacter, "\(blank.name) is no blank here",
                        at: Label(Span(file: number, start: position, end: position + blank.length)),
                        notes: ["it looks like one, or like nothing, and would be part of a word"],
                        help: ["write a plain blank, or save the file as plain text without marks"]))
                position += blank.length
            }
        }
    }

    /// A character that only looks like a blank or like nothing, as word processors and web pages have them,
    /// and its octets.
    private func foreignBlank(at offset: Int) -> (name: String, length: Int)? {
        guard octets[offset] >= 0xC2, offset + 1 < octets.count else { return nil }
        if octets[offset] == 0xC2, octets[offset + 1] == 0xA0 { return ("U+00A0", 2) }
        guard offset + 2 < octets.count else { return nil }
        switch (octets[offset], octets[offset + 1], octets[offset + 2]) {
        case (0xE2, 0x80, 0x80...0x8B):
            return ("U+200" + String(octets[offset + 2] - 0x80, radix: 16, uppercase: true), 3)
        case (0xE2, 0x80, 0xAF): return ("U+202F", 3)
        case (0xE3, 0x80, 0x80): return ("U+3000", 3)
        case (0xEF, 0xBB, 0xBF): return ("U+FEFF, a byte order mark,", 3)
        default: return nil
        }
    }

    private mutating func skipToLineEnd() {
        while position < octets.count, octets[position] != UInt8(ascii: "\n") { position += 1 }
    }

    private mutating func enterLine(_ diagnostics: inout Diagnostics) {
        startsLine = true
        startsStatement = true
        keepsBraces = false
        guard file.hasLongLine else { return }
        let range = file.line(from: position)
        guard range.count > SourceFile.maximumLine else { return }
        diagnostics.report(
            Diagnostic(
                .overlongLine, "line of \(range.count) octets",
                at: Label(Span(file: number, start: range.lowerBound, end: range.lowerBound + 1)),
                help: ["at most \(SourceFile.maximumLine) octets are read in a line"]))
        skipToLineEnd()
    }

    // MARK: Words

    private mutating func quoted(_ diagnostics: inout Diagnostics) -> Token {
        let start = position
        position += 1
        while position < octets.count, octets[position] != UInt8(ascii: "\""),
            octets[position] != UInt8(ascii: "\n")
        {
            position += 1
        }
        let content = octets[(start + 1)..<position]
        if position < octets.count, octets[position] == UInt8(ascii: "\"") {
            position += 1
        } else {
            diagnostics.report(
                Diagnostic(
                    .unterminatedString, "this string has no closing quote",
                    at: Label(Span(file: number, start: start, end: start + 1), "opened here"),
                    notes: ["it would run to the end of the line"], help: ["strings end on their own line"]))
        }
        _ = text(content, from: start, &diagnostics)
        return token(.quotedWord, from: start)
    }

    private mutating func word(_ diagnostics: inout Diagnostics) -> Token {
        let start = position
        while position < octets.count, Self.isPlain(octets[position]) { position += 1 }
        let plainEnd = position
        // A word without escapes is a piece of the file; only others are put together.
        var escaped: [UInt8]?
        scan: while position < octets.count {
            let octet = octets[position]
            switch octet {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"), 0x0B, 0x0C,
                UInt8(ascii: "\""), UInt8(ascii: "#"), UInt8(ascii: "!"):
                break scan
            case UInt8(ascii: "{") where endOfPlaceholder(at: position) != nil:
                let end = endOfPlaceholder(at: position) ?? position + 1
                reportPlaceholder(position..<end, &diagnostics)
                escaped?.append(contentsOf: octets[position..<end])
                position = end
            case UInt8(ascii: "\\") where continuesLine(at: position): break scan
            case UInt8(ascii: "{") where !keepsBraces, UInt8(ascii: "}") where !keepsBraces:
                guard octet == UInt8(ascii: "{"), position > start, octets[position - 1] == UInt8(ascii: "$"),
                    let end = endOfReference()
                else { break scan }
                escaped?.append(contentsOf: octets[position..<end])
                position = end
            case UInt8(ascii: "\\") where isComment(at: position + 1):
                escaped = escaped ?? Array(octets[start..<position])
                escaped?.append(octets[position + 1])
                position += 2
            default:
                if octet >= 0xC2, foreignBlank(at: position) != nil { break scan }
                escaped?.append(octet)
                position += 1
            }
        }
        if isComment(at: position), position > start {
            diagnostics.report(
                Diagnostic(
                    .gluedComment, "a comment begins inside this word",
                    at: Label(Span(file: number, start: position, end: position + 1), "the word ends here"),
                    help: [
                        "put a blank before a comment, and the value in quotes if the character is its part"
                    ]))
        }
        // What is plain is not made a text here: nobody asks for that of most words.
        if position > plainEnd {
            let text = text(escaped.map { $0[...] } ?? octets[start..<position], from: start, &diagnostics)
            if escaped != nil { escapedTexts[Int32(clamping: start)] = text }
        }
        let begins = startsStatement
        let word = token(.word, from: start)
        // Braces in a file pattern are no blocks.
        if begins, IncludeKeyword(word, in: octets) != nil { keepsBraces = true }
        return word
    }

    /// True for what means nothing but itself: all of ASCII but blanks, `!`, `"`, `#`, `\\`, braces and what
    /// follows them.
    private static func isPlain(_ octet: UInt8) -> Bool {
        (0x24...0x5B).contains(octet) || (0x5D...0x7A).contains(octet)
    }

    private func isComment(at offset: Int) -> Bool {
        offset < octets.count && (octets[offset] == UInt8(ascii: "#") || octets[offset] == UInt8(ascii: "!"))
    }

    /// True for a backslash at the end of a line.
    private func continuesLine(at offset: Int) -> Bool {
        guard octets[offset] == UInt8(ascii: "\\") else { return false }
        let next = octets[(offset + 1)...].first { $0 > 0x20 || $0 == UInt8(ascii: "\n") }
        return next == UInt8(ascii: "\n")
    }

    /// One past `{{ ... }}` or `{% ... %}` on one line, what templates are filled in by.
    private func endOfPlaceholder(at offset: Int) -> Int? {
        guard !keepsBraces, offset + 1 < octets.count, octets[offset] == UInt8(ascii: "{") else { return nil }
        let first = octets[offset + 1]
        guard first == UInt8(ascii: "{") || first == UInt8(ascii: "%") else { return nil }
        let last = first == UInt8(ascii: "%") ? first : UInt8(ascii: "}")
        var end = offset + 2
        while end + 1 < octets.count, octets[end] != UInt8(ascii: "\n") {
            if octets[end] == last, octets[end + 1] == UInt8(ascii: "}") { return end + 2 }
            end += 1
        }
        return nil
    }

    private func reportPlaceholder(_ range: Range<Int>, _ diagnostics: inout Diagnostics) {
        let text = String(decoding: octets[range].prefix(40), as: UTF8.self)
        report(
            .unfilledTemplate, "\(text) was not filled in", range, notes: ["it is part of a template"],
            help: ["check the file that the template makes"], &diagnostics)
    }

    private func report(
        _ code: DiagnosticCode, _ message: String, _ range: Range<Int>, notes: [String], help: [String],
        _ diagnostics: inout Diagnostics
    ) {
        let span = Span(file: number, start: range.lowerBound, end: range.upperBound)
        diagnostics.report(Diagnostic(code, message, at: Label(span), notes: notes, help: help))
    }

    /// One past the brace that closes `${`, on the same line.
    private func endOfReference() -> Int? {
        var end = position
        while end < octets.count, octets[end] != UInt8(ascii: "\n") {
            end += 1
            if octets[end - 1] == UInt8(ascii: "}") { return end }
        }
        return nil
    }

    /// The octets as text. What is not UTF-8, and control characters, are reported once a word.
    private func text(
        _ content: ArraySlice<UInt8>, from start: Int, _ diagnostics: inout Diagnostics
    ) -> String {
        let text = String(decoding: content, as: UTF8.self)
        var (isControl, isASCII) = (false, true)
        for octet in content where octet < 0x20 || octet >= 0x7F {
            if octet >= 0x80 { isASCII = false } else if octet != UInt8(ascii: "\t") { isControl = true }
        }
        if isControl || (!isASCII && !text.utf8.elementsEqual(content)) {
            diagnostics.report(
                Diagnostic(
                    .badCharacter, isControl ? "control character in a word" : "this word is not UTF-8",
                    at: Label(Span(file: number, start: start, end: max(position, start + 1))),
                    help: ["save the file as plain text in UTF-8"]))
        }
        return text
    }

    // MARK: The configuration language around the words

    /// `@ID` and `@^ID` at the start of a line: the rest of the line counts only for that config-id, or for
    /// others.
    private mutating func conditional(_ diagnostics: inout Diagnostics) {
        let start = position
        while position < octets.count, !Self.endsID(octets[position]) { position += 1 }
        var name = octets[(start + 1)..<position]
        let negated = name.first == UInt8(ascii: "^")
        if negated { name = name.dropFirst() }
        if name.isEmpty {
            diagnostics.report(
                Diagnostic(
                    .badConditional, "a config-id must follow \"@\"",
                    at: Label(Span(file: number, start: start, end: position)),
                    help: ["write @ID to keep the line for that config-id, @^ID to keep it for all others"]))
            skipToLineEnd()
        } else if name.elementsEqual(configID.utf8) == negated {
            skipToLineEnd()
        }
    }

    static func endsID(_ octet: UInt8) -> Bool {
        octet <= 0x20 || [UInt8(ascii: "#"), UInt8(ascii: "!"), UInt8(ascii: "\"")].contains(octet)
    }
}
