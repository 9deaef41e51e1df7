import Testing

@testable import ConfigModel

@Suite struct DumpWriterTests {
    @Test func `blocks are indented, and set apart outside of every block`() {
        var writer = DumpWriter()
        writer.block("a", "b c") { writer in
            writer.line("d", "e")
            writer.block("f") { $0.line("g", ["h", "i"]) }
        }
        writer.block("j", []) { _ in }
        #expect(writer.text == "a \"b c\" {\n    d e\n    f {\n        g h i\n    }\n}\n\nj {\n}\n")
    }

    @Test(arguments: ["a b", "", "a#b", "a!", "{", "}", "a\\b", "a\tb", "a;", "b,", "=", "=>", "é"])
    func `a word that would not be read as one is quoted`(word: String) {
        var writer = DumpWriter()
        writer.line("k", word)
        #expect(writer.text == "k \"\(word)\"\n")
    }

    @Test func `a secret is stars for whoever is not to see it`() {
        var (open, discreet) = (DumpWriter(), DumpWriter(hidesSecrets: true))
        open.secret("auth_pass", "a b")
        discreet.secret("auth_pass", "a b")
        #expect(open.text == "auth_pass \"a b\"\n")
        #expect(discreet.text == "auth_pass ********\n")
    }
}
