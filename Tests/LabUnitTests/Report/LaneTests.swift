import Testing
import Timekeeping

@testable import Lab

struct LaneTests {
    @Test func `the usual lanes are called what they show`() {
        #expect(Lane.holder([]).title == "VIP holder")
        #expect(Lane.state(of: "director-a", []).title == "director-a")
        #expect(Lane.adverts(of: "director-b", []).title == "adverts of director-b")
        #expect(Lane.adverts(of: "director-b", []).content == .ticks([]))
        #expect(Lane.holder([]).content == .spans([]))
    }

    @Test func `tones differ in word and name`() {
        #expect(Set(Tone.allCases.map(\.word)).count == Tone.allCases.count)
        #expect(Set(Tone.allCases.map(\.rawValue)).count == Tone.allCases.count)
        #expect(Tone.allCases.allSatisfy { !$0.word.isEmpty })
    }

    @Test func `a span says its label, else its tone`() {
        #expect(LaneSpan(from: .zero, to: .zero, tone: .off, label: "killed").words == "killed")
        #expect(LaneSpan(from: .zero, to: .zero, tone: .master).words == "MASTER")
    }
}
