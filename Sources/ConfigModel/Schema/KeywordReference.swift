/// The schema as a page for people, one table a block.
package enum KeywordReference {
    /// Markdown; the same text for the same schema.
    package static var page: String {
        var text = """
            # Keywords

            What Holdfast reads of keepalived's configuration language, block by block, and its own
            additions, then what becomes of the rest. This page is made from the schema
            that drives the parser; `UPDATE_GOLDEN=1 swift test --filter ConfigGoldenTests` writes it again.

            SECONDS may have six decimals and carry no unit. BOOL is one of on, off, true, false, yes, no. A
            keyword that counts once and is given twice is warned about, and the last one counts. What stands
            around the keywords, from comments to definitions, is in [the language](language.md).


            """
        for scope in Scope.allCases {
            text += scope == .root ? "## Outside every block\n\n" : "## \(scope.rawValue)\n\n"
            text += "| keyword | values | default | meaning |\n|---|---|---|---|\n"
            for facts in Schema.keywords where facts.scope == scope { text += row(facts) }
            text += "\n"
        }
        return text + notCarriedOut
    }

    /// The rest of keepalived's keywords, and what becomes of each.
    private static var notCarriedOut: String {
        var text = """
            # Keywords that this release does not carry out

            A file with a keyword that is refused is refused: without it traffic, or who is master, would not
            be as written. The others are warned about by name, with the reason.


            """
        var block: String?
        for known in KnownKeywords.rows {
            if known.block != block {
                text += (block == nil ? "" : "\n")
                text += "## \(known.block.isEmpty ? "Outside every block" : known.block), not carried out\n\n"
                text +=
                    "| keyword | values | default | meaning | what becomes of it |\n|---|---|---|---|---|\n"
                block = known.block
            }
            text += row(known)
        }
        return text
    }

    private static func row(_ known: KnownKeyword) -> String {
        let becomes =
            switch known.standing {
            case .refused(let advice): "refused" + (advice.map { ": \($0)" } ?? "")
            case .withoutEffect(let reason): "warned about: \(reason)"
            case .obsolete(let advice): "warned about, obsolete: \(advice)"
            }
        let values = known.arguments.isEmpty ? "" : "`\(known.arguments)`"
        return "| `\(known.name)` | \(values) | \(known.defaultText) | \(known.meaning) | \(becomes) |\n"
    }

    private static func row(_ facts: KeywordFacts) -> String {
        let names = ([facts.name] + facts.otherSpellings).map { "`\($0)`" }.joined(separator: ", ")
        let words = facts.arguments.isEmpty ? [] : ["`\(facts.arguments.replacing("|", with: "\\|"))`"]
        let block: [String] =
            switch facts.body {
            case .none, .names, .lines: []
            case .keywords: ["`{ ... }`"]
            case .addresses: ["`{` addresses `}`"]
            }
        let values = (words + block).joined(separator: " ")
        let notes =
            (facts.isRepeatable ? " May be repeated." : "")
            + (facts.tier == .own ? " Not in keepalived." : "")
        return "| \(names) | \(values) | \(facts.defaultText ?? "") | \(facts.meaning)\(notes) |\n"
    }
}
