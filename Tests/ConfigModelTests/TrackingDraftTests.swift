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

    @Test func `weights are known by name, those of the first block of each`() {
        var objects = TrackedObjectsDraft()
        for weight in [nil, 5, 7] {
            var script = TrackScriptDraft(origin: origin, name: Located("s", at: word.span))
            if weight != nil { script.name.value = "t" }
            script.weight = weight.map { Located(WeightDraft(value: $0, isReversed: true), at: word.span) }
            objects.scripts.append(script)
        }
        objects.files = [TrackFileDraft(origin: origin, name: Located("f", at: word.span))]
        objects.indexWeights()
        #expect(objects.weight(.script, "t") == WeightDraft(value: 5, isReversed: true))
        #expect(objects.weight(.script, "s") == WeightDraft(value: 0, isReversed: false))
        #expect(objects.weight(.file, "f").value == 1)
        #expect(objects.weight(.interface, "t").value == 0)
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
