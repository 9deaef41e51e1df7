import ConfigModel
import ConfigSyntax
import Foundation
import Testing

/// `Golden/*.origintest`: a configuration, a line of dashes, and its dump with the origin of every line.
@Suite struct OriginGoldenTests {
    static let files = Golden.files(".origintest")

    @Test(arguments: files) func `every line says where it comes from, as recorded`(golden: Golden) throws {
        let text = try #require(AnnotatedDump.text(path: "/etc/test.conf", golden.surroundings))
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
            try (golden.main + Golden.separator + "\n" + text).write(
                to: Golden.directory.appendingPathComponent(golden.name + ".origintest"), atomically: true,
                encoding: .utf8)
            return
        }
        #expect(text == golden.expected, "UPDATE_GOLDEN=1 records the new outcome, to be read in the diff")
    }

    @Test func `there are such files`() { #expect(Self.files.count >= 3) }

    @Test(arguments: Golden.all) func `an annotated dump reads back as the same configuration`(
        golden: Golden
    ) throws {
        let model = golden.load().model
        let text = AnnotatedDump.text(
            path: "/etc/test.conf", golden.surroundings, problem: Golden.problem)
        #expect((text == nil) == (model == nil))
        guard let text, let model else { return }
        let again = ConfigurationLoader.load(path: "dump", configID: "") { _ in .success(Array(text.utf8)) }
        #expect(again.model == model)
        // Nothing is left without a word, and nothing that is in the file is taken for a default.
        let lines = text.split(separator: "\n")
        let silent = lines.filter { !$0.contains("  # ") && $0.trimmingCharacters(in: .whitespaces) != "}" }
        #expect(silent == [])
        #expect(!lines.contains { $0.hasPrefix("v") && !$0.contains("  # /etc/") })
    }
}
