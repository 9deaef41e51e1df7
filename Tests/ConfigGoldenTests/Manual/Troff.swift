/// A manual page in the macros of man(7).
struct Troff {
    private(set) var text: String

    /// A page called `name` of `section`; no date, so that the same content is the same text.
    init(_ name: String, section: Int) {
        text = ".\\\" Generated: UPDATE_GOLDEN=1 swift test --filter ManualPagesTests writes it again.\n"
        text += ".TH \(Self.quoted(name.uppercased())) \(section) \"\" Holdfast\n"
        text += ".nh\n.ad l\n"
    }

    /// `NAME \- summary`, as whatis(1) reads it.
    mutating func name(_ name: String, _ summary: String) {
        section("Name")
        text += "\(Self.escaped(name)) \\- \(Self.escaped(summary))\n"
    }

    mutating func section(_ title: String) { text += ".SH \(Self.quoted(title))\n" }

    mutating func subsection(_ title: String) { text += ".SS \(Self.quoted(title))\n" }

    /// Paragraphs of running text, an empty line between two.
    mutating func prose(_ prose: String) {
        for paragraph in prose.split(separator: "\n\n") {
            text += ".PP\n"
            lines(String(paragraph))
        }
    }

    /// Lines as they are: a file, a command.
    mutating func verbatim(_ example: String) {
        text += ".PP\n.RS 4\n.nf\n"
        lines(example)
        text += ".fi\n.RE\n"
    }

    /// `bold` and the words after it, then an indented text.
    mutating func item(_ bold: String, _ words: String = "", _ body: String) {
        let rest = words.isEmpty ? "" : " \(Self.escaped(words))"
        text += ".TP\n\\fB\(Self.escaped(bold))\\fR\(rest)\n"
        lines(body.isEmpty ? " " : body)
    }

    /// Other pages, `name(section)` each.
    mutating func seeAlso(_ pages: [String]) {
        section("See also")
        lines(pages.joined(separator: ", "))
    }

    private mutating func lines(_ body: String) {
        for line in body.split(separator: "\n", omittingEmptySubsequences: false) {
            let line = Self.escaped(String(line))
            // Such a line would be taken for a request.
            text += (line.hasPrefix(".") ? "\\&" : "") + line + "\n"
        }
    }

    /// Nothing in it means anything to troff; a hyphen stays the character of the keyboard, and what is not
    /// ASCII goes by its number.
    static func escaped(_ text: String) -> String {
        let names: [Unicode.Scalar: String] = [
            "\\": "\\e", "-": "\\-", "~": "\\(ti", "^": "\\(ha", "`": "\\(ga", "'": "\\(aq",
        ]
        return text.unicodeScalars.map { scalar in
            if let name = names[scalar] { return name }
            if scalar.isASCII { return String(scalar) }
            let digits = String(scalar.value, radix: 16, uppercase: true)
            return "\\[u\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)]"
        }.joined()
    }

    /// The argument of a macro.
    static func quoted(_ text: String) -> String {
        "\"\(escaped(text).replacing("\"", with: "\\(dq"))\""
    }
}
