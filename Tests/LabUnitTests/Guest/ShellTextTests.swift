import Lab
import Testing

@Suite struct ShellTextTests {
    @Test(arguments: [
        ("plain", "'plain'"), ("", "''"), ("two words", "'two words'"), ("it's", #"'it'\''s'"#),
        ("'", #"''\'''"#), ("$(reboot)", "'$(reboot)'"), ("a\nb", "'a\nb'"),
    ])
    func `a word is quoted so that the shell takes it literally`(word: String, quoted: String) {
        #expect(ShellText.quoted(word) == quoted)
    }

    @Test func `a line joins quoted words`() {
        #expect(ShellText.line(["echo", "a b", ";"]) == "'echo' 'a b' ';'")
    }
}
