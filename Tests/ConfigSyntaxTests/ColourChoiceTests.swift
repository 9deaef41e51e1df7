import Testing

@testable import ConfigSyntax

@Suite struct ColourChoiceTests {
    private func isColoured(
        _ choice: ColourChoice, isTerminal: Bool, _ environment: [String: String]
    ) -> Bool {
        choice.isColoured(isTerminal: isTerminal) { environment[$0] }
    }

    @Test(
        arguments: [
            ([:], true, true), ([:], false, false),
            (["NO_COLOR": "1"], true, false), (["NO_COLOR": ""], true, true),
            (["CLICOLOR_FORCE": "1"], false, true), (["CLICOLOR_FORCE": "0"], false, false),
            (["CLICOLOR_FORCE": ""], false, false),
            (["NO_COLOR": "1", "CLICOLOR_FORCE": "1"], true, false),
            (["TERM": "dumb"], true, false), (["TERM": "xterm"], true, true),
            (["TERM": "dumb", "CLICOLOR_FORCE": "1"], true, true),
        ] as [([String: String], Bool, Bool)])
    func `auto asks the environment and the terminal`(
        environment: [String: String], isTerminal: Bool, expected: Bool
    ) {
        #expect(isColoured(.auto, isTerminal: isTerminal, environment) == expected)
    }

    @Test func `always and never ask nobody`() {
        #expect(isColoured(.always, isTerminal: false, ["NO_COLOR": "1", "TERM": "dumb"]))
        #expect(!isColoured(.never, isTerminal: true, ["CLICOLOR_FORCE": "1"]))
    }

    @Test func `each role has its colour, and plain text none`() {
        #expect(TextRole.severity(.error).painted("a", true) == "\u{1B}[1;31ma\u{1B}[0m")
        #expect(TextRole.severity(.warning).painted("a", true) == "\u{1B}[1;33ma\u{1B}[0m")
        #expect(TextRole.message.painted("a", true) == "\u{1B}[1ma\u{1B}[0m")
        #expect(TextRole.frame.painted("a", true) == "\u{1B}[34ma\u{1B}[0m")
        #expect(TextRole.message.painted("a", false) == "a")
        #expect(TextRole.message.painted("", true) == "")
    }
}
