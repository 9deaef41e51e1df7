import ConfigModel
import Foundation
import Testing

/// Pages that are made from the schema and from the tool's help are in docs/man: `make install` takes them.
@Suite struct ManualPagesTests {
    private static let folder = Golden.repository.appendingPathComponent("docs/man")

    private static func toolPages() throws -> [String: String] {
        let outcome = try BuiltProgram.run("holdfast", ["--experimental-dump-help"])
        try #require(outcome.status == 0, "\(outcome.error)")
        return ToolPages(help: try JSONDecoder().decode(ToolHelp.self, from: Data(outcome.output.utf8))).pages
    }

    private func read(_ name: String) throws -> String {
        try String(contentsOf: Self.folder.appendingPathComponent(name), encoding: .utf8)
    }

    @Test func `the pages are those of the schema and of the tool`() throws {
        var pages = try Self.toolPages()
        pages["holdfast.conf.5"] = KeywordPage.text
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
            for (name, text) in pages {
                try text.write(
                    to: Self.folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
            }
        }
        for (name, text) in pages { #expect((try? read(name)) == text, "\(name)") }
        let present = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
        #expect(Set(present) == Set(pages.keys).union(["holdfastd.8"]))
        #expect(pages.count > 12)
    }

    @Test func `every keyword has an entry, and says what becomes of it`() {
        let text = KeywordPage.text
        for facts in Schema.keywords {
            #expect(text.contains("\n\\fB\(Troff.escaped(facts.name))"), "\(facts.name)")
        }
        let entries = text.components(separatedBy: "\n.TP\n").count - 1
        #expect(entries == Schema.keywords.count + KnownKeywords.rows.count + 3)
        let refused = text.components(separatedBy: "\nRefused").count - 1
        #expect(
            refused == KnownKeywords.rows.count { if case .refused = $0.standing { true } else { false } })
    }

    @Test func `the daemon's page has the options that the daemon knows, and no other`() throws {
        let usage = try BuiltProgram.run("holdfastd", ["--help"])
        func options(_ text: String) -> Set<Substring> {
            Set(text.matches(of: /--[a-z][a-z-]+/).map { text[$0.range] })
        }
        let page = try read("holdfastd.8").replacing("\\-", with: "-")
        let section = try #require(page.components(separatedBy: ".SH Options\n").dropFirst().first)
        let listed = try #require(section.components(separatedBy: ".SH ").first)
        #expect(options(listed) == options(usage.output))
        #expect(options(usage.output).count > 8)
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/groff"), "needs groff"))
    func `a formatter has nothing to say against any page`() throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: Self.folder.path) {
            let path = Self.folder.appendingPathComponent(name).path
            let outcome = try BuiltProgram.run(at: "/usr/bin/groff", ["-man", "-ww", "-z", "-Tutf8", path])
            #expect(outcome.status == 0 && outcome.error.isEmpty, "\(name): \(outcome.error)")
        }
    }
}

@Suite struct TroffTests {
    @Test func `nothing in a text means anything to troff`() {
        var page = Troff("a-b", section: 1)
        page.prose(".SH not a heading\n'no request\nC:\\dir --flag")
        #expect(page.text.hasSuffix(".PP\n\\&.SH not a heading\n\\(aqno request\nC:\\edir \\-\\-flag\n"))
        #expect(page.text.contains(".TH \"A\\-B\" 1 "))
        #expect(Troff.escaped("1 ≤ é 😀") == "1 \\[u2264] \\[u00E9] \\[u1F600]")
        #expect(Troff.quoted("say \"x\"") == "\"say \\(dqx\\(dq\"")
    }

    @Test func `items and examples have their macros`() {
        var page = Troff("x", section: 5)
        page.item("priority", "1...255", "The highest wins.")
        page.verbatim("a {\n    b\n}")
        #expect(page.text.contains(".TP\n\\fBpriority\\fR 1...255\nThe highest wins.\n"))
        #expect(page.text.hasSuffix(".PP\n.RS 4\n.nf\na {\n    b\n}\n.fi\n.RE\n"))
        page.name("x", "what it is")
        #expect(page.text.hasSuffix(".SH \"Name\"\nx \\- what it is\n"))
    }
}

@Suite struct ToolPagesTests {
    private let help = """
        {"command": {"commandName": "tool", "abstract": "Do things.", "subcommands": [
            {"commandName": "one", "abstract": "Do one.", "discussion": "Much.\\n\\nMore.", "arguments": [
                {"kind": "positional", "valueName": "files", "isOptional": false, "isRepeating": true,
                 "shouldDisplay": true, "abstract": "Which."},
                {"kind": "option", "names": [{"kind": "short", "name": "i"}, {"kind": "long", "name": "id"}],
                 "valueName": "id", "isOptional": true, "isRepeating": false, "shouldDisplay": true,
                 "defaultValue": "7", "abstract": "Who."},
                {"kind": "flag", "names": [{"kind": "long", "name": "hidden"}], "isOptional": true,
                 "isRepeating": false, "shouldDisplay": false}]},
            {"commandName": "inner-part", "shouldDisplay": false},
            {"commandName": "two", "abstract": "Do two.", "subcommands": [
                {"commandName": "deep", "abstract": "Deeply."}]}]}}
        """

    @Test func `each command for people has a page with its options`() throws {
        let pages = ToolPages(help: try JSONDecoder().decode(ToolHelp.self, from: Data(help.utf8))).pages
        #expect(pages.keys.sorted() == ["holdfast-one.1", "holdfast-two.1", "holdfast.1"])
        let one = try #require(pages["holdfast-one.1"])
        #expect(one.contains("\nholdfast one FILES... [\\-\\-id ID]\n"))
        #expect(one.contains(".PP\nMuch.\n.PP\nMore.\n"))
        #expect(one.contains(".TP\n\\fB\\-i, \\-\\-id\\fR ID\nWho.\nDefault: 7.\n"))
        #expect(!one.contains("hidden"))
        #expect(one.contains("holdfast\\-one \\- do one\n"))
        #expect(try #require(pages["holdfast-two.1"]).contains(".SH \"holdfast two deep\"\n.PP\nDeeply.\n"))
        #expect(try #require(pages["holdfast.1"]).contains(".TP\n\\fBone\\fR\nDo one.\n"))
    }

    @Test func `a long synopsis goes on in the next line`() throws {
        var help = try JSONDecoder().decode(ToolHelp.self, from: Data(help.utf8))
        let option = try #require(help.command.subcommands?.first?.arguments?.dropFirst().first)
        help.command.subcommands?[0].arguments = Array(repeating: option, count: 12)
        let command = try #require(help.command.subcommands?.first)
        let lines = ToolPages.synopsis("holdfast one", command).split(separator: "\n")
        #expect(lines.count == 3 && lines.allSatisfy { $0.count <= 80 })
        #expect(lines.dropFirst().allSatisfy { $0.hasPrefix("    [--id ID]") })
    }
}
