import ConfigModel
import ConfigSyntax
import Foundation
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

    /// What editors get, as a parser of JSON understands it.
    private struct Reference: Decodable {
        struct Keyword: Decodable {
            var block: String
            var name: String
            var spellings: [String]
            var arguments: String
            var body: String
            var repeatable: Bool
            var `default`: String?
            var tier: String
            var standing: String
            var advice: String?
            var meaning: String
        }

        struct Finding: Decodable {
            var code: String
            var severity: String
            var level: String
            var meaning: String
        }

        var version: Int
        var keywords: [Keyword]
        var findings: [Finding]
    }

    @Test func `the JSON form has every keyword and every finding`() throws {
        let reference = try JSONDecoder().decode(Reference.self, from: Data(KeywordReference.json.utf8))
        #expect(reference.version == 1)
        #expect(
            reference.keywords.map(\.name) == Schema.keywords.map(\.name) + KnownKeywords.rows.map(\.name))
        let standings = reference.keywords.prefix(Schema.keywords.count).map(\.standing)
        #expect(standings.allSatisfy { $0 == "carried_out" })
        #expect(reference.findings.map(\.code) == DiagnosticCode.allCases.map(\.rawValue))
        #expect(reference.findings.allSatisfy { !$0.meaning.isEmpty })
        let quorum = try #require(reference.keywords.first { $0.name == "quorum" })
        #expect(quorum.block == "virtual_server" && quorum.default == "1" && quorum.standing == "carried_out")
        let algorithm = try #require(reference.keywords.first { $0.name == "lb_algo" })
        #expect(algorithm.spellings == ["lvs_sched"] && algorithm.body == "none")
        let server = try #require(reference.keywords.first { $0.name == "real_server" })
        #expect(server.body == "keywords" && server.repeatable)
        let idle = try #require(reference.keywords.first { $0.standing == "without_effect" })
        #expect(idle.advice?.isEmpty == false)
        #expect(reference.keywords.contains { $0.standing == "refused" })
        #expect(reference.keywords.contains { $0.standing == "obsolete" })
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
