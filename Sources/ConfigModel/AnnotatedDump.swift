import ConfigSyntax

/// The dump of a configuration with a comment behind each line that says where it comes from. Without the
/// comments it is the dump, so it reads back as the same configuration.
package enum AnnotatedDump {
    /// The text for the file at `path`; nil when it could not be understood.
    package static func text(
        path: String, _ surroundings: Surroundings, hidingSecrets: Bool = false,
        problem: @escaping PatternExaminer = { _ in nil }
    ) -> String? {
        guard let model = ConfigurationLoader.load(path: path, surroundings, problem: problem).model else {
            return nil
        }
        var loader = SyntaxLoader(surroundings, hints: Schema.hints)
        let written = loader.load(path: path)
        let plain = ConfigurationDump.text(model, hidingSecrets: hidingSecrets)
        let file = SourceFile(name: "dump", octets: Array(plain.utf8))
        var ignored = Diagnostics()
        let dumped = Parser.parse(file, number: 0, configID: "", hints: Schema.hints, &ignored)
        let table = ProvenanceTable(of: dumped, in: file, written: written, in: loader.sources)
        return annotated(file, table, hidingSecrets: hidingSecrets)
    }

    private static func annotated(
        _ file: SourceFile, _ table: ProvenanceTable, hidingSecrets: Bool
    ) -> String {
        var octets: [UInt8] = []
        for number in 1...file.lineCount {
            let line = file.octets[file.range(ofLine: number)]
            octets += line
            if var row = table.rows[number] {
                // What was written is the secret itself.
                if hidingSecrets, line.reversed().starts(with: DumpWriter.stars.utf8) {
                    (row.words, row.uses) = (nil, [])
                }
                octets += Array("  # \(DiagnosticRenderer.printable(row.text))".utf8)
            }
            octets.append(UInt8(ascii: "\n"))
        }
        // The layout puts the comments into columns.
        var ignored = Diagnostics()
        let annotated = SourceFile(name: file.name, octets: octets)
        let text = CanonicalLayout.octets(of: annotated, number: 0, &ignored) ?? octets
        return String(decoding: text, as: UTF8.self)
    }
}
