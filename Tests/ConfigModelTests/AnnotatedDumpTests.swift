import ConfigSyntax
import Testing

@testable import ConfigModel

@Suite struct AnnotatedDumpTests {
    private func dump(_ text: String, name: String = "f") -> String? {
        let surroundings = Surroundings(configID: "me") { _ in .success(Array(text.utf8)) }
        return AnnotatedDump.text(path: name, surroundings)
    }

    @Test func `it is the dump with a comment behind each line`() throws {
        let text = Sample.instance() + Sample.service()
        let annotated = try #require(dump(text))
        let configuration = try #require(Sample.load(text).configuration)
        let plain = ConfigurationDump.text(configuration).split(separator: "\n")
        let lines = annotated.split(separator: "\n")
        #expect(lines.count == plain.count)
        for (line, bare) in zip(lines, plain) {
            #expect(line.hasPrefix(bare))
            let isBrace = bare.allSatisfy { $0 == " " || $0 == "}" }
            #expect(isBrace == !line.contains("  # "), "\(line)")
        }
        #expect(annotated.contains("# f:1:1") && annotated.contains("# default"))
    }

    @Test func `a refused file has none`() {
        #expect(dump("nonsense") == nil)
        #expect(dump("") == nil)
    }

    @Test func `a file's name cannot break out of a comment`() throws {
        let annotated = try #require(dump(Sample.instance(), name: "a\nlvs_flush"))
        #expect(!annotated.contains("\nlvs_flush"))
    }

    @Test func `passwords are stars where they are to be hidden, whatever they come from`() throws {
        let instance = Sample.instance(
            lines: "authentication {\n        auth_type PASS\n        auth_pass $WORD\n    }")
        let identity = "SSL {\n    certificate /c\n    key /k\n    password hush\n}\n"
        let check = "SSL_GET {\n    url {\n        path /\n    }\n}"
        let service = Sample.service(servers: Sample.server("192.0.2.21 80", check))
        let text = "$WORD=hush\n" + identity + instance + service
        let surroundings = Surroundings(configID: "me") { _ in .success(Array(text.utf8)) }
        let shown = try #require(AnnotatedDump.text(path: "f", surroundings))
        #expect(shown.split(separator: "hush").count == 3, "\(shown)")
        let hidden = try #require(AnnotatedDump.text(path: "f", surroundings, hidingSecrets: true))
        #expect(!hidden.contains("hush") && hidden.contains("auth_pass ********"), "\(hidden)")
        #expect(hidden.contains("password ********"))
    }
}
