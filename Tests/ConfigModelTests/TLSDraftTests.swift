import ConfigSyntax
import Testing

@testable import ConfigModel

@Suite struct TLSDraftTests {
    @Test func `nothing is trusted unless it is written`() {
        let span = Span(file: 0, start: 0, end: 1)
        let draft = TLSDraft(origin: Origin(Statement(keyword: Word("SSL", span: span), arguments: [])))
        #expect(draft.authorities == nil)
        #expect(draft.origin.title == "SSL")
    }
}
