import ConfigSyntax
import Testing
import Timekeeping

@testable import ConfigModel

@Suite struct SeldomTests {
    private struct Thing {
        @Seldom var size: Located<Int>?
        @Seldom var schedule: ScheduleDraft
    }

    private let span = Span(file: 0, start: 0, end: 1)

    @Test func `a field is blank until it is written`() {
        var thing = Thing()
        #expect(thing.size == nil)
        #expect(thing.schedule.retry == nil)
        thing.size = Located(3, at: span)
        thing.schedule.retry = Located(5, at: span)
        thing.schedule.rise = Located(2, at: span)
        #expect(thing.size?.value == 3)
        #expect(thing.schedule.retry?.value == 5)
        #expect(thing.schedule.rise?.value == 2)
    }

    @Test func `a copy is a value of its own`() {
        var thing = Thing()
        thing.size = Located(3, at: span)
        var copy = thing
        copy.size = nil
        copy.schedule.retry = Located(5, at: span)
        #expect(thing.size?.value == 3)
        #expect(thing.schedule.retry == nil)
        #expect(copy.size == nil)
    }

    @Test func `a field takes eight octets, and drafts of which there are many stay small`() {
        #expect(MemoryLayout<Thing>.size == 16)
        #expect(MemoryLayout<RealServerDraft>.stride <= 256)
        #expect(MemoryLayout<CheckDraft>.stride <= 384)
    }
}
