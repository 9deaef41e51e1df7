/// A stretch of octets in one file of a `SourceMap`.
package struct Span: Hashable, Sendable {
    /// Index of the file in its `SourceMap`.
    package let file: Int32
    /// First octet, from 0.
    package let start: Int32
    /// One past the last octet; equal to `start` for a point.
    package let end: Int32

    /// The octets `start..<end` of file number `file`. An end before the start becomes a point.
    package init(file: Int32, start: Int, end: Int) {
        self.file = file
        self.start = Int32(clamping: start)
        self.end = Int32(clamping: max(start, end))
    }

    /// From the start of this span to the end of `other`; `other` MUST lie in the same file, later.
    package func through(_ other: Span) -> Span {
        other.file == file ? Span(file: file, start: Int(start), end: Int(max(end, other.end))) : self
    }

    /// In reading order: by file, then by first octet.
    package static func precedes(_ left: Span, _ right: Span) -> Bool {
        (left.file, left.start) < (right.file, right.start)
    }
}

/// Where a span begins, for people.
package struct SourceLocation: Hashable, Sendable, CustomStringConvertible {
    /// The file's name as it was asked for.
    package let file: String
    /// From 1.
    package let line: Int
    /// From 1, in characters (Unicode scalars).
    package let column: Int

    /// The location `line`:`column` of `file`.
    package init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// `file:line:column`.
    package var description: String { "\(file):\(line):\(column)" }
}

/// The octets of one file and where its lines begin.
package struct SourceFile: Sendable {
    /// The longest line read; a longer one is reported and left out.
    package static let maximumLine = 16_384
    /// The most that is read, all included files together: 64 MiB, several hundred thousand real servers.
    package static let maximumSize = 64 << 20

    /// The path it was read from.
    package let name: String
    /// The whole file.
    package let octets: [UInt8]
    /// Where the octets were written, for text that definitions and repetitions were expanded in; nil for a
    /// file as it was read.
    let expansion: ExpansionMap?
    /// How many lines there are, at least 1.
    package let lineCount: Int
    /// True when some line may be longer than what is read.
    let hasLongLine: Bool
    /// True when there is a "$" or "~" somewhere, so that something may have to be expanded.
    let holdsExpansions: Bool
    /// Where every 64th line begins, from the first on: a million lines are found fast, and take little.
    private let lineStarts: [Int32]
    /// The first NUL, which no text has.
    let nul: Int?
    private static let linesAStart = 64

    /// A file of that name and content.
    package init(name: String, octets: [UInt8]) { self.init(name: name, octets: octets, expansion: nil) }

    /// The text that the file of that name becomes.
    init(name: String, expanded text: TracedText) {
        self.init(name: name, octets: text.octets, expansion: ExpansionMap(text))
    }

    private init(name: String, octets: [UInt8], expansion: ExpansionMap?) {
        self.name = name
        self.octets = octets
        self.expansion = expansion
        var starts: [Int32] = [0]
        var (lines, start, longest, holdsExpansions) = (1, 0, 0, false)
        var nul: Int?
        for offset in octets.indices {
            switch octets[offset] {
            case UInt8(ascii: "\n"):
                longest = max(longest, offset - start)
                start = offset + 1
                if lines % Self.linesAStart == 0 { starts.append(Int32(start)) }
                lines += 1
            case UInt8(ascii: "$"), UInt8(ascii: "~"): holdsExpansions = true
            case 0: nul = nul ?? offset
            default: break
            }
        }
        (self.holdsExpansions, self.nul) = (holdsExpansions, nul)
        (lineStarts, lineCount) = (starts, lines)
        hasLongLine = max(longest, octets.count - start) > Self.maximumLine
    }

    /// The number, from 1, of the line that holds the octet at `offset`.
    package func line(at offset: Int) -> Int {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if Int(lineStarts[middle]) <= offset { low = middle } else { high = middle }
        }
        let before = octets[Int(lineStarts[low])..<max(Int(lineStarts[low]), min(offset, octets.count))]
        return low * Self.linesAStart + before.count { $0 == UInt8(ascii: "\n") } + 1
    }

    /// The octets of line `number` (from 1) without its line end; empty outside the file.
    package func range(ofLine number: Int) -> Range<Int> {
        guard (1...lineCount).contains(number) else { return octets.count..<octets.count }
        var start = Int(lineStarts[(number - 1) / Self.linesAStart])
        for _ in 0..<((number - 1) % Self.linesAStart) { start = end(ofLineAt: start) + 1 }
        return line(from: start)
    }

    /// The octets of the line that begins at `start`, without its line end.
    func line(from start: Int) -> Range<Int> {
        let end = end(ofLineAt: start)
        return start..<(end > start && octets[end - 1] == UInt8(ascii: "\r") ? end - 1 : end)
    }

    /// The octets of the line that the one at `offset` is in, without its line end.
    func line(around offset: Int) -> Range<Int> {
        var start = min(max(offset, 0), octets.count)
        while !beginsLine(at: start) { start -= 1 }
        return line(from: start)
    }

    /// Where the line that begins at `start` ends: its line end, or the end of the file.
    private func end(ofLineAt start: Int) -> Int {
        var end = start
        while end < octets.count, octets[end] != UInt8(ascii: "\n") { end += 1 }
        return end
    }

    /// The column, from 1, that an editor shows the octet at `offset` in: tabs lead to every eighth one.
    package func screenColumn(at offset: Int) -> Int {
        let end = min(max(offset, 0), octets.count)
        var start = end
        while !beginsLine(at: start) { start -= 1 }
        var column = 1
        while start < end {
            let octet = octets[start]
            if octet == UInt8(ascii: "\t") {
                column += 8 - (column - 1) % 8
            } else if !UTF8.isContinuation(octet) {
                column += 1
            }
            start += 1
        }
        return column
    }

    /// True where a line begins.
    func beginsLine(at offset: Int) -> Bool { offset <= 0 || octets[offset - 1] == UInt8(ascii: "\n") }

    /// The column, from 1 and in characters, of the octet at `offset`.
    package func column(at offset: Int) -> Int {
        var column = 1
        var position = min(max(offset, 0), octets.count)
        while position > 0, octets[position - 1] != UInt8(ascii: "\n") {
            position -= 1
            if !UTF8.isContinuation(octets[position]) { column += 1 }
        }
        return column
    }
}

/// Every file that was read for one configuration, in the order it was first opened.
package struct SourceMap: Sendable {
    /// The files and what some were expanded to; a span's `file` is an index into them.
    package private(set) var files: [SourceFile] = []
    /// Every use of a definition, for the expanded files.
    package private(set) var uses: [TextUse] = []
    /// References that stay in the text since what they name was refused.
    var unresolved: [Span] = []
    /// The include that led to a file, by the file's number; none for the first.
    private var includes: [Int32: Span] = [:]
    /// Where the blocks are that spans may count from, by numbers below 0: see `KnownBlocks`.
    private var pieces: [Int32: Span] = [:]

    /// No file yet.
    package init() {}

    /// Adds a file and returns its number.
    package mutating func add(_ file: SourceFile) -> Int32 {
        files.append(file)
        return Int32(files.count - 1)
    }

    /// Notes where a piece is now.
    mutating func put(_ piece: Int32, at place: Span) { pieces[piece] = place }

    /// The octets of a piece; nil for a number that is none.
    package func text(of piece: Int32) -> ArraySlice<UInt8>? {
        guard let place = pieces[piece], let file = file(of: place) else { return nil }
        return file.octets[Int(place.start)..<Int(place.end)]
    }

    /// A span with what it counts from a piece of a file counted from the file's beginning.
    func placed(_ span: Span) -> Span {
        guard let piece = pieces[span.file] else { return span }
        return Span(
            file: piece.file, start: Int(piece.start) + Int(span.start), end: Int(piece.start) + Int(span.end)
        )
    }

    /// The files as they were read.
    package var writtenFiles: [SourceFile] { files.filter { $0.expansion == nil } }

    /// Puts what a file became in the place that was kept for it.
    mutating func replace(_ number: Int32, with file: SourceFile) { files[Int(number)] = file }

    /// Notes that file `number` was included at `place`.
    mutating func note(_ number: Int32, includedAt place: Span) { includes[number] = place }

    /// The includes that led to the file of a span, the innermost first.
    package func includes(of place: Span) -> [SourceLocation] {
        var locations: [SourceLocation] = []
        var file = written(place).span.file
        while let include = includes[file], locations.count <= SyntaxLoader.maximumDepth {
            locations.append(location(of: include))
            file = written(include).span.file
        }
        return locations
    }

    /// Adds a use of a definition and returns its index.
    mutating func add(_ use: TextUse) -> Int32 {
        uses.append(use)
        return Int32(clamping: uses.count - 1)
    }

    /// The file a span lies in; nil for a span of another map.
    package func file(of span: Span) -> SourceFile? {
        files.indices.contains(Int(span.file)) ? files[Int(span.file)] : nil
    }

    /// Where a span begins, as it was written.
    package func location(of place: Span) -> SourceLocation {
        let span = written(place).span
        guard let file = file(of: span) else { return SourceLocation(file: "?", line: 1, column: 1) }
        let start = Int(span.start)
        return SourceLocation(
            file: file.name, line: file.line(at: start), column: file.column(at: start))
    }
}
