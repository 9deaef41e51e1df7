import Testing
import Timekeeping

@testable import Lab

struct TimelineLaneTests {
    private func draw(_ content: Lane.Content, lines: [Double] = []) throws -> MarkupReader.Element {
        var writer = SVGWriter()
        writer.begin("g")
        TimelineLane(
            lane: Lane(title: "lane", content: content), y: 10,
            scale: Scale(from: 0, through: 10, onto: 100, 1100),
            window: TimeWindow(from: .zero, to: .seconds(10)), prefix: "p", lines: lines
        ).draw(&writer)
        return try MarkupReader.read(writer.finish())
    }

    @Test func `a span lies where its time is and says what it is`() throws {
        let root = try draw(.spans([LaneSpan(from: .seconds(2), to: .seconds(5), tone: .master)]))
        let span = try #require(root.all("rect").first)
        #expect(span.number("x") == 300 && span.number("width") == 300)
        #expect(span.has(class: "t-master"))
        #expect(span.all("title").first?.text == "MASTER: 2.000 s to 5.000 s, 3.000 s")
        let text = try #require(root.all("text").first)
        #expect(text.text == "MASTER" && text.number("x") == 450)
    }

    @Test func `text keeps away from lines that run through`() throws {
        let span = LaneSpan(from: .zero, to: .seconds(4), tone: .backup)
        let text = try #require(try draw(.spans([span]), lines: [300]).all("text").first)
        // 100 to 300 and 300 to 500 are alike; 320 makes the first one wider.
        #expect(text.number("x") == 200 || text.number("x") == 400)
        #expect(try draw(.spans([span]), lines: [320]).all("text").first?.number("x") == 210)
        #expect(try draw(.spans([span]), lines: [1000]).all("text").first?.number("x") == 300)
        // So many lines that no stretch is wide enough: no text.
        let many = stride(from: 110.0, to: 500, by: 10).map { $0 }
        #expect(try draw(.spans([span]), lines: many).all("text").isEmpty)
    }

    @Test func `long text is cut to its span, unless too little would be left`() throws {
        let label = "192.0.2.22:80  192.0.2.21:80"
        let wide = LaneSpan(from: .zero, to: .seconds(1), tone: .present, label: label)
        let text = try #require(try draw(.spans([wide])).all("text").first?.text)
        #expect(text.hasPrefix("192.0.2") && text.hasSuffix("\u{2026}"))
        #expect(TextWidth.of(text, size: 11.5) <= 88)
        let narrow = LaneSpan(from: .zero, to: .milliseconds(400), tone: .present, label: label)
        #expect(try draw(.spans([narrow])).all("text").isEmpty)
    }

    @Test func `a tick of neither director is a square that is seen`() throws {
        let root = try draw(.ticks([LaneTick(at: .seconds(1), tone: .fault, label: "priority 0")]))
        #expect(root.all("path").first?.has(class: "t-unserved") == true)
        #expect(TimelineLane.symbol(.fault, 0, 0) != TimelineLane.symbol(.directorA, 0, 0))
        #expect(TimelineLane.tickStyle(.off) == "ink")
    }

    @Test func `a span too narrow for its text has none, but keeps its title`() throws {
        let root = try draw(.spans([LaneSpan(from: .zero, to: .milliseconds(100), tone: .nobody)]))
        #expect(root.all("text").isEmpty)
        #expect(root.all("title").first?.text.hasPrefix("nobody") == true)
    }

    @Test func `a pattern is laid under the outline`() throws {
        let root = try draw(.spans([LaneSpan(from: .zero, to: .seconds(5), tone: .unserved)]))
        #expect(root.all("rect").first?.attributes["fill"] == "url(#p-unserved)")
        #expect(root.all("rect").contains { $0.has(class: "s-unserved") })
    }

    @Test func `many narrow spans are one path a tone`() throws {
        let spans = (0..<300).map { index in
            LaneSpan(
                from: .milliseconds(Int64(index) * 30), to: .milliseconds(Int64(index) * 30 + 25),
                tone: index % 2 == 0 ? .served : .unserved)
        }
        let root = try draw(.spans(spans))
        #expect(root.all("path").count == 2)
        #expect(root.all("rect").isEmpty)
    }

    @Test func `few ticks are symbols with their label, where it is new and has room`() throws {
        let ticks = [
            LaneTick(at: .seconds(1), tone: .directorA, label: "priority 150"),
            LaneTick(at: .seconds(3), tone: .directorA, label: "priority 150"),
            LaneTick(at: .seconds(5), tone: .directorA, label: "priority 0"),
            LaneTick(at: .seconds(12), tone: .directorA, label: "outside"),
        ]
        let root = try draw(.ticks(ticks))
        #expect(root.all("path").count == 3)
        #expect(root.all("text").map(\.text) == ["priority 150", "priority 0"])
        #expect(try draw(.ticks(ticks), lines: [240]).all("text").map { $0.number("x") } == [409, 609])
    }

    @Test func `many ticks are bars in one path`() throws {
        let ticks = (0..<1000).map {
            LaneTick(at: .milliseconds($0 * 10), tone: .directorB, label: "")
        }
        let root = try draw(.ticks(ticks))
        #expect(root.all("path").count == 1)
        #expect(root.all("path").first?.has(class: "s-b") == true)
        #expect(root.all("text").isEmpty)
    }
}
