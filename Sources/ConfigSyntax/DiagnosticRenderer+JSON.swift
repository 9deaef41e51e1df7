extension DiagnosticRenderer {
    /// All of them as one JSON object (RFC 8259), as docs/diagnostics-json.md describes it; ends in "\n".
    package func json(_ diagnostics: [Diagnostic], dropped: Int = 0) -> String {
        let errors = diagnostics.count { $0.severity == .error }
        let files = sources.writtenFiles.map { Self.string($0.name) }.joined(separator: ", ")
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
        func strings(_ texts: [String]) -> String {
            "[" + texts.map(Self.string).joined(separator: ", ") + "]"
        }
        let members = [
            ("code", Self.string(diagnostic.code.rawValue)),
            ("severity", Self.string(diagnostic.severity.rawValue)),
            ("level", Self.string(diagnostic.code.level.rawValue)),
            ("message", Self.string(diagnostic.message)), ("primary", place(diagnostic.primary)),
            ("related", "[" + diagnostic.related.map(place).joined(separator: ", ") + "]"),
            ("notes", strings(diagnostic.notes)), ("help", strings(diagnostic.help)),
            ("suggestion", diagnostic.suggestion.map(Self.string) ?? "null"),
        ]
        return "{" + members.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ") + "}"
    }

    private func place(_ label: Label) -> String {
        let start = sources.location(of: label.span)
        let end = sources.location(
            of: Span(file: label.span.file, start: Int(label.span.end), end: Int(label.span.end)))
        return "{\"file\": \(Self.string(start.file)), \"line\": \(start.line), \"column\": \(start.column), "
            + "\"endLine\": \(end.line), \"endColumn\": \(end.column), \"text\": \(Self.string(label.text))}"
    }

    /// A JSON string; control characters as escapes.
    private static func string(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
