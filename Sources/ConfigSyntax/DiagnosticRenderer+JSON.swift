extension DiagnosticRenderer {
    /// All of them as one JSON object (RFC 8259), as docs/diagnostics-json.md describes it; ends in "\n".
    package func json(_ diagnostics: [Diagnostic], dropped: Int = 0) -> String {
        let errors = diagnostics.count { $0.severity == .error }
        let files = sources.writtenFiles.map { JSONString.quoted($0.name) }.joined(separator: ", ")
        let list = diagnostics.map { "    " + object($0) }.joined(separator: ",\n")
        return """
            {
              "version": 1,
              "files": [\(files)],
              "errors": \(errors),
              "warnings": \(diagnostics.count - errors),
              "dropped": \(dropped),
              "diagnostics": [\(list.isEmpty ? "" : "\n" + list + "\n  ")]
            }

            """
    }

    private func object(_ diagnostic: Diagnostic) -> String {
        let members = [
            ("code", JSONString.quoted(diagnostic.code.rawValue)),
            ("severity", JSONString.quoted(diagnostic.severity.rawValue)),
            ("level", JSONString.quoted(diagnostic.code.level.rawValue)),
            ("message", JSONString.quoted(diagnostic.message)), ("primary", place(diagnostic.primary)),
            ("related", "[" + diagnostic.related.map(place).joined(separator: ", ") + "]"),
            ("notes", JSONString.array(diagnostic.notes)), ("help", JSONString.array(diagnostic.help)),
            ("suggestion", diagnostic.suggestion.map(JSONString.quoted) ?? "null"),
        ]
        return JSONString.object(members)
    }

    private func place(_ label: Label) -> String {
        let start = sources.location(of: label.span)
        let end = sources.location(
            of: Span(file: label.span.file, start: Int(label.span.end), end: Int(label.span.end)))
        return JSONString.object([
            ("file", JSONString.quoted(start.file)), ("line", String(start.line)),
            ("column", String(start.column)), ("endLine", String(end.line)),
            ("endColumn", String(end.column)), ("text", JSONString.quoted(label.text)),
        ])
    }
}
