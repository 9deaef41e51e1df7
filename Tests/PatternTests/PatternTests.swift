import HealthChecks
import Pattern
import Testing

@Suite struct PatternTests {
    @Test func `what is wrong with an expression is told without keeping it`() {
        #expect(Pattern.problem(BodyPattern("a(b)")) == nil)
        #expect(Pattern.problem(BodyPattern("a(b"))?.contains("offset 3") == true)
    }

    private func matches(_ pattern: BodyPattern, _ text: String) throws -> Bool {
        try Pattern(pattern).matches(Array(text.utf8))
    }

    @Test(
        arguments: [
            ("ok", "it is ok", true), ("ok", "it is OK", false), ("^ok$", "ok", true),
            ("^ok$", "not ok", false),
            ("", "", true), ("\\d{3}", "abc 123", true), ("x", "", false), ("a.c", "a\nc", false),
        ] as [(String, String, Bool)])
    func `a pattern is there or not`(expression: String, text: String, expected: Bool) throws {
        #expect(try matches(BodyPattern(expression), text) == expected)
    }

    @Test(
        arguments: [
            ("ok", [.caseless], "OK", true), ("a.c", [.dotAll], "a\nc", true),
            ("^b", [.multiline], "a\nb", true),
            ("o k", [.extended], "ok", true), ("a.c", [.literal], "abc", false),
            ("ok", [.anchored], "is ok", false),
            ("ok", [.endAnchored], "ok?", false), ("b", [.firstLine], "a\nb", false),
            ("^.$", [.utf], "ä", true),
            ("^.$", [], "ä", false),
        ] as [(String, Set<BodyPattern.Option>, String, Bool)])
    func `options are PCRE2's`(
        expression: String, options: Set<BodyPattern.Option>, text: String, expected: Bool
    ) throws {
        #expect(try matches(BodyPattern(expression, options: options), text) == expected)
    }

    @Test func `every option compiles something`() {
        for option in BodyPattern.Option.allCases {
            #expect(throws: Never.self, "\(option.rawValue)") {
                try Pattern(BodyPattern("a", options: [option]))
            }
        }
    }

    @Test(
        arguments: [
            (0, nil, true), (3, nil, true), (4, nil, false), (99, nil, false), (0, 3, true), (0, 2, false),
            (3, 3, true), (3, 2, false),
        ] as [(Int, Int?, Bool)])
    func `offsets bound where a match may begin`(minimum: Int, maximum: Int?, expected: Bool) throws {
        let pattern = BodyPattern("ok", minimumOffset: minimum, maximumOffset: maximum)
        #expect(try matches(pattern, "is ok") == expected)
    }

    @Test(arguments: ["(", "a**", "[b-a]", "\\", "(?<n>a)(?<n>b)", "\\C"])
    func `what is no pattern is told`(expression: String) {
        #expect(throws: PatternError.self) { try Pattern(BodyPattern(expression)) }
    }

    @Test func `the error says where`() {
        #expect(throws: PatternError(description: "missing closing parenthesis at offset 2")) {
            try Pattern(BodyPattern("(a"))
        }
        #expect(throws: PatternError(description: "longer than 4096 octets")) {
            try Pattern(BodyPattern(String(repeating: "a", count: 4097)))
        }
    }

    @Test(arguments: ["(a+)+$", "(a|aa)+$", "(.*)*x", "((a*)*)*b"])
    func `a match that would take for ever is given up`(expression: String) throws {
        let text = String(repeating: "a", count: 5000) + "!"
        var pattern = BodyPattern(expression)
        pattern.options = [.noAutoPossess, .noStartOptimize]
        let error = #expect(throws: PatternError.self) { try matches(pattern, text) }
        #expect(error?.isOfPage == true)
    }

    @Test func `a large page is searched`() throws {
        let page = [UInt8](repeating: 0x61, count: 1 << 20) + Array("ok".utf8)
        #expect(try Pattern(BodyPattern("ok$")).matches(page))
    }

    @Test func `octets that are no text are told with utf, and searched without`() throws {
        let octets: [UInt8] = [0xFF, 0xFE, 0x6F, 0x6B]
        #expect(try Pattern(BodyPattern("ok")).matches(octets))
        #expect(throws: PatternError.self) { try Pattern(BodyPattern("ok", options: [.utf])).matches(octets) }
    }
}
