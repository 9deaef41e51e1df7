/// Diagnostics as text: with the source lines for people, or one line each for editors and logs.
package struct DiagnosticRenderer: Sendable {
    /// Source text beyond this many characters of a line is cut, around the marks.
    package static let widestLine = 160

    let sources: SourceMap
    private let isColoured: Bool

    /// A renderer of spans of `sources`; with `isColoured` the long form is for a terminal with colours.
    package init(_ sources: SourceMap, isColoured: Bool = false) {
        self.sources = sources
        self.isColoured = isColoured
    }

    /// `file:line:column: severity: message [code]`, without a line end.
    package func line(_ diagnostic: Diagnostic) -> String {
        let place = sources.location(of: diagnostic.primary.span)
        var message = Self.printable(diagnostic.message)
        if let word = diagnostic.suggestion { message += ", did you mean \"\(Self.printable(word))\"?" }
        let start = "\(Self.printable(place.file)):\(place.line):\(place.column)"
        return "\(start): \(diagnostic.severity.rawValue): \(message) [\(diagnostic.code.rawValue)]"
    }

    /// The long form: message, place, what was looked at, source lines with marks, notes and help; lines end
    /// in "\n".
    package func text(_ diagnostic: Diagnostic) -> String {
        let severity = "\(diagnostic.severity.rawValue)[\(diagnostic.code.rawValue)]"
        var text = paint(severity, .severity(diagnostic.severity))
        text += paint(": \(Self.printable(diagnostic.message))", .message) + "\n"
        let place = sources.location(of: diagnostic.primary.span)
        text += paint("  -->", .frame)
        text += " \(Self.printable(place.description)) (\(diagnostic.code.level.rawValue) check)\n"
        text += excerpts(diagnostic)
        for place in sources.includes(of: diagnostic.primary.span) {
            text += paint("    =", .frame) + " included from \(Self.printable(place.description))\n"
        }
        for note in diagnostic.notes { text += paint("    =", .frame) + " \(Self.printable(note))\n" }
        for help in diagnostic.help {
            text += paint("    =", .frame) + paint(" help:", .message) + " \(Self.printable(help))\n"
        }
        return text
    }

    private func paint(_ text: String, _ role: TextRole) -> String { role.painted(text, isColoured) }

    /// All in the long form, then how many there are.
    package func text(_ diagnostics: [Diagnostic], dropped: Int = 0) -> String {
        diagnostics.map { text($0) + "\n" }.joined() + summary(diagnostics, dropped: dropped) + "\n"
    }

    /// `3 errors, 1 warning in 2 files`.
    package func summary(_ diagnostics: [Diagnostic], dropped: Int = 0) -> String {
        let errors = diagnostics.count { $0.severity == .error }
        func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
        var parts = [counted(errors, "error"), counted(diagnostics.count - errors, "warning")]
        if dropped > 0 { parts.append("\(dropped) more not shown") }
        return parts.joined(separator: ", ") + " in " + counted(sources.writtenFiles.count, "file")
    }

    // MARK: Source excerpts

    /// One mark under one source line.
    private struct Mark {
        var label: Label
        var isPrimary: Bool
        var line: Int
    }

    private func excerpts(_ diagnostic: Diagnostic) -> String {
        var primary = diagnostic.primary
        if let word = diagnostic.suggestion { primary.text = "did you mean \"\(word)\"?" }
        let marks =
            ([Mark(label: primary, isPrimary: true, line: 0)]
            + diagnostic.related.map { Mark(label: $0, isPrimary: false, line: 0) })
            .compactMap { mark -> Mark? in
                guard let file = sources.file(of: mark.label.span), !file.octets.isEmpty else { return nil }
                var located = mark
                located.line = file.line(at: Int(mark.label.span.start))
                return located
            }
            .sorted { Span.precedes($0.label.span, $1.label.span) }
        guard !marks.isEmpty else { return "" }
        let bar = paint("    |", .frame)
        var text = bar + "\n"
        var shown: (file: Int32, line: Int) = (diagnostic.primary.span.file, 0)
        for mark in marks {
            guard let file = sources.file(of: mark.label.span) else { continue }
            if mark.label.span.file != shown.file {
                text += paint("  :::", .frame) + " \(Self.printable(file.name))\n"
                shown = (mark.label.span.file, 0)
            }
            let window = Window(file, line: mark.line, around: mark.label.span)
            if mark.line != shown.line { text += paint(Self.gutter(mark.line), .frame) + " \(window.text)\n" }
            shown.line = mark.line
            let underline = String(repeating: mark.isPrimary ? "^" : "-", count: window.width)
            let said = mark.label.text.isEmpty ? "" : " " + Self.printable(mark.label.text)
            let role = mark.isPrimary ? TextRole.severity(diagnostic.severity) : .frame
            text += bar + " " + String(repeating: " ", count: window.indent)
            text += paint(underline + said, role) + "\n"
        }
        return text + bar + "\n"
    }

    private static func gutter(_ line: Int) -> String {
        let number = String(line)
        return String(repeating: " ", count: max(0, 3 - number.count)) + number + " |"
    }

    /// What is shown of a line, and where the mark goes.
    private struct Window {
        var text: String
        var indent: Int
        var width: Int

        init(_ file: SourceFile, line: Int, around span: Span) {
            let range = file.range(ofLine: line)
            let start = min(max(Int(span.start), range.lowerBound), range.upperBound)
            let end = min(max(Int(span.end), start), range.upperBound)
            func shown(_ part: Range<Int>) -> [Character] {
                DiagnosticRenderer.visible(String(decoding: file.octets[part], as: UTF8.self))
            }
            let before = shown(range.lowerBound..<start)
            let marked = shown(start..<end)
            let after = shown(end..<range.upperBound)
            let room = DiagnosticRenderer.widestLine
            let skipped = before.count > room / 2 ? before.count - room / 2 : 0
            let head = (skipped > 0 ? ["…"] : []) + before.dropFirst(skipped)
            let body = marked.prefix(room / 2)
            let tail = body.count < marked.count ? [] : after.prefix(max(0, room - head.count - body.count))
            let cut = body.count + tail.count < marked.count + after.count
            text = String(head + body + tail) + (cut ? "…" : "")
            indent = head.count
            width = max(1, body.count)
        }
    }

    /// Tabs as four blanks, other control characters as the replacement character: what stands in a file must
    /// not steer a terminal.
    private static func visible(_ text: String) -> [Character] {
        text.unicodeScalars.flatMap { scalar -> [Character] in
            if scalar == "\t" { return [" ", " ", " ", " "] }
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            return [Character(isControl ? "\u{FFFD}" : scalar)]
        }
    }

    /// The text with nothing in it that steers a terminal or ends a line.
    package static func printable(_ text: String) -> String { String(visible(text)) }
}
