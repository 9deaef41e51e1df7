/// Warnings that a configuration takes for granted itself, by a comment on the line that they are about:
/// `! holdfast: allow W213`, or several codes with blanks or commas between them.
extension SourceMap {
    private static let word = "holdfast: allow "

    /// True when the line of a warning allows it; an error is never allowed.
    package func allows(_ finding: Diagnostic) -> Bool {
        let span = written(finding.primary.span).span
        guard finding.severity == .warning, let file = file(of: span) else { return false }
        let line = file.octets[file.line(around: Int(span.start))]
        // Most lines have no comment, and looking for one takes no text.
        guard let start = line.firstIndex(where: { $0 == UInt8(ascii: "!") || $0 == UInt8(ascii: "#") })
        else {
            return false
        }
        let comment = String(decoding: line[start...], as: UTF8.self)
        guard let place = comment.firstRange(of: Self.word) else { return false }
        let codes = comment[place.upperBound...].split { $0 == " " || $0 == "," }
            .map { DiagnosticCode(rawValue: String($0)) }
        return codes.prefix { $0 != nil }.contains(finding.code)
    }
}

extension Diagnostics {
    /// Without the warnings that the lines they are about allow.
    package func allowed(by sources: SourceMap) -> Diagnostics {
        var result = self
        result.all.removeAll(where: sources.allows)
        return result
    }
}
