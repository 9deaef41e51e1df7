import Testing

@testable import ConfigSyntax

@Suite struct DefinitionReferenceTests {
    private func first(_ text: String, from start: Int = 0) -> DefinitionReference? {
        DefinitionReference.first(in: Array(text.utf8), from: start)
    }

    @Test(arguments: [
        ("a $B c", "B", 2..<4), ("${B}", "B", 0..<4), ("x${B}y", "B", 1..<5), ("$B", "B", 0..<2),
        ("${_RANDOM 1 6}", "_RANDOM", 0..<14), ("$1 ${A}", "A", 3..<7), ("${1} $A", "A", 5..<7),
        ("${A $B", "B", 4..<6),
    ])
    func `a reference is found`(text: String, name: String, range: Range<Int>) {
        #expect(first(text)?.name == name)
        #expect(first(text)?.range == range)
    }

    @Test(arguments: ["", "$", "${", "${}", "${A", "$$", "a$", "$9", "${A-B}"])
    func `what is no reference is none`(text: String) {
        #expect(first(text) == nil)
    }

    @Test func `quotes and what follows a bare name are seen`() {
        #expect(first("\"$A b\"")?.isQuoted == true)
        #expect(first("\"x\" $A")?.isQuoted == false)
        #expect(first("$A/24")?.isComplete == false)
        #expect(first("$A")?.isComplete == true)
        #expect(first("${A}/24")?.isComplete == true)
    }

    @Test func `words after a name are read`() {
        #expect(first("${_ENV HOME}")?.words == ["HOME"])
        #expect(first("${_RANDOM  1  6 }")?.words == ["1", "6"])
    }

    @Test func `the search goes on where it is told to`() {
        #expect(first("$A $B", from: 1)?.name == "B")
        #expect(first("\"$A $B\"", from: 3)?.isQuoted == true)
    }

    @Test(arguments: [
        ("interface $IF", true), ("  interface $IF dev", true), ("$IF", false), ("  $IF", false),
        ("a \"b $IF c\"", false), ("a ${IF}", false), ("a b$IF", false), ("a $IF/24", false),
    ])
    func `a bare reference is a word after another one`(line: String, expected: Bool) throws {
        let reference = try #require(DefinitionReference.first(in: Array(line.utf8), from: 0))
        #expect(reference.isWord(of: Array(line.utf8)) == expected)
    }
}
