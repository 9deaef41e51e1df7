import ConfigSyntax

/// What there is to say about a word that a person asks about: a diagnostic's code or a keyword.
package enum Explanation {
    /// The text, ending in "\n"; nil for a word that is neither.
    package static func text(of word: String) -> String? {
        if let code = DiagnosticCode(rawValue: word.uppercased()) {
            return "\(code.rawValue) (\(code.severity.rawValue), level \(code.level.rawValue))\n\n"
                + "\(code.explanation)\n"
        }
        let ours = Schema.keywords.filter { ([$0.name] + $0.otherSpellings).contains(word) }.map(text)
        let others = KnownKeywords.rows.filter { $0.name == word }.map(text)
        let parts = ours + others
        return parts.isEmpty ? nil : parts.joined(separator: "\n")
    }

    /// Every word that there is a text of: codes and keywords in any spelling, each once, sorted.
    package static var words: [String] {
        let codes = DiagnosticCode.allCases.map(\.rawValue)
        let names = Schema.keywords.flatMap { [$0.name] + $0.otherSpellings } + KnownKeywords.rows.map(\.name)
        return Set(codes + names).sorted()
    }

    /// A code or keyword that is written nearly like `word`.
    package static func nearest(to word: String) -> String? {
        Suggestion.nearest(to: word, among: words)
    }

    private static func text(_ facts: KeywordFacts) -> String {
        var text =
            "\(facts.name) \(facts.arguments)".trimmedEnd
            + (facts.arguments.contains("{") || facts.body == .none ? "" : " { ... }")
        text += "\n    \(facts.scope.phrase)\n    \(facts.meaning)\n"
        if let value = facts.defaultText { text += "    default: \(value)\n" }
        if !facts.otherSpellings.isEmpty {
            text += "    also written \(facts.otherSpellings.joined(separator: ", "))\n"
        }
        return text
    }

    private static func text(_ known: KnownKeyword) -> String {
        var text = "\(known.name) \(known.arguments)".trimmedEnd
        let place = known.block.isEmpty ? "outside every block" : "in \(known.block)"
        text += "\n    \(place)\n    \(known.meaning)\n"
        switch known.standing {
        case .refused(let advice):
            text += "    refused: this release does not carry it out\n" + (advice.map { "    \($0)\n" } ?? "")
        case .withoutEffect(let reason): text += "    has no effect in this release: \(reason)\n"
        case .obsolete(let advice): text += "    obsolete: \(advice)\n"
        }
        return text
    }
}

extension String {
    /// Without a blank at the end.
    fileprivate var trimmedEnd: String { hasSuffix(" ") ? String(dropLast()) : self }
}
