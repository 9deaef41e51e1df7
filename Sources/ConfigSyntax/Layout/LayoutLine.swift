/// One line of a file as it is written, before definitions and repetitions are expanded: how much of it a
/// change of layout may touch. What the expansion takes by the line stays a line.
struct LayoutLine: Equatable {
    /// What may be done with the line.
    enum Kind: Equatable {
        /// Words, braces and a comment: may be spaced out anew and cut at braces.
        case statements
        /// The rest of the line begins with a reference, which may become anything: stays as it is.
        case reference
        /// `$NAME=VALUE`, or the head of a definition that goes on.
        case definition
        /// A further line of a definition.
        case continuation
    }

    let kind: Kind
    /// The whole line; continuations keep their blanks.
    let whole: Range<Int>
    /// Without blanks at both ends; empty for an empty line.
    let content: Range<Int>
    /// `@ID`, `~SEQ(...)` and `~LST(...)` at the start.
    let heads: [Range<Int>]
    /// What comes after them.
    let rest: Range<Int>
    /// True for those heads that ask for a config-id.
    let isConditional: Bool
    /// True when the next line belongs to the same definition.
    let goesOn: Bool

    /// All lines of `file`, in order.
    static func all(of file: SourceFile) -> [LayoutLine] {
        var goesOn = false
        return (1...file.lineCount).map { number in
            let line = LayoutLine(file.octets, file.range(ofLine: number), isContinuation: goesOn)
            goesOn = line.goesOn
            return line
        }
    }

    init(_ octets: [UInt8], _ line: Range<Int>, isContinuation: Bool) {
        whole = line
        content = Self.trimmed(octets, line)
        let counted = SyntaxLoader.lengthWithoutComment(octets[content])
        let endsOpen = counted > 0 && octets[content.lowerBound + counted - 1] == UInt8(ascii: "\\")
        guard !isContinuation else {
            (kind, heads, rest, isConditional, goesOn) = (.continuation, [], content, false, endsOpen)
            return
        }
        var heads: [Range<Int>] = []
        var start = content.lowerBound
        var isConditional = false
        while let end = Self.endOfHead(octets, start..<content.upperBound) {
            if octets[start] == UInt8(ascii: "@") { isConditional = true }
            heads.append(start..<end)
            start = end
            while start < content.upperBound, octets[start] <= 0x20 { start += 1 }
        }
        self.heads = heads
        self.isConditional = isConditional
        rest = start..<content.upperBound
        let isReference = !rest.isEmpty && octets[start] == UInt8(ascii: "$")
        let end = isReference ? DefinitionName.end(octets, from: start + 1) : start
        let isDefinition = end > start + 1 && end < rest.upperBound && octets[end] == UInt8(ascii: "=")
        kind = isDefinition ? .definition : (isReference ? .reference : .statements)
        goesOn = isDefinition && endsOpen
    }

    /// The octets with what is kept as it is blanked out, for the lexer.
    static func masked(_ octets: [UInt8], _ lines: [LayoutLine]) -> [UInt8] {
        var result = octets
        for line in lines {
            let isKept = line.kind == .definition || line.kind == .continuation
            for range in isKept ? [line.content] : line.heads {
                for offset in range { result[offset] = UInt8(ascii: " ") }
            }
        }
        return result
    }

    /// One past the condition or repetition that the range begins with.
    private static func endOfHead(_ octets: [UInt8], _ range: Range<Int>) -> Int? {
        guard let first = range.first.map({ octets[$0] }) else { return nil }
        switch first {
        case UInt8(ascii: "@"):
            let end = octets[range].dropFirst().firstIndex(where: Lexer.endsID) ?? range.upperBound
            let isNegated = range.count > 1 && octets[range.lowerBound + 1] == UInt8(ascii: "^")
            return end > range.lowerBound + (isNegated ? 2 : 1) ? end : nil
        case UInt8(ascii: "~") where Repetition.begins(octets, at: range.lowerBound):
            let close = Repetition.close(octets, from: range.lowerBound) ?? range.upperBound
            return close < range.upperBound ? close + 1 : nil
        default: return nil
        }
    }

    private static func trimmed(_ octets: [UInt8], _ range: Range<Int>) -> Range<Int> {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high, octets[low] <= 0x20 { low += 1 }
        while high > low, octets[high - 1] <= 0x20 { high -= 1 }
        return low..<high
    }
}
