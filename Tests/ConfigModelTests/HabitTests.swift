import ConfigSyntax
import Testing

@testable import ConfigModel

@Suite struct HabitTests {
    private func habit(_ words: [String]) -> Habit? {
        var offset = 0
        let located = words.map { word in
            defer { offset += word.utf8.count + 1 }
            return Word(word, span: Span(file: 0, start: offset, end: offset + word.utf8.count))
        }
        let statement = Statement(keyword: located[0], arguments: Array(located.dropFirst()))
        return Habit(statement) { ["priority", "SSL_GET", "virtual_server", "PING_CHECK"].contains($0) }
    }

    @Test(arguments: [
        (["priority=100"], "priority 100"), (["priority:", "100"], "priority"),
        (["priority:100"], "priority 100"),
        (["priority=", "100"], "priority"), (["HTTPS_GET"], "SSL_GET"), (["https_get"], "SSL_GET"),
        (["ICMP_CHECK"], "PING_CHECK"), (["virtual", "server", "x"], "virtual_server"),
    ])
    func `what is meant is suggested`(words: [String], suggestion: String) {
        #expect(habit(words)?.suggestion == suggestion)
        #expect(habit(words)?.help.isEmpty == true)
    }

    @Test func `the keyword that is meant is not missing`() {
        #expect(habit(["priority=100"])?.keyword == "priority")
        #expect(habit(["virtual", "server"])?.keyword == "virtual_server")
        #expect(habit(["//", "priority"])?.keyword == nil)
    }

    @Test func `what is replaced is the keyword, or both halves of it`() {
        #expect(habit(["priority=1", "x"])?.place == Span(file: 0, start: 0, end: 10))
        #expect(habit(["virtual", "server", "x"])?.place == Span(file: 0, start: 0, end: 14))
    }

    @Test(arguments: ["//", "//x", "/*", "*/", "--", ";", "<!--"])
    func `comments of other languages are told from keywords`(word: String) {
        #expect(habit([word])?.help.count == 1 && habit([word])?.suggestion == nil)
    }

    @Test(arguments: [["quorum=1"], ["prioriti"], ["virtual"], ["virtual", "host"], ["HTTP_CHECK"], ["="]])
    func `other mistakes are no habits`(words: [String]) {
        #expect(habit(words) == nil)
    }
}
