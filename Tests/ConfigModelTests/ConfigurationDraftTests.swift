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

    @Test func `an instance is in the first group that names it`() {
        var draft = ConfigurationDraft(start: Span(file: 0, start: 0, end: 0))
        for (name, members) in [("G", ["A", "B"]), ("H", ["B", "C"])] {
            let place = draft.origin.header
            draft.syncGroups.append(
                SyncGroupDraft(
                    origin: draft.origin, name: Located(name, at: place),
                    members: members.map { Located($0, at: place) }))
        }
        #expect(draft.groupOf.isEmpty)
        draft.index()
        #expect(draft.groupOf == ["A": 0, "B": 0, "C": 1])
    }
}
