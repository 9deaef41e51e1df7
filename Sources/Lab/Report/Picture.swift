/// The frame of every picture: size, names for those who do not see it, and, in a file of its own, the style
/// sheet.
struct Picture {
    /// What the picture is.
    var title: String
    /// What it shows, in sentences.
    var description: String
    /// In pixels, when not scaled.
    var width: Double
    /// In pixels, when not scaled.
    var height: Double
    /// Keeps names apart from those of other pictures of a page.
    var prefix: String
    /// A file of its own, with style sheet and background.
    var isStandalone: Bool

    /// The picture with `body`, which MUST be well-formed, inside.
    func svg(_ body: String) -> String {
        let (width, height) = (SVGWriter.number(width), SVGWriter.number(height))
        var writer = SVGWriter()
        writer.begin(
            "svg",
            [
                "xmlns": "http://www.w3.org/2000/svg", "class": "hf", "viewBox": "0 0 \(width) \(height)",
                "width": isStandalone ? width : "100%", "role": "img",
                "aria-labelledby": "\(prefix)-title \(prefix)-description",
            ])
        writer.element("title", ["id": "\(prefix)-title"], title)
        writer.element("desc", ["id": "\(prefix)-description"], description)
        if isStandalone { writer.element("style", [:], SVGStyle.sheet) }
        writer.raw(SVGStyle.patterns(prefix: prefix))
        if isStandalone {
            writer.element("rect", ["width": width, "height": height, "rx": "10", "class": "paper"])
        }
        writer.raw(body)
        return writer.finish()
    }
}
