import ConfigSyntax
import Testing

@testable import ConfigModel

@Suite struct ConfigurationDraftTests {
    @Test func `a new draft holds nothing`() {
        let draft = ConfigurationDraft(start: Span(file: 0, start: 0, end: 0))
        #expect(draft.instances.isEmpty)
        #expect(draft.virtualServers.isEmpty)
        #expect(draft.loopGuard == nil)
        #expect(draft.global.syncDaemon == nil)
        #expect(draft.origin.title == "the configuration")
    }

    @Test func `what could not be read is not absent`() {
        var origin = ConfigurationDraft(start: Span(file: 0, start: 0, end: 0)).origin
        #expect(origin.isAbsent("router_id"))
        origin.failed.append("router_id")
        #expect(!origin.isAbsent("router_id"))
        #expect(origin.isAbsent("priority"))
    }
}
