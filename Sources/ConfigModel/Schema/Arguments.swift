import ConfigSyntax

extension Word {
    /// What other languages have between a name and its value.
    fileprivate var isAssignment: Bool {
        // Nearly every word is told by its first octet.
        guard !isQuoted, let first = text.utf8.first, first == UInt8(ascii: "=") || first == UInt8(ascii: ":")
        else { return false }
        return ["=", ":", "=>", ":="].contains(text)
    }
}

/// The words after a keyword, read one by one.
struct Arguments {
    /// An argument that may be left out.
    enum Optional<Value: Sendable & Equatable>: Equatable {
        case absent
        case bad
        case present(Located<Value>)

        var found: Located<Value>? {
            guard case .present(let value) = self else { return nil }
            return value
        }
    }

    private let statement: Statement
    private var position = 0

    init(_ statement: Statement) { self.statement = statement }

    /// The last word there is.
    var end: Span { (statement.arguments.last ?? statement.keyword).span }

    /// The next word without consuming it.
    var peeked: Word? {
        statement.arguments.indices.contains(position) ? statement.arguments[position] : nil
    }

    /// Consumes the next word.
    mutating func word() -> Word? {
        defer { position += 1 }
        return peeked
    }

    /// Consumes the next word when it says `text`.
    mutating func skip(_ text: String) -> Bool {
        guard peeked?.text == text else { return false }
        position += 1
        return true
    }

    /// The next word as a value of `type`; nil when there is none or it is wrong, which is reported.
    mutating func next<Value: Sendable>(
        _ type: ValueType<Value>, _ reader: inout SchemaReader
    ) -> Located<Value>? {
        guard let word = word() else {
            let before =
                position == 1
                ? statement.keyword.text : statement.arguments.last?.text ?? statement.keyword.text
            reader.report(
                .missingValue, "\(before) needs \(type.name)",
                at: end)
            return nil
        }
        if word.isAssignment {
            let owner = position == 1 ? statement.keyword.text : statement.arguments[position - 2].text
            reader.report(
                .unexpectedWord, "unexpected \"\(word.text)\" after \"\(owner)\"", at: word.span,
                help: ["leave it out: a blank is enough before the value"])
            return nil
        }
        return type.parse(word, &reader).map { Located($0, at: word.span) }
    }

    /// The next word, if any, as a value of `type`.
    mutating func nextIfAny<Value: Sendable & Equatable>(
        _ type: ValueType<Value>, _ reader: inout SchemaReader
    ) -> Optional<Value> {
        guard peeked != nil else { return .absent }
        return next(type, &reader).map { .present($0) } ?? .bad
    }

    /// False, and reported, when words are left over; `words` are what could have been there.
    func finish(_ reader: inout SchemaReader, among words: [String] = []) -> Bool {
        guard let word = peeked else { return true }
        guard !SecretKeywords.names.contains(statement.keyword.text) else {
            // The words are not repeated: they would be in a log.
            reader.report(
                .unexpectedWord, "\(statement.keyword.text) takes one word", at: word.span,
                help: ["put quotes around a password with spaces"])
            return false
        }
        let owner = position == 0 ? statement.keyword.text : statement.arguments[position - 1].text
        let isKeyword = Schema.isKnown(word.text)
        reader.report(
            .unexpectedWord, "unexpected \"\(word.text)\" after \"\(owner)\"", at: word.span,
            help: isKeyword
                ? ["every keyword begins a line of its own"]
                : owner.hasPrefix("/") ? ["put a command with its arguments into quotes"] : [],
            suggestion: Suggestion.nearest(to: word.text, among: words))
        return false
    }
}
