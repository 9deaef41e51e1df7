import Testing

@testable import Lab

struct SVGWriterTests {
    @Test func `elements nest, and what is open at the end is ended`() throws {
        var writer = SVGWriter()
        writer.begin("svg", ["viewBox": "0 0 1 1"])
        writer.begin("g")
        writer.element("circle", ["r": "3"])
        writer.end()
        writer.begin("g")
        writer.element("text", [:], "a < b")
        let root = try MarkupReader.read(writer.finish())
        #expect(root.children.map(\.name) == ["g", "g"])
        #expect(root.children.first?.children.first?.attributes == ["r": "3"])
        #expect(root.allText.contains("a < b"))
    }

    @Test func `ending more than was begun does nothing`() {
        var writer = SVGWriter()
        writer.end()
        writer.begin("g")
        writer.end()
        writer.end()
        #expect(writer.finish() == "<g></g>")
    }

    @Test(arguments: [
        (1.0, "1"), (1.005, "1"), (12.346, "12.35"), (.nan, "0"), (-.infinity, "0"), (1e-9, "0"),
    ])
    func `numbers are short and finite`(value: Double, text: String) {
        #expect(SVGWriter.number(value) == text)
    }

    @Test func `no rectangle is too thin to be seen`() throws {
        var writer = SVGWriter()
        writer.rectangle(x: 3, y: 4, width: 0.01, height: -2, style: "t-a", title: "why & when")
        let rectangle = try MarkupReader.read(writer.finish())
        #expect(rectangle.number("width") == 1)
        #expect(rectangle.number("height") == 0)
        #expect(rectangle.all("title").first?.text == "why & when")
    }

    @Test func `text is escaped, and empty text leaves nothing`() throws {
        var writer = SVGWriter()
        writer.label("", x: 1, y: 1, size: 12)
        #expect(writer.finish() == "")
        writer.label("</text><script>", x: 1, y: 1, size: 12, anchor: .middle)
        let text = try MarkupReader.read(writer.finish())
        #expect(text.text == "</text><script>")
        #expect(text.attributes["text-anchor"] == "middle")
    }

    @Test func `lines and paths say where and how`() throws {
        var writer = SVGWriter()
        writer.begin("g")
        writer.line(1, 2, 3, 4, style: "grid")
        writer.path("M0 0h1", style: "l-ink", title: "bracket")
        let root = try MarkupReader.read(writer.finish())
        #expect(
            root.children.first?.attributes == ["x1": "1", "y1": "2", "x2": "3", "y2": "4", "class": "grid"])
        #expect(root.all("path").first?.attributes["d"] == "M0 0h1")
    }
}
