import ConfigModel
import ConfigSyntax
import Testing

@Suite struct ExplanationTests {
    @Test(arguments: [
        ("E401", "must listen on the service's port"), ("e301", "VRID"),
        ("quorum", "sorry server takes over"),
        ("lvs_sched", "also written lvs_sched"), ("track_bfd", "refused"),
        ("strict_mode", "vrrp_strict"), ("smtp_server", "no mail"),
        ("hashed", "obsolete"), ("weight", "in vrrp_script"), ("log_all_failures", "every failed probe"),
    ])
    func `a code or keyword is explained`(word: String, part: String) throws {
        let text = try #require(Explanation.text(of: word))
        #expect(text.contains(part), "\(text)")
        #expect(text.hasSuffix("\n"))
    }

    @Test func `a keyword in several blocks is explained for each`() {
        let text = Explanation.text(of: "virtualhost") ?? ""
        #expect(text.contains("in virtual_server") && text.contains("in url"))
    }

    @Test func `a block is shown once`() {
        #expect(Explanation.text(of: "static_routes")?.hasPrefix("static_routes { ROUTE ... }\n") == true)
        #expect(Explanation.text(of: "track_group")?.hasPrefix("track_group NAME { ... }\n") == true)
    }

    @Test func `every code and every keyword is explained`() {
        let words = Explanation.words
        #expect(words == Set(words).sorted())
        #expect(words.filter { (Explanation.text(of: $0) ?? "").split(separator: "\n").count < 2 } == [])
        for word in ["E401", "W101", "quorum", "lvs_sched", "track_bfd"] { #expect(words.contains(word)) }
        #expect(DiagnosticCode.allCases.filter { $0.explanation.isEmpty } == [])
    }

    @Test func `what is neither has no text but perhaps a near one`() {
        #expect(Explanation.text(of: "quorun") == nil)
        #expect(Explanation.nearest(to: "quorun") == "quorum")
        #expect(Explanation.text(of: "") == nil)
    }
}
