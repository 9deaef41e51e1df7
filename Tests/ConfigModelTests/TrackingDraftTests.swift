import ConfigSyntax
import Testing
import VRRP

@testable import ConfigModel

@Suite struct TrackingDraftTests {
    private let word = Word("x", span: Span(file: 0, start: 0, end: 1))
    private var origin: Origin { Origin(Statement(keyword: word, arguments: [])) }

    @Test func `an instance that says nothing of tracking has an empty draft`() {
        let draft = InstanceDraft(origin: origin, name: Located("a", at: word.span))
        #expect(draft.tracking.ignoresOwnInterface == nil)
        #expect(draft.tracking.items.isEmpty)
    }

    @Test func `names are those of one kind`() {
        var objects = TrackedObjectsDraft()
        objects.scripts = [TrackScriptDraft(origin: origin, name: Located("s", at: word.span))]
        objects.files = [TrackFileDraft(origin: origin, name: Located("f", at: word.span))]
        #expect(objects.names(.script)?.map(\.value) == ["s"])
        #expect(objects.names(.file)?.map(\.value) == ["f"])
        #expect(objects.names(.process)?.isEmpty == true)
        #expect(objects.names(.interface) == nil)
    }
}
