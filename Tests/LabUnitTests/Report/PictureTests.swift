import Testing

@testable import Lab

struct PictureTests {
    private func picture(isStandalone: Bool) throws -> MarkupReader.Element {
        try MarkupReader.read(
            Picture(
                title: "A < B", description: "It's \"so\" & so.", width: 1000, height: 123.456, prefix: "p",
                isStandalone: isStandalone
            ).svg("<g class=\"body\"/>"))
    }

    @Test(arguments: [true, false])
    func `a picture says what it shows to those who do not see it`(isStandalone: Bool) throws {
        let root = try picture(isStandalone: isStandalone)
        #expect(root.attributes["role"] == "img")
        #expect(root.attributes["aria-labelledby"] == "p-title p-description")
        #expect(root.attributes["viewBox"] == "0 0 1000 123.46")
        #expect(root.all("title").first?.attributes["id"] == "p-title")
        #expect(root.all("title").first?.text == "A < B")
        #expect(root.all("desc").first?.text == "It's \"so\" & so.")
        #expect(root.all("g").first?.has(class: "body") == true)
    }

    @Test func `a file of its own brings style and ground, a picture in a page neither`() throws {
        let file = try picture(isStandalone: true)
        #expect(file.all("style").first?.text == SVGStyle.sheet)
        #expect(file.attributes["width"] == "1000")
        #expect(file.children.contains { $0.name == "rect" && $0.has(class: "paper") })
        let inside = try picture(isStandalone: false)
        #expect(inside.all("style").isEmpty)
        #expect(inside.attributes["width"] == "100%")
        #expect(!inside.children.contains { $0.name == "rect" })
    }
}
