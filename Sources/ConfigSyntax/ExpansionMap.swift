/// Why a piece of text stands where no file has it.
package struct TextUse: Hashable, Sendable {
    /// What put it there.
    package enum Kind: Hashable, Sendable {
        /// The definition of that name.
        case definition(String)
        /// A value of the variable of a repetition.
        case repetition(variable: String, value: String)
    }

    /// What put it there.
    package let kind: Kind
    /// The reference, where it is written.
    package let span: Span
    /// The use that the reference itself came with; -1 when it stands in a file.
    let parent: Int32
    /// How many uses deep, from 1.
    let depth: Int32
}

/// Tells for the octets of an expanded file where they were written.
struct ExpansionMap: Sendable {
    private let runs: [TracedText.Run]
    private let starts: [Int32]

    init(_ text: TracedText) {
        runs = text.runs
        var start = 0
        var starts: [Int32] = []
        starts.reserveCapacity(runs.count)
        for run in runs {
            starts.append(Int32(clamping: start))
            start += run.length
        }
        self.starts = starts
    }

    /// The index of the run that holds the octet at `offset`.
    private func index(at offset: Int) -> Int? {
        guard !starts.isEmpty else { return nil }
        var (low, high) = (0, starts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if Int(starts[middle]) <= offset { low = middle } else { high = middle }
        }
        return low
    }

    private func origin(_ range: Range<Int>, ofRun index: Int) -> Span {
        let run = runs[index]
        guard run.isVerbatim else { return run.origin }
        let base = Int(run.origin.start) - Int(starts[index])
        let most = Int(run.origin.end)
        return Span(
            file: run.origin.file, start: min(base + range.lowerBound, most),
            end: min(base + range.upperBound, most))
    }

    /// Where the octets `start..<end` were written, and the uses that put them there, the innermost first.
    /// Octets with different origins are placed where they meet: in the line that put them together.
    func written(_ start: Int, _ end: Int, uses: [TextUse]) -> (span: Span, uses: [TextUse]) {
        guard let first = index(at: start), let last = index(at: max(start, end - 1)) else {
            return (Span(file: 0, start: 0, end: 0), [])
        }
        let firstEnd = Int(starts[first]) + runs[first].length
        let lastStart = max(start, Int(starts[last]))
        let heads = chain(origin(start..<max(start, min(end, firstEnd)), ofRun: first), runs[first].use, uses)
        let tails = chain(origin(lastStart..<max(lastStart, end), ofRun: last), runs[last].use, uses)
        var values: [TextUse] = []
        for run in runs[first...last] where run.use >= 0 {
            if case .repetition = uses[Int(run.use)].kind, !values.contains(uses[Int(run.use)]) {
                values.append(uses[Int(run.use)])
            }
        }
        for (level, head) in heads.enumerated() {
            guard let tail = tails.first(where: { $0.use == head.use }), tail.span.file == head.span.file
            else { continue }
            let outer = heads[level...].compactMap { $0.use >= 0 ? uses[Int($0.use)] : nil }
            let span = tail.span.start >= head.span.start ? head.span.through(tail.span) : head.span
            return (span, outer + values.filter { !outer.contains($0) })
        }
        return (heads[heads.count - 1].span, values)
    }

    /// A place and those of the references that put it there, to the one that stands in a file.
    private func chain(_ span: Span, _ use: Int32, _ uses: [TextUse]) -> [(span: Span, use: Int32)] {
        var result = [(span, use)]
        var next = use
        while next >= 0 {
            let outer = uses[Int(next)]
            result.append((outer.span, outer.parent))
            next = outer.parent
        }
        return result
    }
}

extension SourceMap {
    /// Of files that were read more than once, the numbers of all readings but the first, and the first's.
    fileprivate var firstReadings: [Int32: Int32] {
        var (first, result) = ([String: Int32](), [Int32: Int32]())
        for (number, file) in files.enumerated() where file.expansion == nil {
            if let earlier = first[file.name] {
                result[Int32(number)] = earlier
            } else {
                first[file.name] = Int32(number)
            }
        }
        return result
    }

    /// Where a span of an expanded file was written and what put it there, the innermost use first; any other
    /// span as it is.
    package func written(_ span: Span) -> (span: Span, uses: [TextUse]) {
        let span = placed(span)
        guard let map = file(of: span)?.expansion else { return (span, []) }
        return map.written(Int(span.start), Int(span.end), uses: uses)
    }

    /// The diagnostic with the places where things were written; a note or a related place says how they got
    /// where they count.
    package func written(_ diagnostic: Diagnostic) -> Diagnostic {
        var result = diagnostic
        let (span, uses) = written(diagnostic.primary.span)
        result.primary.span = span
        result.related = diagnostic.related.map { Label(written($0.span).span, $0.text) }
        var places = Set<Span>()
        for use in uses {
            switch use.kind {
            case .definition(let name):
                if use.span != span, places.insert(use.span).inserted, places.count <= 2 {
                    result.related.append(Label(use.span, "\(name) is used here"))
                }
            case .repetition(let variable, let value):
                result.notes.append("where \(variable) is \(value)")
            }
        }
        return result
    }
}

extension Diagnostics {
    /// What hides all else that is wrong with the word that it is about.
    private static let hiding: Set<DiagnosticCode> = [.undefinedName, .bareReference, .unfilledTemplate]

    /// The same findings at the places where things were written. What a repetition, a definition used many
    /// times or a file included many times says again and again is said once, and a reference that could not
    /// be resolved hides what else is wrong with the word it stands in.
    package func written(in sources: SourceMap) -> Diagnostics {
        var placed = self
        for index in all.indices { placed.all[index].place(by: sources.placed) }
        return placed.unrolled(in: sources)
    }

    private func unrolled(in sources: SourceMap) -> Diagnostics {
        let firsts = sources.firstReadings
        guard
            !firsts.isEmpty || all.contains(where: { Self.hiding.contains($0.code) })
                || sources.files.contains(where: { $0.expansion != nil })
        else { return self }
        var result = Diagnostics()
        result.dropped = dropped
        result.errorCount = errorCount
        let all = all.map { $0.code == .undefinedWord && isRefused($0, sources) ? $0.refused : $0 }
        let unresolved =
            sources.unresolved + all.filter { Self.hiding.contains($0.code) }.map(\.primary.span)
        var seen = Set<String>()
        for diagnostic in all {
            let placed = sources.written(diagnostic)
            let span = placed.primary.span
            if !Self.hiding.contains(diagnostic.code), diagnostic.code != .definitionLoop,
                unresolved.contains(where: {
                    $0.file == span.file && $0.start < span.end && span.start < $0.end
                })
            {
                continue
            }
            let isExpanded = sources.file(of: diagnostic.primary.span)?.expansion != nil
            let file = firsts[span.file]
            let key = "\(file ?? span.file) \(span.start) \(span.end) \(diagnostic.code.rawValue)"
            guard seen.insert(key).inserted || !isExpanded && file == nil else { continue }
            result.all.append(placed)
        }
        return result
    }

    /// True when there is an error about the word that a finding is about.
    private func isRefused(_ finding: Diagnostic, _ sources: SourceMap) -> Bool {
        all.contains { other in
            guard other.severity == .error else { return false }
            let span = sources.written(other.primary.span).span
            let place = finding.primary.span
            return span.file == place.file && place.start <= span.start && span.end <= place.end
        }
    }
}

extension Diagnostic {
    /// Every label.
    package var labels: [Label] { [primary] + related }

    fileprivate mutating func place(by placed: (Span) -> Span) {
        primary.span = placed(primary.span)
        for index in related.indices { related[index].span = placed(related[index].span) }
    }

    /// A word that means nothing since a definition is missing: that is what is wrong with it.
    fileprivate var refused: Diagnostic {
        Diagnostic(
            .undefinedName, message, at: primary, related: related, notes: notes, help: help,
            suggestion: suggestion)
    }
}
