import ConfigSyntax

/// A value and where it was written.
package struct Located<Value: Sendable>: Sendable {
    /// What was written.
    package var value: Value
    /// Where.
    package var span: Span

    /// A value written at `span`.
    package init(_ value: Value, at span: Span) {
        self.value = value
        self.span = span
    }
}

extension Located: Equatable where Value: Equatable {}

/// Where a block was written, and which of its keywords could not be read: those are not missing, and nothing
/// is concluded from their absence.
struct Origin: Sendable {
    private let keyword: String
    /// The two words after it, in one: so short a string needs no memory of its own.
    private let name: String
    /// The keyword and all words after it.
    let header: Span
    /// Names of keywords that were written but not understood.
    var failed: [String] = []
    /// Something in the block could not be read at all: a file that it includes, or lines that a definition
    /// or a template was to put there. Any keyword may have been in it.
    var isPartial = false

    init(_ statement: Statement) {
        keyword = statement.keyword.text
        let words = statement.arguments
        name = words.count < 2 ? words.first?.text ?? "" : "\(words[0].text) \(words[1].text)"
        header = statement.header
    }

    /// Where a block is added to, of which `earlier` was a part.
    init(_ statement: Statement, after earlier: Origin) {
        self.init(statement)
        (failed, isPartial) = (earlier.failed, earlier.isPartial)
    }

    /// As people name the block: `vrrp_instance VI_1`.
    var title: String { name.isEmpty ? keyword : "\(keyword) \(name)" }

    /// True when all that was written is understood.
    var isWhole: Bool { !isPartial && failed.isEmpty }

    /// True when it says something about the configuration that `name` is not there.
    func isAbsent(_ name: String) -> Bool { !isPartial && !failed.contains(name) }
}

/// What a block says before defaults are applied.
protocol Draft: Sendable {
    var origin: Origin { get set }
}

/// One row of the schema: a keyword in the block that fills a `D`.
struct Keyword<D: Draft>: Sendable {
    /// A keyword that MUST be there.
    struct Requirement: Sendable {
        /// What happens without it, as a note.
        let effect: String
        /// True when the draft has it.
        let isMet: @Sendable (D) -> Bool
    }

    /// Reads the statement into the draft; false when it could not be understood (and was reported).
    typealias Read = @Sendable (inout D, Statement, inout SchemaReader) -> Bool

    var facts: KeywordFacts
    /// The spellings that only old files have, and what to write instead.
    private(set) var obsolete: [String: String] = [:]
    var requirement: Requirement?
    let read: Read

    /// A row that reads its statement on its own.
    init(
        _ name: String, also: [String] = [], arguments: String = "", body: KeywordFacts.Body = .none,
        repeatable: Bool = false, default defaultText: String? = nil, _ meaning: String, tier: Tier,
        requirement: Requirement? = nil, read: @escaping Read
    ) {
        facts = KeywordFacts(
            scope: .root, name: name, otherSpellings: also, arguments: arguments, body: body,
            isRepeatable: repeatable, defaultText: defaultText, meaning: meaning, tier: tier)
        self.requirement = requirement
        self.read = read
    }

    /// The row of a keyword that only old files have, or of which only they have `spelling`: it is warned
    /// about with what to do instead.
    func obsolete(_ advice: String, as spelling: String? = nil) -> Keyword {
        var keyword = self
        keyword.obsolete[spelling ?? facts.name] = advice
        return keyword
    }

    /// A keyword with exactly one value of `type`, kept at `path`. `required` says what happens without it.
    static func value<Value: Sendable>(
        _ name: String, also: [String] = [], _ path: any WritableKeyPath<D, Located<Value>?> & Sendable,
        _ type: ValueType<Value>, default defaultText: String? = nil, _ meaning: String, tier: Tier,
        required effect: String? = nil
    ) -> Keyword {
        value(
            name, also: also, type, default: defaultText, meaning, tier: tier,
            requirement: effect.map { Requirement(effect: $0) { $0[keyPath: path] != nil } },
            swap: { draft, slot in Swift.swap(&slot, &draft[keyPath: path]) })
    }

    /// The same for a value in a place that a path leads to slowly: `swap` puts the new one there, and gives
    /// back the former one.
    static func value<Value: Sendable>(
        _ name: String, also: [String] = [], _ type: ValueType<Value>, default defaultText: String? = nil,
        _ meaning: String, tier: Tier, requirement: Requirement? = nil,
        swap: @escaping @Sendable (inout D, inout Located<Value>?) -> Void
    ) -> Keyword {
        Keyword(
            name, also: also, arguments: type.name, default: defaultText, meaning, tier: tier,
            requirement: requirement
        ) { draft, statement, reader in
            var arguments = Arguments(statement)
            // What follows a word that is wrong was perhaps meant to be part of it.
            guard let value = arguments.next(type, &reader), arguments.finish(&reader) else { return false }
            var slot: Located<Value>? = value
            swap(&draft, &slot)
            reader.noteRepeat(of: statement, earlier: slot?.span)
            return true
        }
    }

    /// A keyword that says yes by being there; with `takesValue` a BOOL may follow.
    static func flag(
        _ name: String, _ path: any WritableKeyPath<D, Located<Bool>?> & Sendable, takesValue: Bool = false,
        default defaultText: String = "off", _ meaning: String, tier: Tier
    ) -> Keyword {
        Keyword(
            name, arguments: takesValue ? "[BOOL]" : "", default: defaultText, meaning, tier: tier
        ) { draft, statement, reader in
            var arguments = Arguments(statement)
            let value = takesValue ? arguments.nextIfAny(.boolean, &reader) : .absent
            guard arguments.finish(&reader), value != .bad else { return false }
            reader.noteRepeat(of: statement, earlier: draft[keyPath: path]?.span)
            draft[keyPath: path] = Located(value.found?.value ?? true, at: statement.header)
            return true
        }
    }
}
