import ConfigSyntax

extension KeywordReference {
    /// The schema and the kinds of findings as one JSON object (RFC 8259) for editors, as docs/schema-json.md
    /// describes it; ends in "\n".
    package static var json: String {
        let keywords = Schema.keywords.map(object) + KnownKeywords.rows.map(object)
        let findings = DiagnosticCode.allCases.map { code in
            JSONString.object([
                ("code", JSONString.quoted(code.rawValue)),
                ("severity", JSONString.quoted(code.severity.rawValue)),
                ("level", JSONString.quoted(code.level.rawValue)),
                ("meaning", JSONString.quoted(code.explanation)),
            ])
        }
        func list(_ objects: [String]) -> String { objects.map { "    " + $0 }.joined(separator: ",\n") }
        return """
            {
              "version": 1,
              "keywords": [
            \(list(keywords))
              ],
              "findings": [
            \(list(findings))
              ]
            }

            """
    }

    private static func object(_ facts: KeywordFacts) -> String {
        object(
            block: facts.scope.rawValue, facts.name, spellings: facts.otherSpellings,
            arguments: facts.arguments, body: facts.body, isRepeatable: facts.isRepeatable,
            defaultText: facts.defaultText, facts.tier,
            standing: "carried_out", advice: nil, facts.meaning)
    }

    private static func object(_ known: KnownKeyword) -> String {
        let (standing, advice): (String, String?) =
            switch known.standing {
            case .refused(let advice): ("refused", advice)
            case .withoutEffect(let reason): ("without_effect", reason)
            case .obsolete(let advice): ("obsolete", advice)
            }
        let opensBlock = known.arguments.contains("{")
        return object(
            block: known.block, known.name, spellings: [], arguments: known.arguments,
            body: opensBlock ? .keywords : .none, isRepeatable: false,
            defaultText: known.defaultText.isEmpty ? nil : known.defaultText, known.tier, standing: standing,
            advice: advice, known.meaning)
    }

    private static func object(
        block: String, _ name: String, spellings: [String], arguments: String, body: KeywordFacts.Body,
        isRepeatable: Bool, defaultText: String?, _ tier: Tier, standing: String, advice: String?,
        _ meaning: String
    ) -> String {
        JSONString.object([
            ("block", JSONString.quoted(block)), ("name", JSONString.quoted(name)),
            ("spellings", JSONString.array(spellings)), ("arguments", JSONString.quoted(arguments)),
            ("body", JSONString.quoted(body.rawValue)), ("repeatable", isRepeatable ? "true" : "false"),
            ("default", defaultText.map(JSONString.quoted) ?? "null"),
            ("tier", JSONString.quoted(tier.rawValue)), ("standing", JSONString.quoted(standing)),
            ("advice", advice.map(JSONString.quoted) ?? "null"), ("meaning", JSONString.quoted(meaning)),
        ])
    }
}
