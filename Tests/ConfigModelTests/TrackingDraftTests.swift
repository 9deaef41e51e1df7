import ConfigSyntax
import Testing

@testable import ConfigModel

@Suite struct TrackingDraftTests {
    @Test func `an instance that says nothing of tracking has an empty draft`() {
        let word = Word("vrrp_instance", span: Span(file: 0, start: 0, end: 1))
        let draft = InstanceDraft(
            origin: Origin(Statement(keyword: word, arguments: [])), name: Located("a", at: word.span))
        #expect(draft.tracking.ignoresOwnInterface == nil)
    }
}
