/// What `$NAME` stands for.
enum Definition {
    /// A piece of a line.
    case text(TracedText)
    /// Whole lines.
    case lines([TracedText])
    /// A value of the variable of a repetition, as it is written out.
    case value(TracedText, String)
    /// Its definition, or a use, was refused once; further uses stay as they are without a word.
    case broken
}

/// What is known while files are expanded, one after the other in the order they are read.
struct ExpansionState {
    /// Uses inside uses; more is taken for a definition that uses itself.
    static let maximumDepth = 32
    /// Steps of expansion, sixteen a line and more for a long one: some hundred thousand lines.
    static let maximumWork = 4_000_000
    /// More definitions than this are refused.
    static let maximumDefinitions = 65_536

    var definitions: [String: Definition] = [:]
    /// The files that were read while another was expanded, by the place of the include in the expanded text.
    var included: [Span: Inclusion] = [:]
    /// The file that is being read.
    var path = ""
    var work = 0
    var size = 0
    /// Once true nothing more is expanded.
    var isExhausted = false
    /// What was reported where: a line may be read many times.
    var said: Set<Finding> = []

    /// A finding, by its place.
    struct Finding: Hashable {
        let code: DiagnosticCode
        let span: Span
    }

    let workLimit: Int
    private var random: UInt64

    init(seed: UInt64, workLimit: Int = maximumWork) {
        random = seed
        self.workLimit = workLimit
    }

    /// The next number in `range`, from SplitMix64.
    mutating func number(in range: ClosedRange<Int>) -> Int {
        random &+= 0x9E37_79B9_7F4A_7C15
        var mixed = random
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        mixed ^= mixed >> 31
        return range.lowerBound + Int(mixed % UInt64(range.count))
    }
}

/// Where the lines of a file or of a definition go, and the definition that is being collected from them.
private struct Feeder {
    var collecting: (name: String, lines: [TracedText])?
}

/// The text that a file becomes.
private struct ExpandedFile {
    let number: Int32
    let chain: [IncludeLink]
    var text = TracedText()
}

extension SyntaxLoader {
    /// What `file` becomes, as a file of its own. Files that it includes are read on the way, since what they
    /// define counts from there on.
    mutating func expanded(
        _ file: SourceFile, number: Int32, chain: [IncludeLink]
    ) -> (SourceFile, Int32) {
        var output = ExpandedFile(
            number: sources.add(SourceFile(name: file.name, expanded: TracedText())), chain: chain)
        expansion.path = file.name
        var feeder = Feeder()
        var (plain, next) = (0, 0)
        for _ in 1...file.lineCount where !expansion.isExhausted && !diagnostics.isOverrun {
            let range = file.line(from: next)
            next = range.upperBound + (file.octets[range.upperBound...].first == UInt8(ascii: "\r") ? 2 : 1)
            let content = file.octets[range]
            let isPlain =
                feeder.collecting == nil && !Self.mayInclude(content)
                && !content.contains { $0 == UInt8(ascii: "$") || $0 == UInt8(ascii: "~") }
            // What is too long stays, for the lexer to refuse.
            guard !isPlain, content.count <= SourceFile.maximumLine else { continue }
            output.text.appendVerbatim(file, number: number, range: plain..<range.lowerBound)
            plain = range.upperBound
            let end = range.lowerBound + Self.lengthWithoutComment(content)
            feed(TracedText(file, number: number, range: range.lowerBound..<end), &feeder, &output)
        }
        output.text.appendVerbatim(file, number: number, range: plain..<file.octets.count)
        finish(&feeder)
        let result = SourceFile(name: file.name, expanded: output.text)
        sources.replace(output.number, with: result)
        return (result, output.number)
    }

    private static func mayInclude(_ line: ArraySlice<UInt8>) -> Bool {
        line.drop { $0 <= 0x20 }.starts(with: "include".utf8)
    }

    /// True when some line of the file may be an include.
    static func holdsInclude(_ file: SourceFile) -> Bool {
        var next = 0
        while next < file.octets.count {
            let range = file.line(from: next)
            if mayInclude(file.octets[range]) { return true }
            next = range.upperBound + 1
        }
        return false
    }

    /// How much of a line counts: up to a comment, without blanks before it.
    static func lengthWithoutComment(_ line: ArraySlice<UInt8>) -> Int {
        var isQuoted = false
        var end = line.startIndex
        scan: while end < line.endIndex {
            switch line[end] {
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: "\\") where !isQuoted: end += 1
            case UInt8(ascii: "#") where !isQuoted, UInt8(ascii: "!") where !isQuoted: break scan
            default: break
            }
            end += 1
        }
        end = min(end, line.endIndex)
        while end > line.startIndex, line[end - 1] <= 0x20 { end -= 1 }
        return end - line.startIndex
    }

    // MARK: Lines

    private mutating func feed(_ line: TracedText, _ feeder: inout Feeder, _ output: inout ExpandedFile) {
        guard feeder.collecting != nil else { return process(line, &feeder, &output) }
        let goesOn = line.octets.last == UInt8(ascii: "\\")
        feeder.collecting?.lines.append(line[0..<(line.count - (goesOn ? 1 : 0))])
        if !goesOn { finish(&feeder) }
    }

    private mutating func finish(_ feeder: inout Feeder) {
        guard let (name, lines) = feeder.collecting else { return }
        expansion.definitions[name] = .lines(lines)
        feeder.collecting = nil
    }

    private mutating func process(
        _ first: TracedText, _ feeder: inout Feeder, _ output: inout ExpandedFile
    ) {
        var line = first
        var scanned = 0
        while charge(line) {
            let start = line.octets.firstIndex { $0 > 0x20 } ?? line.count
            if scanned <= start, start < line.count {
                switch line.octets[start] {
                case UInt8(ascii: "@"):
                    guard let kept = conditional(line, at: start) else { return }
                    if kept == line { return emit(line, &output) }
                    line = kept
                    continue
                case UInt8(ascii: "$") where define(line, at: start, &feeder):
                    return
                case UInt8(ascii: "~") where Repetition.begins(line.octets, at: start):
                    if let prepared = withReplacedArguments(line, at: start) {
                        line = prepared
                        continue
                    }
                    return expand(line, at: start, &feeder, &output)
                default: break
                }
            }
            guard let reference = DefinitionReference.first(in: line.octets, from: max(scanned, start))
            else { return emit(line, &output) }
            scanned = reference.range.upperBound
            guard let definition = definition(of: reference, in: line) else { continue }
            if case .lines(let lines) = definition {
                return replay(lines, for: reference, in: line, &output)
            }
            line = replaced(reference, in: line, by: definition)
            scanned = reference.range.lowerBound
            guard line.count <= SourceFile.maximumLine else {
                return tooLarge("line of more than \(SourceFile.maximumLine) octets", line)
            }
        }
    }

    private mutating func emit(_ line: TracedText, _ output: inout ExpandedFile) {
        let start = output.text.count
        output.text.append(line)
        expansion.size += line.count + 1
        let content = line.octets[...]
        if Self.mayInclude(content) {
            let file = SourceFile(name: "", octets: line.octets)
            readInclude(file, shift: start, output)
        }
        let end = line.origin(of: max(0, line.count - 1)..<line.count)
        let point = Span(file: end.file, start: Int(end.end), end: Int(end.end))
        output.text.append(TracedText(made: [UInt8(ascii: "\n")], for: point))
        if expansion.size > SourceFile.maximumSize {
            tooLarge("definitions expand to more than \(SourceFile.maximumSize >> 20) MiB", line)
        }
    }

    /// Reads the files of an include at the time its line is reached.
    private mutating func readInclude(_ line: SourceFile, shift: Int, _ output: ExpandedFile) {
        var lexer = Lexer(line, number: output.number, configID: surroundings.configID)
        var ignored = Diagnostics()
        var words: [Word] = []
        while true {
            let token = lexer.next(&ignored)
            guard token.isWord else { break }
            let span = Span(
                file: output.number, start: Int(token.span.start) + shift, end: Int(token.span.end) + shift)
            words.append(Word(lexer.text(of: token), span: span, isQuoted: token.kind == .quotedWord))
        }
        guard let keyword = words.first, let form = IncludeKeyword(keyword) else { return }
        let statement = Statement(keyword: keyword, arguments: Array(words.dropFirst()))
        let path = expansion.path
        expansion.included[keyword.span] = include(
            statement, form, chain: output.chain, isExpanding: true)
        expansion.path = path
    }

    /// The line without `@ID` when it counts here, nil when not; a line without an ID as it is.
    private func conditional(_ line: TracedText, at start: Int) -> TracedText? {
        var end = start + 1
        while end < line.count, line.octets[end] > 0x20, line.octets[end] != UInt8(ascii: "\"") { end += 1 }
        var name = line.octets[(start + 1)..<end]
        let isNegated = name.first == UInt8(ascii: "^")
        if isNegated { name = name.dropFirst() }
        guard !name.isEmpty else { return line }
        guard name.elementsEqual(surroundings.configID.utf8) != isNegated else { return nil }
        var kept = line
        kept.blank(start..<end)
        return kept
    }

    // MARK: Definitions

    /// Takes `$NAME=VALUE`, or the head of one that goes on; false when the line is none.
    private mutating func define(_ line: TracedText, at start: Int, _ feeder: inout Feeder) -> Bool {
        let end = DefinitionName.end(line.octets, from: start + 1)
        guard end > start + 1, end < line.count else { return false }
        let name = String(decoding: line.octets[(start + 1)..<end], as: UTF8.self)
        guard line.octets[end] == UInt8(ascii: "=") else {
            let next = line.octets[end...].first { $0 > 0x20 }
            guard line.octets[end] <= 0x20, next == UInt8(ascii: "=") else { return false }
            report(
                .badDefinition, "a blank stands before \"=\"", line, start..<end, help: ["write $\(name)="])
            expansion.definitions[name] = .broken
            return true
        }
        if BuiltInDefinition(rawValue: name) != nil {
            report(.badDefinition, "\(name) is built in and cannot be defined", line, start..<end)
            return true
        }
        var low = end + 1
        while low < line.count, line.octets[low] <= 0x20 { low += 1 }
        let value = line[low..<line.count]
        if value.octets.last == UInt8(ascii: "\\") {
            let head = value[0..<(value.count - 1)]
            feeder.collecting = (name, head.octets.contains { $0 > 0x20 } ? [head] : [])
        } else {
            expansion.definitions[name] = .text(value)
            if expansion.definitions.count > ExpansionState.maximumDefinitions {
                tooLarge("more than \(ExpansionState.maximumDefinitions) definitions", line)
            }
        }
        return true
    }

    /// What a reference stands for; nil when it stays as it is.
    private mutating func definition(of reference: DefinitionReference, in line: TracedText) -> Definition? {
        let name = reference.name
        if reference.isBraced, let builtIn = BuiltInDefinition(rawValue: name) {
            return self.builtIn(builtIn, reference, line)
        }
        guard let definition = expansion.definitions[name], reference.words.isEmpty else {
            if reference.isBraced || reference.isWord(of: line.octets) { reportUndefined(reference, line) }
            return nil
        }
        if case .broken = definition {
            sources.unresolved.append(line.origin(of: reference.range))
            return nil
        }
        if !reference.isComplete {
            let help = ["write ${\(name)}: the bare form ends only at a blank"]
            if reference.isQuoted {
                report(.undefinedInString, "$\(name) is not replaced here", line, reference.range, help: help)
                return nil
            }
            report(.bareReference, "$\(name) is not replaced here", line, reference.range, help: help)
        }
        return definition
    }

    private mutating func reportUndefined(_ reference: DefinitionReference, _ line: TracedText) {
        // Sorting takes time, too.
        let isFew = expansion.definitions.count <= Suggestion.mostCandidates
        let names = isFew ? expansion.definitions.keys.sorted() : []
        let near = Suggestion.nearest(to: reference.name, among: names)
        report(
            reference.isQuoted ? .undefinedInString : reference.isBraced ? .undefinedName : .undefinedWord,
            "\(reference.name) is not defined", line, reference.range,
            notes: ["the text stays as it is"], suggestion: near.map { "${\($0)}" })
    }

    private mutating func builtIn(
        _ builtIn: BuiltInDefinition, _ reference: DefinitionReference, _ line: TracedText
    ) -> Definition? {
        switch builtIn.value(reference, path: expansion.path, surroundings, &expansion) {
        case .success(let text):
            return .text(TracedText(made: Array(text.utf8), for: line.origin(of: reference.range)))
        case .failure(let problem):
            report(.undefinedName, problem.reason, line, reference.range)
            return nil
        }
    }

    private mutating func use(
        _ reference: DefinitionReference, _ line: TracedText, _ kind: TextUse.Kind
    ) -> Int32? {
        let parent = line.use(at: reference.range.lowerBound)
        let depth = (parent >= 0 ? sources.uses[Int(parent)].depth : 0) + 1
        let span = line.origin(of: reference.range)
        guard depth <= Int32(ExpansionState.maximumDepth) else {
            report(.definitionLoop, "\(reference.name) is defined by itself", line, reference.range)
            expansion.definitions[reference.name] = .broken
            return nil
        }
        return sources.add(TextUse(kind: kind, span: span, parent: parent, depth: depth))
    }

    private mutating func replaced(
        _ reference: DefinitionReference, in line: TracedText, by definition: Definition
    ) -> TracedText {
        // What cannot be replaced stays, and is passed over the next time.
        var value = line[reference.range]
        switch definition {
        case .broken: break
        case .lines: value = TracedText()
        case .text(let text):
            if let use = use(reference, line, .definition(reference.name)) { value = text.used(by: use) }
        case .value(let text, let shown):
            if let use = use(reference, line, .repetition(variable: reference.name, value: shown)) {
                value = text.used(by: use)
            }
        }
        return line.replacing(reference.range, with: value)
    }

    private mutating func replay(
        _ lines: [TracedText], for reference: DefinitionReference, in line: TracedText,
        _ output: inout ExpandedFile
    ) {
        let use = use(reference, line, .definition(reference.name))
        let isAlone = !line.octets[reference.range.upperBound...].contains { $0 > 0x20 }
        guard let use, isAlone else {
            sources.unresolved.append(line.origin(of: reference.range))
            if use != nil {
                report(
                    .badDefinition, "nothing may follow $\(reference.name), which stands for whole lines",
                    line, reference.range.upperBound..<line.count)
            }
            return emit(line, &output)
        }
        var feeder = Feeder()
        for (index, body) in lines.enumerated() where !expansion.isExhausted {
            var next = body.used(by: use)
            if index == 0 {
                next = line[0..<reference.range.lowerBound]
                next.append(
                    body[(body.octets.firstIndex { $0 > 0x20 } ?? body.count)..<body.count].used(by: use))
            }
            feed(next, &feeder, &output)
        }
        finish(&feeder)
    }

    // MARK: Repetitions

    /// The line with the first reference in the parentheses replaced; nil when there is none.
    private mutating func withReplacedArguments(_ line: TracedText, at start: Int) -> TracedText? {
        var from = start
        while let close = Repetition.close(line.octets, from: start),
            let reference = DefinitionReference.first(in: line.octets, from: from),
            reference.range.upperBound <= close
        {
            if reference.isBraced, let definition = definition(of: reference, in: line) {
                return replaced(reference, in: line, by: definition)
            }
            from = reference.range.upperBound
        }
        return nil
    }

    private mutating func expand(
        _ line: TracedText, at start: Int, _ feeder: inout Feeder, _ output: inout ExpandedFile
    ) {
        let repetition: Repetition
        do {
            repetition = try Repetition(line.octets, at: start)
        } catch {
            let end = Repetition.close(line.octets, from: start).map { $0 + 1 } ?? line.count
            report(.badRepetition, error.reason, line, start..<end)
            return emitOnce(line[end..<line.count], &output)
        }
        let head = line.origin(of: start..<repetition.end)
        var rest = line[0..<start]
        let low = line.octets[repetition.end...].firstIndex { $0 > 0x20 } ?? line.count
        rest.append(line[low..<line.count])
        let before = repetition.variables.map { expansion.definitions[$0] }
        var index = 0
        while !expansion.isExhausted, let values = repetition.values(index) {
            for (name, value) in zip(repetition.variables, values) {
                switch value {
                case .listed(let range):
                    let text = line[range]
                    expansion.definitions[name] = .value(text, String(decoding: text.octets, as: UTF8.self))
                case .counted(let text):
                    expansion.definitions[name] = .value(TracedText(made: Array(text.utf8), for: head), text)
                }
            }
            let written = output.text.count
            process(rest, &feeder, &output)
            index += 1
            if index == 1, opensBlock(output.text.octets[written...]) {
                // The inner of two repetitions has said it.
                if !Repetition.begins(rest.octets, at: start) {
                    reportOpenBlock(line, start..<repetition.end)
                }
                // The block that follows is read once, with the first values.
                return
            }
        }
        for (name, old) in zip(repetition.variables, before) { expansion.definitions[name] = old }
    }

    /// Keeps the line of a repetition that cannot be read: blocks that it opens are closed further down.
    private mutating func emitOnce(_ rest: TracedText, _ output: inout ExpandedFile) {
        sources.unresolved.append(rest.origin(of: 0..<rest.count))
        emit(rest, &output)
    }

    /// True when lines open more blocks than they close.
    private func opensBlock(_ lines: ArraySlice<UInt8>) -> Bool {
        guard lines.contains(UInt8(ascii: "{")) else { return false }
        let file = SourceFile(name: "", octets: Array(lines))
        var lexer = Lexer(file, number: 0, configID: surroundings.configID)
        var ignored = Diagnostics()
        var depth = 0
        while true {
            switch lexer.next(&ignored).kind {
            case .openBrace: depth += 1
            case .closeBrace: depth -= 1
            case .endOfFile: return depth > 0
            case .word, .quotedWord: break
            }
        }
    }

    private mutating func reportOpenBlock(_ line: TracedText, _ range: Range<Int>) {
        report(
            .badRepetition, "only this line is repeated, and it opens a block", line, range,
            notes: ["the block that follows is read once, with the first value"],
            help: ["write the whole block into $BLOCK= of several lines, and ~SEQ(...) $BLOCK"])
    }

    // MARK: Bounds and reports

    /// Counts a step of work on `line`; false when there was too much.
    private mutating func charge(_ line: TracedText) -> Bool {
        expansion.work += 16 + line.count / 16 + line.runs.count
        if expansion.work > expansion.workLimit, !expansion.isExhausted {
            tooLarge("definitions and repetitions expand to too much", line)
        }
        return !expansion.isExhausted
    }

    private mutating func tooLarge(_ what: String, _ line: TracedText) {
        expansion.isExhausted = true
        report(.expansionTooLarge, what, line, 0..<line.count, help: ["nothing more is expanded"])
    }

    private mutating func report(
        _ code: DiagnosticCode, _ message: String, _ line: TracedText, _ range: Range<Int>,
        notes: [String] = [], help: [String] = [], suggestion: String? = nil
    ) {
        let span = line.origin(of: range)
        guard expansion.said.insert(ExpansionState.Finding(code: code, span: span)).inserted else { return }
        diagnostics.report(
            Diagnostic(code, message, at: Label(span), notes: notes, help: help, suggestion: suggestion))
    }
}
