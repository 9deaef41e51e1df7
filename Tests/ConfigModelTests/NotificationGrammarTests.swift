import ConfigModel
import ConfigSyntax
import Testing

@Suite struct NotificationGrammarTests {
    private func codes(_ lines: String) -> [DiagnosticCode] { Sample.codes(Sample.instance(lines: lines)) }

    static let keywords = [
        "notify_master", "notify_backup", "notify_fault", "notify_stop", "notify", "notify_deleted",
    ]

    @Test(arguments: keywords) func `a script is a command, a user and a group`(keyword: String) {
        #expect(codes("\(keyword) /bin/x") == [])
        #expect(codes("\(keyword) \"/bin/x -a 'b c'\" nobody") == [])
        #expect(codes("\(keyword) /bin/x nobody nogroup") == [])
        #expect(codes("\(keyword) /bin/x nobody nogroup more") == [.unexpectedWord])
        #expect(codes("\(keyword) x.sh") == [.unsupportedValue])
        #expect(codes("\(keyword) \"/bin/x 'a\"") == [.invalidCommand])
        #expect(codes("\(keyword) /bin/x\n\(keyword) /bin/y") == [.givenTwice])
        #expect(codes("\(keyword) {\n}") != [])
    }

    @Test(arguments: keywords.dropLast()) func `a script is needed`(keyword: String) {
        #expect(codes(keyword) == [.missingValue])
    }

    @Test func `a deletion can be reported without a script`() {
        #expect(codes("notify_deleted") == [])
    }

    @Test(arguments: ["-x", "/etc/x", "a=b", "a:b", "\"a b\"", "\"\""])
    func `an argument outside the quotes is no user`(word: String) throws {
        let found = Sample.load(Sample.instance(lines: "notify /bin/x \(word)")).diagnostics
        let diagnostic = try #require(found.first)
        #expect(found.count == 1)
        #expect(diagnostic.code == .invalidName)
        #expect(diagnostic.help == ["the arguments of a command stand in its quotes: \"/path/program -x\""])
        #expect(codes("notify /bin/x nobody \(word)") == [.invalidName])
    }
}
