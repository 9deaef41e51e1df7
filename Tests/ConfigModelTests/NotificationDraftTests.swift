import ConfigSyntax
import Testing

@testable import ConfigModel

@Suite struct NotificationDraftTests {
    @Test func `an instance that names no script has none`() {
        let name = Located("VI_1", at: Span(file: 0, start: 0, end: 1))
        let origin = Origin(Statement(keyword: Word("vrrp_instance", span: name.span), arguments: []))
        let draft = InstanceDraft(origin: origin, name: name).notifications
        #expect(draft.master == nil && draft.backup == nil && draft.fault == nil && draft.stop == nil)
        #expect(draft.any == nil && draft.deleted == nil)
        #expect(GlobalDraft(origin: origin).notifications.pipes.isEmpty)
    }
}
