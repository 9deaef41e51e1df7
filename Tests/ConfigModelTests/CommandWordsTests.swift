import ConfigSyntax
import Testing

@testable import ConfigModel

@Suite struct CommandWordsTests {
    @Test(
        arguments: [
            ("abc", "abc"), ("a b  c", "a b  c"), ("a\\\\d", "a\\d"), ("a\\d", "ad"),
            ("\\x41\\101\\n", "AA\n"),
            ("'a' \"b\"", "'a' \"b\""), ("\\cA", "\u{1}"), ("", ""),
        ])
    func `escapes of an expression are replaced, and nothing else`(text: String, expected: String) {
        #expect(CommandWords.unescaped(text) == .success(expected))
    }

    @Test(arguments: ["a\\", "\\xzz", "\\xFF"]) func `an expression with a bad escape is none`(text: String) {
        guard case .failure = CommandWords.unescaped(text) else {
            Issue.record("accepted")
            return
        }
    }

    @Test(arguments: ["^a\\d+$", "a\"b", "\t\u{7F}", "'é'", "[\\\\]"])
    func `an escaped expression is read back`(text: String) {
        #expect(CommandWords.unescaped(CommandWords.escaped(text)) == .success(text))
        #expect(!CommandWords.escaped(text).contains("\""))
    }

    @Test(arguments: [
        ("/bin/a", ["/bin/a"]),
        ("/bin/a b  c\td", ["/bin/a", "b", "c", "d"]),
        (" /bin/a ", ["/bin/a"]),
        ("/bin/a 'b c' \"d e\"", ["/bin/a", "b c", "d e"]),
        ("/bin/a 'b\"c' \"d'e\"", ["/bin/a", "b\"c", "d'e"]),
        ("/bin/a b'c d'e", ["/bin/a", "bc de"]),
        ("/bin/a ''", ["/bin/a", ""]),
        ("/bin/a b\\ c", ["/bin/a", "b c"]),
        ("/bin/a \\x41\\x7e \\101 \\7", ["/bin/a", "A~", "A", "\u{7}"]),
        ("/bin/a \\xc3\\xa9", ["/bin/a", "é"]),
        ("/bin/a \\a\\b\\E\\f\\n\\r\\t\\v", ["/bin/a", "\u{7}\u{8}\u{1B}\u{C}\n\r\t\u{B}"]),
        ("/bin/a \\cA\\c[", ["/bin/a", "\u{1}\u{1B}"]),
        ("/bin/a \\\\ \\' \\\"", ["/bin/a", "\\", "'", "\""]),
        ("/bin/a $HOME ; rm * > x", ["/bin/a", "$HOME", ";", "rm", "*", ">", "x"]),
    ])
    func `a command is split without a shell`(text: String, words: [String]) throws {
        #expect(try CommandWords.split(text).get() == words)
    }

    @Test(arguments: [
        ("", "the command is empty"), ("  ", "the command is empty"),
        ("/bin/a 'b", "a quote in the command is not closed"),
        ("/bin/a \"b", "a quote in the command is not closed"), ("/bin/a \\", "unknown escape"),
        ("/bin/a \\x", "unknown escape"), ("/bin/a \\xg", "unknown escape"),
        ("/bin/a \\777", "unknown escape"),
        ("/bin/a \\c", "unknown escape"), ("/bin/a \\xff", "the command is not UTF-8"),
        ("/bin/a \\x00", "the command cannot be passed to a program"),
    ])
    func `what is no command is refused`(text: String, reason: String) {
        #expect(CommandWords.split(text) == .failure(FileProblem(reason)))
    }

    @Test func `a command has a length`() {
        let most = Array(repeating: "x", count: CommandWords.maximumCount)
        #expect(CommandWords.split(most.joined(separator: " ")) == .success(most))
        #expect(throws: FileProblem.self) {
            try CommandWords.split((most + ["x"]).joined(separator: " ")).get()
        }
    }

    @Test(arguments: [
        ["/bin/a"], ["/bin/a", "b c", "", "'", "\"", "\\", "\n\t\u{1}\u{7F}", "é", "#!{}$"], ["/a b/c d"],
    ])
    func `joined words split into the same and need no double quote`(words: [String]) throws {
        let text = CommandWords.joined(words)
        #expect(try CommandWords.split(text).get() == words)
        #expect(!text.contains("\""))
        #expect(text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F })
    }
}
