import Testing
import Timekeeping

@testable import Lab

struct SpanMergingTests {
    private func span(_ from: Int64, _ to: Int64, _ tone: Tone, _ label: String = "") -> LaneSpan {
        LaneSpan(from: .milliseconds(from), to: .milliseconds(to), tone: tone, label: label)
    }

    private func merge(
        _ spans: [LaneSpan], shortest: Int64 = 10, from: Int64 = 0, to: Int64 = 1000
    ) -> [LaneSpan] {
        spans.merged(
            from: .milliseconds(from), to: .milliseconds(to), shortest: .milliseconds(shortest))
    }

    @Test func `long spans stay as they are`() {
        let spans = [span(0, 400, .served), span(400, 700, .unserved), span(700, 1000, .served)]
        #expect(merge(spans) == spans)
    }

    @Test func `a single short failure between long spans stays to be seen`() {
        let spans = [span(0, 500, .served), span(500, 501, .unserved), span(501, 1000, .served)]
        #expect(merge(spans) == spans)
    }

    @Test func `short neighbours of several tones become one mixed span`() {
        let spans = (0..<200).map { span($0 * 5, $0 * 5 + 5, $0 % 2 == 0 ? .served : .unserved) }
        #expect(merge(spans) == [span(0, 1000, .mixed)])
    }

    @Test func `short neighbours of one tone stay of it`() {
        let spans = [span(0, 4, .master), span(4, 8, .master), span(8, 11, .master)]
        #expect(merge(spans) == [span(0, 11, .master)])
    }

    @Test func `spans of the same tone and label join, other labels and gaps keep them apart`() {
        #expect(merge([span(0, 100, .off, "x"), span(100, 300, .off, "x")]) == [span(0, 300, .off, "x")])
        #expect(merge([span(0, 100, .off, "x"), span(100, 300, .off, "y")]).count == 2)
        #expect(merge([span(0, 100, .off), span(200, 300, .off)]).count == 2)
    }

    @Test func `spans are cut at the window, and what is outside or without length is dropped`() {
        let spans = [
            span(-50, 50, .served), span(60, 60, .unserved), span(80, 70, .both), span(2000, 3000, .off),
        ]
        #expect(merge(spans) == [span(0, 50, .served)])
        #expect(merge([]).isEmpty)
        #expect(merge(spans, from: 10, to: 10).isEmpty)
    }

    @Test func `however many spans there are, few are drawn`() {
        var spans: [LaneSpan] = []
        var at: Int64 = 0
        var tone = Tone.served
        while at < 100_000 {
            // Long and short ones in an order that repeats late.
            let length = (at * 31 + 7) % 23 + 1
            spans.append(span(at, at + length, tone))
            at += length
            tone = tone == .served ? .unserved : .served
        }
        let merged = merge(spans, shortest: 100, to: 100_000)
        #expect(spans.count > 5000)
        #expect(merged.count <= 2 * 1000 + 3)
        #expect(zip(merged, merged.dropFirst()).allSatisfy { $0.to <= $1.from })
    }

    @Test func `ticks closer than can be seen are thinned by tone`() {
        let ticks = (0..<1000).map {
            LaneTick(at: .milliseconds($0), tone: $0 % 2 == 0 ? .directorA : .directorB, label: "")
        }
        let thinned = ticks.thinned(from: .zero, to: .milliseconds(500), shortest: .milliseconds(50))
        #expect(thinned.count == 21)
        #expect(thinned.first?.at == .zero)
        #expect(thinned.allSatisfy { $0.at <= .milliseconds(500) })
        #expect([LaneTick]().thinned(from: .zero, to: .zero, shortest: .zero).isEmpty)
    }
}
