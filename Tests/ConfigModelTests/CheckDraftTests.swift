import ConfigSyntax
import Testing

@testable import ConfigModel

@Suite struct CheckDraftTests {
    @Test func `a new check inherits everything`() {
        let span = Span(file: 0, start: 0, end: 1)
        let check = CheckDraft(
            .http, origin: Origin(Statement(keyword: Word("HTTP_GET", span: span), arguments: [])))
        #expect(check.kind == .http)
        #expect(check.urls.isEmpty)
        #expect(check.connectAddress == nil)
        #expect(check.schedule.delayLoop == nil)
        #expect(check.origin.title == "HTTP_GET")
    }
}
