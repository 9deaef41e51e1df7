/// Blocks outside every block of which an earlier reading knows what they say: where the same text stands
/// again, on whatever line, it need not be read again. Spans in such a block count from its own beginning: it
/// is a piece of a file, with a number below 0 that stays its own wherever it moves, and `SourceMap` has its
/// place.
package struct KnownBlocks: Sendable {
    private struct Block {
        let piece: Int32
        let text: ArraySlice<UInt8>
    }

    /// Blocks of this keyword are pieces.
    private let keyword: String
    /// By the first line of their text.
    private var blocks: [ArraySlice<UInt8>: Block] = [:]
    /// The number of the piece that was made last.
    private var latest: Int32

    /// Nothing is known yet. Blocks of `keyword` become pieces, with numbers below `latest`.
    package init(of keyword: String, after latest: Int32 = 0) {
        self.keyword = keyword
        self.latest = latest
    }

    /// The same text need not be read again; of two with one first line, the first.
    package mutating func add(_ piece: Int32, text: ArraySlice<UInt8>) {
        latest = min(latest, piece)
        let header = Self.firstLine(of: text)
        if blocks[header] == nil { blocks[header] = Block(piece: piece, text: text) }
    }

    /// The known block whose text is what stands at `start`, and where that ends. It is given once.
    mutating func take(at start: Int, of octets: [UInt8]) -> (piece: Int32, end: Int)? {
        guard !blocks.isEmpty else { return nil }
        let header = Self.firstLine(of: octets[start...])
        guard let block = blocks[header] else { return nil }
        let end = start + block.text.count
        guard end <= octets.count, octets[start..<end] == block.text else { return nil }
        blocks[header] = nil
        return (block.piece, end)
    }

    /// The number for a new piece; nil where blocks of `keyword` are none, or after two thousand million of
    /// them, when no number is left: whoever reads everything begins anew.
    mutating func number(for keyword: String) -> Int32? {
        guard keyword == self.keyword, latest > .min else { return nil }
        latest -= 1
        return latest
    }

    private static func firstLine(of text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        text.prefix { $0 != UInt8(ascii: "\n") }
    }
}
