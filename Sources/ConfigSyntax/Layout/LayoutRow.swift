/// One line of a file that is laid out.
struct LayoutRow: Equatable {
    /// How many blocks it stands in.
    var depth: Int
    /// Without the comment.
    var text: [UInt8]
    /// With its `#` or `!`; may be all there is.
    var comment: [UInt8] = []
    /// An empty line stood before it.
    var followsEmptyLine = false
    /// It ends with the brace that opens a block.
    var opens = false
    /// It begins with the brace that closes one.
    var closes = false
    /// It is written as it is, blanks at its start included.
    var isVerbatim = false

    /// The rows as lines that end in "\n". Comments behind neighbouring rows of one block begin in one
    /// column.
    static func text(_ rows: [LayoutRow]) -> [UInt8] {
        var result: [UInt8] = []
        let columns = commentColumns(rows)
        for (index, row) in rows.enumerated() {
            if isSeparated(rows, index) { result.append(UInt8(ascii: "\n")) }
            if !row.isVerbatim, !row.text.isEmpty || !row.comment.isEmpty {
                let blanks = row.depth * CanonicalLayout.indentation
                result += [UInt8](repeating: UInt8(ascii: " "), count: blanks)
            }
            result += row.text
            if !row.comment.isEmpty {
                result += [UInt8](repeating: UInt8(ascii: " "), count: columns[index] - row.width)
                result += row.comment
            }
            result.append(UInt8(ascii: "\n"))
        }
        // A definition may end in an empty line, which is none where the file ends.
        while result.last == UInt8(ascii: "\n"), result.count < 2 || result[result.count - 2] == result.last {
            result.removeLast()
        }
        return result
    }

    /// Characters of the text.
    private var width: Int { text.count { !UTF8.isContinuation($0) } }

    /// An empty line that stays: not at the start, and not inside of a brace.
    private static func isSeparated(_ rows: [LayoutRow], _ index: Int) -> Bool {
        index > 0 && rows[index].followsEmptyLine && !rows[index - 1].opens && !rows[index].closes
    }

    /// Where each row's comment begins, counted from its indentation.
    private static func commentColumns(_ rows: [LayoutRow]) -> [Int] {
        var columns = [Int](repeating: 0, count: rows.count)
        func isAligned(_ index: Int) -> Bool {
            rows.indices.contains(index) && !rows[index].text.isEmpty && !rows[index].comment.isEmpty
        }
        var start = 0
        while start < rows.count {
            var end = start + 1
            if isAligned(start) {
                while isAligned(end), rows[end].depth == rows[start].depth, !isSeparated(rows, end) {
                    end += 1
                }
                let widest = rows[start..<end].map(\.width).max() ?? 0
                for index in start..<end { columns[index] = widest + 2 }
            }
            start = end
        }
        return columns
    }
}
