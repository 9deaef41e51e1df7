/// Writes SVG elements one after the other; what was begun and not ended is ended by `finish`.
struct SVGWriter {
    private var text = ""
    private var open: [String] = []

    /// A number of pixels: at most two places, never in scientific notation, always finite.
    static func number(_ value: Double) -> String { Decimals.short(value, places: 2) }

    /// Begins an element that others stand in.
    mutating func begin(_ name: String, _ attributes: KeyValuePairs<String, String> = [:]) {
        text += "<\(name)\(Markup.attributes(attributes))>"
        open.append(name)
    }

    /// Ends the element begun last.
    mutating func end() {
        guard let name = open.popLast() else { return }
        text += "</\(name)>"
    }

    /// An element with text or nothing in it.
    mutating func element(_ name: String, _ attributes: KeyValuePairs<String, String>, _ content: String = "")
    {
        let head = "<\(name)\(Markup.attributes(attributes))"
        text += content.isEmpty ? "\(head)/>" : "\(head)>\(Markup.escape(content))</\(name)>"
    }

    /// A rectangle; `title` is what a pointer shows. A width below 1 is drawn as 1, so that nothing
    /// disappears.
    mutating func rectangle(
        x: Double, y: Double, width: Double, height: Double, style: String, radius: Double = 0,
        title: String = ""
    ) {
        begin(
            "rect",
            [
                "x": Self.number(x), "y": Self.number(y), "width": Self.number(max(width, 1)),
                "height": Self.number(max(height, 0)), "rx": Self.number(radius), "class": style,
            ])
        if !title.isEmpty { element("title", [:], title) }
        end()
    }

    /// A straight line.
    mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, style: String) {
        element(
            "line",
            [
                "x1": Self.number(x1), "y1": Self.number(y1), "x2": Self.number(x2), "y2": Self.number(y2),
                "class": style,
            ])
    }

    /// An outline of any form.
    mutating func path(_ data: String, style: String, title: String = "") {
        begin("path", ["d": data, "class": style])
        if !title.isEmpty { element("title", [:], title) }
        end()
    }

    /// Where the given point of a text is.
    enum Anchor: String { case start, middle, end }

    /// A line of text.
    mutating func label(
        _ content: String, x: Double, y: Double, size: Double, style: String = "ink", anchor: Anchor = .start
    ) {
        guard !content.isEmpty else { return }
        element(
            "text",
            [
                "x": Self.number(x), "y": Self.number(y), "font-size": Self.number(size), "class": style,
                "text-anchor": anchor.rawValue,
            ], content)
    }

    /// Text that is markup already: a style sheet, a pattern. It MUST be well-formed.
    mutating func raw(_ markup: String) { text += markup }

    /// The finished markup.
    mutating func finish() -> String {
        while !open.isEmpty { end() }
        return text
    }
}
