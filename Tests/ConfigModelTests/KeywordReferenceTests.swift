import ConfigModel
import Testing

@Suite struct KeywordReferenceTests {
    @Test func `every keyword has a row in its block's table`() {
        let page = KeywordReference.page
        for scope in Scope.allCases {
            let title = scope == .root ? "## Outside every block\n" : "## \(scope.rawValue)\n"
            let rest = page.split(separator: title, maxSplits: 1).last ?? ""
            let section = rest.split(separator: "\n## ", maxSplits: 1).first ?? ""
            let rows = section.split(separator: "\n").filter { $0.hasPrefix("| `") }
            let names = Schema.keywords.filter { $0.scope == scope }.map(\.name)
            #expect(rows.count == names.count)
            for (row, name) in zip(rows, names) { #expect(row.hasPrefix("| `\(name)`")) }
        }
    }

    @Test func `a keyword that the daemon does not carry out yet is shown as refused`() {
        for facts in Schema.keywords {
            let refusal = facts.refusal
            let row = KeywordReference.page.split(separator: "\n").filter {
                $0.hasPrefix("| `\(facts.name)`")
            }
            #expect(refusal == nil || row.contains { $0.contains(" Refused for now") })
        }
        let refused = KeywordReference.page.split(separator: "\n").count { $0.contains(" Refused for now") }
        #expect(refused == Schema.keywords.count { $0.refusal != nil })
    }

    @Test func `a row has four cells, and five where it says what becomes of a keyword`() {
        let rows = KeywordReference.page.split(separator: "\n").filter { $0.hasPrefix("| `") }
        for (number, row) in rows.enumerated() {
            let bars = row.replacing("\\|", with: "").count { $0 == "|" }
            #expect(bars == (number < Schema.keywords.count ? 5 : 6), "\(row)")
        }
        #expect(rows.count == Schema.keywords.count + KnownKeywords.rows.count)
        #expect(rows.contains { $0.contains("`TCP\\|UDP\\|SCTP`") })
    }
}
