/// Text that knows where each of its octets was written: what definitions and repetitions are made of and
/// expanded to.
struct TracedText: Hashable, Sendable {
    /// A stretch of octets with one origin.
    struct Run: Hashable, Sendable {
        /// How many octets. There may be a million runs, so nothing here is larger than need be.
        var octetCount: Int32
        /// Where they were written, octet by octet when `isVerbatim`; otherwise the place they were made for.
        var origin: Span
        /// The use of a definition that put them here, as an index into the uses of the `SourceMap`; -1 for
        /// text that stands in a file as it is.
        var use: Int32
        var isVerbatim: Bool

        init(length: Int, origin: Span, isVerbatim: Bool, use: Int32) {
            octetCount = Int32(clamping: length)
            (self.origin, self.isVerbatim, self.use) = (origin, isVerbatim, use)
        }

        /// How many octets.
        var length: Int {
            get { Int(octetCount) }
            set { octetCount = Int32(clamping: newValue) }
        }
    }

    private(set) var octets: [UInt8] = []
    private(set) var runs: [Run] = []

    init() {}

    /// The octets `range` of a file as they stand there.
    init(_ file: SourceFile, number: Int32, range: Range<Int>) {
        appendVerbatim(file, number: number, range: range)
    }

    /// Text that stands nowhere, made for the place `origin`.
    init(made octets: [UInt8], for origin: Span, use: Int32 = -1) {
        append(octets[...], Run(length: octets.count, origin: origin, isVerbatim: false, use: use))
    }

    var count: Int { octets.count }
    var isEmpty: Bool { octets.isEmpty }

    private mutating func append(_ more: ArraySlice<UInt8>, _ run: Run) {
        guard run.length > 0 else { return }
        octets += more
        if let last = runs.last, last.isVerbatim, run.isVerbatim, last.use == run.use,
            last.origin.file == run.origin.file, last.origin.end == run.origin.start
        {
            runs[runs.count - 1].length += run.length
            runs[runs.count - 1].origin = last.origin.through(run.origin)
        } else {
            runs.append(run)
        }
    }

    mutating func appendVerbatim(_ file: SourceFile, number: Int32, range: Range<Int>) {
        let origin = Span(file: number, start: range.lowerBound, end: range.upperBound)
        append(
            file.octets[range], Run(length: range.count, origin: origin, isVerbatim: true, use: -1))
    }

    mutating func append(_ other: TracedText) {
        var start = 0
        for run in other.runs {
            append(other.octets[start..<(start + run.length)], run)
            start += run.length
        }
    }

    /// A part of it.
    subscript(range: Range<Int>) -> TracedText {
        var part = TracedText()
        var start = 0
        for run in runs {
            let (low, high) = (max(range.lowerBound, start), min(range.upperBound, start + run.length))
            if low < high {
                var piece = run
                piece.length = high - low
                if run.isVerbatim {
                    let first = Int(run.origin.start) + low - start
                    piece.origin = Span(file: run.origin.file, start: first, end: first + high - low)
                }
                part.append(octets[low..<high], piece)
            }
            start += run.length
            if start >= range.upperBound { break }
        }
        return part
    }

    func replacing(_ range: Range<Int>, with other: TracedText) -> TracedText {
        var result = self[0..<range.lowerBound]
        result.append(other)
        result.append(self[range.upperBound..<count])
        return result
    }

    /// The same text, put here by `use`.
    func used(by use: Int32) -> TracedText {
        var result = self
        for index in result.runs.indices { result.runs[index].use = use }
        return result
    }

    /// The same length of blanks in place of `range`.
    mutating func blank(_ range: Range<Int>) {
        for index in range { octets[index] = UInt8(ascii: " ") }
    }

    /// The use that the octet at `offset` came with.
    func use(at offset: Int) -> Int32 {
        var start = 0
        for run in runs {
            start += run.length
            if offset < start { return run.use }
        }
        return -1
    }

    /// Where `range` was written, as near as one span can say: the first run's part.
    func origin(of range: Range<Int>) -> Span {
        let part = self[range]
        guard let first = part.runs.first else {
            return runs.last?.origin ?? Span(file: 0, start: 0, end: 0)
        }
        return part.runs.dropFirst().reduce(first.origin) { span, run in
            run.origin.file == span.file && run.origin.start >= span.start ? span.through(run.origin) : span
        }
    }
}
