/// The one layout of a file: a statement a line, four blanks a block, at most one empty line, comments where
/// they were, lines that end in LF. It works on one file as written: nothing is expanded or included. What
/// expansion takes by the line (`@ID`, `~SEQ`, definitions, a reference at the start) is never cut, so the
/// file means what it meant. Laying out what is laid out changes nothing.
package enum CanonicalLayout {
    /// Blanks for each block around a statement.
    package static let indentation = 4

    /// The octets of `file`, number `number` of its map, in that layout. nil for a file whose words cannot be
    /// told apart; why is reported.
    package static func octets(
        of file: SourceFile, number: Int32, _ diagnostics: inout Diagnostics
    ) -> [UInt8]? {
        if let finding = SyntaxLoader.binaryContent(file, number: number) {
            diagnostics.report(finding)
            return nil
        }
        let lines = LayoutLine.all(of: file)
        let masked = SourceFile(name: file.name, octets: LayoutLine.masked(file.octets, lines))
        var lexer = Lexer(masked, number: number, configID: "")
        var found = Diagnostics()
        var writer = LayoutWriter(file.octets)
        var next = lexer.next(&found)
        for line in lines {
            var tokens: [Token] = []
            while next.kind != .endOfFile, Int(next.span.start) < line.whole.upperBound {
                tokens.append(next)
                next = lexer.next(&found)
            }
            writer.add(line, tokens)
        }
        guard !found.hasErrors else {
            for finding in found.all where finding.severity == .error { diagnostics.report(finding) }
            return nil
        }
        return LayoutRow.text(writer.rows)
    }
}
