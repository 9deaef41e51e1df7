import ConfigSyntax
import Testing

@Suite struct SuggestionTests {
    private let keywords = [
        "virtual_router_id", "virtual_ipaddress", "priority", "TCP_CHECK", "weight", "rr", "wrr", "wlc", "DR",
        "NAT", "state",
    ]

    @Test(arguments: [
        ("virtual_router_idd", "virtual_router_id"),
        ("virtual_routerid", "virtual_router_id"),
        ("prioirty", "priority"),
        ("Priority", "priority"),
        ("TCP_CHEKC", "TCP_CHECK"),
        ("tcp_check", "TCP_CHECK"),
        ("wieght", "weight"),
        ("wrrr", "wrr"),
        ("DSR", "DR"),
        ("sate", "state"),
    ])
    func `a typing error finds what was meant`(word: String, meant: String) {
        #expect(Suggestion.nearest(to: word, among: keywords) == meant)
    }

    @Test(arguments: ["flux", "", "x", "virtual", "completely_different", String(repeating: "w", count: 100)])
    func `something else finds nothing`(word: String) {
        #expect(Suggestion.nearest(to: word, among: keywords) == nil)
    }

    @Test func `a word does not suggest itself`() {
        #expect(Suggestion.nearest(to: "rr", among: ["rr"]) == nil)
    }

    @Test func `the first of equally near words is taken`() {
        #expect(Suggestion.nearest(to: "cat", among: ["bat", "hat"]) == "bat")
    }

    @Test(arguments: [
        ("", "", 0), ("a", "", 1), ("", "abc", 3), ("abc", "abc", 0), ("abc", "acb", 1), ("abc", "axc", 1),
        ("abc", "abxc", 1), ("kitten", "sitting", 3), ("ab", "ba", 1), ("flaw", "lawn", 2),
    ])
    func `the distance counts edits and swaps, either way round`(left: String, right: String, distance: Int) {
        #expect(Suggestion.distance(Array(left.utf8), Array(right.utf8)) == distance)
        #expect(Suggestion.distance(Array(right.utf8), Array(left.utf8)) == distance)
    }

    @Test(arguments: [
        ("192.0.2.l0", "192.0.2.10"), ("1O", "10"), ("I92,0,2,o", "192.0.2.0"), ("80", "80"), ("é", "é"),
    ])
    func `letters that look like digits are taken for them`(text: String, expected: String) {
        #expect(Suggestion.digits(in: text) == expected)
    }

    @Test(arguments: [
        ("100;", "100"), ("eth0,", "eth0"), ("a;,;", "a"), ("100", "100"), (";", ";"), (";;", ";"), ("", ""),
        ("a;b", "a;b"),
    ])
    func `what ends a value in other languages is taken away`(text: String, plain: String) {
        #expect(Suggestion.unpunctuated(text) == plain)
    }

    @Test func `of many candidates the first are compared`() {
        let many = (0..<Suggestion.mostCandidates).map { "other\($0)" }
        #expect(Suggestion.nearest(to: "quorun", among: ["quorum"] + many) == "quorum")
        #expect(Suggestion.nearest(to: "quorun", among: many + ["quorum"]) == nil)
    }
}
