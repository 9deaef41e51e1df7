/// How bad a finding is.
package enum Severity: String, Hashable, Sendable, Codable {
    /// The configuration is refused.
    case error
    /// The configuration runs, though perhaps not as meant.
    case warning
}

/// A place and what to say there.
package struct Label: Hashable, Sendable {
    /// The octets meant.
    package var span: Span
    /// Said beside the marks; may be empty.
    package var text: String

    /// A label.
    package init(_ span: Span, _ text: String = "") {
        self.span = span
        self.text = text
    }
}

/// One fault and all that is said about it. Consequences of a fault are notes, never further diagnostics.
package struct Diagnostic: Hashable, Sendable {
    /// What kind of fault.
    package var code: DiagnosticCode
    /// One line, without a full stop.
    package var message: String
    /// The place at fault.
    package var primary: Label
    /// Places that explain it, such as the block around it or the first of two equal things.
    package var related: [Label]
    /// What would happen at run time.
    package var notes: [String]
    /// What to write instead: the code's cure when neither help nor a suggestion was given.
    package var help: [String]
    /// The word that was probably meant at `primary`: "did you mean ...?".
    package var suggestion: String?

    /// A diagnostic at `primary`.
    package init(
        _ code: DiagnosticCode, _ message: String, at primary: Label, related: [Label] = [],
        notes: [String] = [],
        help: [String] = [], suggestion: String? = nil
    ) {
        self.code = code
        self.message = message
        self.primary = primary
        self.related = related
        self.notes = notes
        let isSilent = help.isEmpty && suggestion == nil
        self.help = isSilent ? code.cure.map { [$0] } ?? [] : help
        self.suggestion = suggestion
    }

    /// By the code's first letter.
    package var severity: Severity { code.severity }
}

/// Collects diagnostics; bounded, so that a file of garbage cannot fill memory or a terminal.
package struct Diagnostics: Sendable {
    /// How many are kept.
    package static let limit = 500
    /// With an error and this many beyond `limit`, nobody learns anything from more.
    package static let enough = 10_000

    /// What was reported, the first `limit` of them, in the order of the report.
    package internal(set) var all: [Diagnostic] = []
    /// How many were reported beyond `limit`.
    package internal(set) var dropped = 0
    /// How many of those reported are errors, kept or not.
    package internal(set) var errorCount = 0

    /// True once an error was reported.
    package var hasErrors: Bool { errorCount > 0 }

    /// True when reading on would tell nothing that matters: the file is refused, and more is wrong with it
    /// than anybody reads.
    package var isOverrun: Bool { dropped >= Self.enough && hasErrors }

    /// Nothing yet.
    package init() {}

    /// Adds a diagnostic.
    package mutating func report(_ diagnostic: Diagnostic) {
        if diagnostic.severity == .error { errorCount += 1 }
        if all.count < Self.limit { all.append(diagnostic) } else { dropped += 1 }
    }

    /// True when a diagnostic with `code` would be kept. Otherwise it counts as reported, and need not be
    /// made: a warning about each of ten thousand servers costs what those cost that are told.
    package mutating func hasRoom(for code: DiagnosticCode) -> Bool {
        guard all.count >= Self.limit else { return true }
        if code.severity == .error { errorCount += 1 }
        dropped += 1
        return false
    }

    /// Adds warnings that were reported before, `dropped` of them beyond those that were kept. False, and
    /// nothing, where more of them would be kept now.
    package mutating func `repeat`(_ kept: [Diagnostic], dropped count: Int) -> Bool {
        guard count == 0 || all.count + kept.count >= Self.limit else { return false }
        for diagnostic in kept { report(diagnostic) }
        dropped += count
        return true
    }

    /// These and then `others`.
    package func followed(by others: Diagnostics) -> Diagnostics {
        var result = self
        for diagnostic in others.all { result.report(diagnostic) }
        result.dropped += others.dropped
        result.errorCount = errorCount + others.errorCount
        return result
    }

    /// What was kept, in reading order; equal places keep the order of the report.
    package var sorted: [Diagnostic] {
        all.enumerated().sorted { left, right in
            let (a, b) = (left.element.primary.span, right.element.primary.span)
            if Span.precedes(a, b) { return true }
            return !Span.precedes(b, a) && left.offset < right.offset
        }.map(\.element)
    }
}
