/// Puts the lines of one file into rows.
struct LayoutWriter {
    private(set) var rows: [LayoutRow] = []
    private let octets: [UInt8]
    private var depth = 0
    private var followsEmptyLine = false
    /// A statement that a brace on one of the next lines may belong to.
    private var unfinished: Int?
    /// Neighbouring lines for several config-ids: the depth before them, and where each id's lines lead.
    private var alternatives: (base: Int, depths: [[UInt8]: Int])?

    /// A writer of the lines of a file of those octets.
    init(_ octets: [UInt8]) { self.octets = octets }

    /// Adds the next line, which has those tokens; what is blanked out for the lexer has none.
    mutating func add(_ line: LayoutLine, _ tokens: [Token]) {
        if line.kind == .continuation { return addContinuation(line) }
        guard !line.content.isEmpty else {
            followsEmptyLine = true
            return
        }
        let comment = self.comment(of: line, tokens)
        if tokens.isEmpty, line.heads.isEmpty, line.kind != .definition {
            append(LayoutRow(depth: depth, text: [], comment: comment))
        } else if !line.heads.isEmpty || line.kind != .statements || Self.isOneLine(tokens, octets) {
            addWhole(line, tokens, comment)
        } else {
            endAlternatives()
            addStatements(tokens, comment)
        }
    }

    private mutating func append(_ row: LayoutRow) {
        var row = row
        row.followsEmptyLine = followsEmptyLine
        followsEmptyLine = false
        rows.append(row)
    }

    private func comment(of line: LayoutLine, _ tokens: [Token]) -> [UInt8] {
        guard line.kind != .definition else { return [] }
        var start = tokens.last.map { Int($0.span.end) } ?? line.rest.lowerBound
        while start < line.content.upperBound, octets[start] <= 0x20 { start += 1 }
        return Array(octets[start..<max(start, line.content.upperBound)])
    }

    // MARK: Lines that stay lines

    private mutating func addContinuation(_ line: LayoutLine) {
        unfinished = nil
        followsEmptyLine = false
        let text = octets[line.whole.lowerBound..<line.content.upperBound]
        append(LayoutRow(depth: 0, text: line.content.isEmpty ? [] : Array(text), isVerbatim: true))
    }

    private mutating func addWhole(_ line: LayoutLine, _ tokens: [Token], _ comment: [UInt8]) {
        unfinished = nil
        let id = Array(line.heads.map { octets[$0] }.joined(separator: [UInt8(ascii: " ")]))
        if line.isConditional {
            alternatives = alternatives ?? (depth, [:])
            depth = alternatives?.depths[id] ?? alternatives?.base ?? depth
        } else {
            endAlternatives()
        }
        let text: [UInt8]
        switch line.kind {
        case .definition: text = Array(octets[line.rest])
        case .reference:
            let end = tokens.last.map { Int($0.span.end) } ?? line.rest.upperBound
            text = Array(octets[line.rest.lowerBound..<end])
        case .statements, .continuation: text = spaced(tokens)
        }
        let closing = tokens.prefix { $0.kind == .closeBrace }.count
        let all = id + (id.isEmpty || text.isEmpty ? [] : [UInt8(ascii: " ")]) + text
        append(
            LayoutRow(
                depth: max(0, depth - closing), text: all, comment: comment,
                opens: tokens.last?.kind == .openBrace, closes: closing > 0))
        for token in tokens {
            if token.kind == .openBrace { depth += 1 }
            if token.kind == .closeBrace { depth = max(0, depth - 1) }
        }
        if line.isConditional { alternatives?.depths[id] = depth }
    }

    /// Goes on where the lines for several config-ids lead. They need not lead to one depth: the file has as
    /// many shapes as ids.
    private mutating func endAlternatives() {
        guard let (base, depths) = alternatives else { return }
        let deepest = depths.values.max() ?? base
        depth = deepest > base ? deepest : depths.values.min() ?? base
        alternatives = nil
    }

    /// True when what stands behind a brace would mean something else at the start of a line.
    private static func isOneLine(_ tokens: [Token], _ octets: [UInt8]) -> Bool {
        zip(tokens, tokens.dropFirst()).contains { brace, first in
            guard !brace.isWord, first.kind == .word else { return false }
            let word = octets[Int(first.span.start)..<Int(first.span.end)]
            switch word.first {
            case UInt8(ascii: "@"), UInt8(ascii: "~"): return true
            case UInt8(ascii: "$"): return word.contains(UInt8(ascii: "="))
            default: return IncludeKeyword(first, in: octets) != nil
            }
        }
    }

    // MARK: Statements

    private mutating func addStatements(_ tokens: [Token], _ comment: [UInt8]) {
        var words: [Token] = []
        // The row that the comment goes to.
        var last: Int?
        if tokens.first?.kind != .openBrace { unfinished = nil }
        for token in tokens {
            switch token.kind {
            case .word, .quotedWord: words.append(token)
            case .openBrace:
                if words.isEmpty, let row = unfinished {
                    last = join(row)
                } else {
                    append(LayoutRow(depth: depth, text: spaced(words + [token]), opens: true))
                    last = rows.count - 1
                }
                depth += 1
                (words, unfinished) = ([], nil)
            case .closeBrace:
                if !words.isEmpty { append(LayoutRow(depth: depth, text: spaced(words))) }
                depth = max(0, depth - 1)
                append(LayoutRow(depth: depth, text: spaced([token]), closes: true))
                last = rows.count - 1
                words = []
            case .endOfFile: break
            }
        }
        if !words.isEmpty {
            append(LayoutRow(depth: depth, text: spaced(words)))
            last = rows.count - 1
            if mayTakeBrace(words) { unfinished = last }
        }
        if comment.isEmpty { return }
        if let last {
            rows[last].comment = comment
        } else {
            append(LayoutRow(depth: depth, text: [], comment: comment))
        }
    }

    /// Puts a brace behind an earlier statement, and what stood between them into the block. Returns the row
    /// where a comment behind the brace may go.
    private mutating func join(_ row: Int) -> Int? {
        rows[row].text += Array(" {".utf8)
        rows[row].opens = true
        for index in rows.indices.dropFirst(row + 1) { rows[index].depth += 1 }
        followsEmptyLine = false
        return rows[row].comment.isEmpty && row == rows.count - 1 ? row : nil
    }

    /// A reference at the end may stand for whole lines, after which nothing may follow; behind `include` a
    /// brace is a part of the name.
    private func mayTakeBrace(_ words: [Token]) -> Bool {
        guard let first = words.first, let last = words.last else { return false }
        let end = octets[Int(last.span.start)..<Int(last.span.end)]
        return IncludeKeyword(first, in: octets) == nil && !end.contains(UInt8(ascii: "$"))
    }

    /// The tokens with one blank between them, but none where quotes touch a word.
    private func spaced(_ tokens: [Token]) -> [UInt8] {
        var result: [UInt8] = []
        for (index, token) in tokens.enumerated() {
            let touches =
                index > 0 && tokens[index - 1].isWord && token.isWord
                && tokens[index - 1].span.end == token.span.start
            if index > 0, !touches { result.append(UInt8(ascii: " ")) }
            result += octets[Int(token.span.start)..<Int(token.span.end)]
        }
        return result
    }
}
