import ConfigModel
import ConfigSyntax
import Foundation
import HealthChecks
import Testing

/// One `Golden/*.conftest` file: a configuration, a line of dashes, and what must come of it. A line `>>>
/// NAME` in the first part begins another file, NAME, that the first may include. The config-id is
/// `director-a`. Comments may announce the findings, see `marks`. The files `host` and `peer` are not for
/// including: one describes the host that the configuration is checked on, the other is the peer's
/// configuration.
///
/// What must come of it: the diagnostics, one line each, then, if the file can be understood, the resolved
/// configuration. The name says which: `good-` for what runs, `bad-` for what is refused.
struct Golden: CustomTestStringConvertible, Sendable {
    let name: String
    let files: [String: [UInt8]]
    let main: String
    let expected: String

    var testDescription: String { name }

    static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Golden")

    /// The root of the repository that these tests were built from.
    static let repository = directory.deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static let all = files(".conftest")

    static func files(_ suffix: String) -> [Golden] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
        return names.filter { $0.hasSuffix(suffix) }.sorted().compactMap { Golden(file: $0, suffix) }
    }

    static let separator = String(repeating: "-", count: 80)

    init?(file: String, _ suffix: String) {
        let path = Golden.directory.appendingPathComponent(file)
        guard let data = try? Data(contentsOf: path) else { return nil }
        let text = String(decoding: data, as: UTF8.self)
        let parts = text.components(separatedBy: Golden.separator + "\n")
        name = String(file.dropLast(suffix.count))
        main = parts[0]
        expected = parts.count > 1 ? parts[1] : ""
        var files: [String: [UInt8]] = [:]
        for (index, section) in main.components(separatedBy: "\n>>> ").enumerated() {
            if index == 0 {
                files["/etc/test.conf"] = Array((section + (main.contains("\n>>> ") ? "\n" : "")).utf8)
            } else if let end = section.firstIndex(of: "\n") {
                files["/etc/" + section[..<end]] = Array(section[section.index(after: end)...].utf8)
            }
        }
        self.files = files
    }

    /// What stands for PCRE2 here: it knows one mistake.
    @Sendable static func problem(_ pattern: BodyPattern) -> String? {
        let text = pattern.expression
        return text.contains("(") && !text.contains(")") ? "missing closing parenthesis" : nil
    }

    func load(_ path: String = "/etc/test.conf") -> LoadResult {
        let result = ConfigurationLoader.load(path: path, surroundings, problem: Self.problem)
        guard let host = files["/etc/host"] else { return result }
        return result.seen(on: HostDescription(golden: String(decoding: host, as: UTF8.self)))
    }

    /// Everything that is found, at each of the levels.
    func findings(_ result: LoadResult) -> [Diagnostic] {
        let isPair = files["/etc/peer"] != nil
        return result.diagnostics + (isPair ? PairChecks.run(result, against: load("/etc/peer")) : [])
    }

    var surroundings: Surroundings {
        Surroundings(configID: "director-a", list: list) { path in
            files[path].map { .success($0) } ?? .failure(FileProblem("no such file"))
        }
    }

    /// The names below a directory of the files that this golden has.
    private func list(_ directory: String) -> Result<[String], FileProblem> {
        let below = files.keys.filter { $0.hasPrefix(directory + "/") }
        let names = below.compactMap { $0.dropFirst(directory.count + 1).split(separator: "/").first }
        return names.isEmpty ? .failure(FileProblem("no such directory")) : .success(names.map(String.init))
    }

    /// The findings that the text itself announces: `# <- E204 W305` on the line at fault, `# ^ E006` on the
    /// line after it.
    var marks: [String] {
        main.components(separatedBy: "\n>>> ")[0].components(separatedBy: "\n").enumerated().flatMap {
            index, line in
            [("# <- ", index + 1), ("# ^ ", index)].flatMap { mark, number in
                line.components(separatedBy: mark).dropFirst().flatMap { text in
                    text.split(separator: " ").map { "\(number) \($0)" }
                }
            }
        }
    }

    /// What came of it, in the form of `expected`; where a host or a peer is looked at, the findings alone.
    func outcome(_ result: LoadResult) -> String {
        let lines = findings(result).map {
            DiagnosticRenderer(result.sources).line($0).replacingOccurrences(of: "/etc/test.conf:", with: "")
                + "\n"
        }
        let isPlain = files["/etc/host"] == nil && files["/etc/peer"] == nil
        let dump = isPlain ? result.model.map { ConfigurationDump.text($0) } ?? "" : ""
        return lines.joined() + (lines.isEmpty || dump.isEmpty ? "" : "\n") + dump
    }
}

@Suite struct GoldenTests {
    @Test(arguments: Golden.all) func `a golden configuration gives the recorded outcome`(
        golden: Golden
    ) throws {
        let outcome = golden.outcome(golden.load())
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
            let text = golden.main + Golden.separator + "\n" + outcome
            try text.write(
                to: Golden.directory.appendingPathComponent(golden.name + ".conftest"), atomically: true,
                encoding: .utf8)
            return
        }
        #expect(outcome == golden.expected, "UPDATE_GOLDEN=1 records the new outcome, to be read in the diff")
    }

    @Test(arguments: Golden.all.filter { !$0.marks.isEmpty })
    func `every mistake that is marked gives one finding on its line, and nothing else does`(golden: Golden) {
        let result = golden.load()
        let found = golden.findings(result).map { diagnostic in
            "\(result.sources.location(of: diagnostic.primary.span).line) \(diagnostic.code.rawValue)"
        }
        #expect(found.sorted() == golden.marks.sorted(), "\(result.text)")
    }

    @Test(arguments: Golden.all) func `every finding says what to write instead`(golden: Golden) {
        for diagnostic in golden.findings(golden.load()) {
            #expect(
                !diagnostic.help.isEmpty || diagnostic.suggestion != nil,
                "\(diagnostic.code): give it help, or its code a cure in DiagnosticCode+Cure.swift")
        }
    }

    @Test(arguments: Golden.all) func `the exit status tells an accepted file from a refused one`(
        golden: Golden
    ) {
        let result = golden.load()
        let isRefused = golden.findings(result).contains { $0.severity == .error }
        #expect((result.exitCode == 4) == (result.configuration == nil))
        #expect(isRefused || result.exitCode == 0 || result.exitCode == 6)
        #expect(golden.name.hasPrefix(isRefused ? "bad-" : "good-"))
    }

    @Test(arguments: Golden.all) func `the dump of a configuration reads back as the same configuration`(
        golden: Golden
    ) throws {
        let result = golden.load()
        guard let model = result.model else { return }
        let text = ConfigurationDump.text(model)
        let again = ConfigurationLoader.load(path: "dump", configID: "") { _ in .success(Array(text.utf8)) }
        #expect(again.model == model)
        #expect(again.hasErrors == result.hasErrors)
    }

    @Test func `there are enough goldens to mean something`() {
        #expect(Golden.all.count >= 150)
        #expect(Golden.all.count { $0.marks.count >= 2 } >= 25)
    }

    @Test func `every keyword of the schema is in a golden with a meaning, in every spelling`() {
        let words = Golden.all.filter { !$0.name.hasPrefix("bad-") }.reduce(into: Set<Substring>()) {
            words, golden in
            words.formUnion(golden.main.split(whereSeparator: \.isWhitespace))
        }
        let names = Schema.keywords.flatMap { [$0.name] + $0.otherSpellings }
        #expect(names.filter { !words.contains(Substring($0)) } == [])
    }

    @Test func `every diagnostic is in a golden, but those of files that are hardly text`() {
        let elsewhere: Set<DiagnosticCode> = [
            .binaryFile, .overlongLine, .tooLarge, .expansionTooLarge, .tooManyAddresses, .badCharacter,
        ]
        let missing = DiagnosticCode.allCases.filter { code in
            !elsewhere.contains(code)
                && !Golden.all.contains { $0.expected.contains("[\(code.rawValue)]") }
        }
        #expect(missing == [])
    }
}

/// Files of the repository outside of the tests that the configuration language is shown in.
@Suite struct PublishedFilesTests {
    static let folder = Golden.repository.appendingPathComponent("Examples")

    static let examples: [String] = {
        let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix(".conf") }.sorted()
    }()

    @Test(arguments: examples) func `an example is accepted`(name: String) throws {
        let path = Self.folder.appendingPathComponent(name)
        let octets = Array(try Data(contentsOf: path))
        let result = ConfigurationLoader.load(path: name, configID: "director-a") { _ in .success(octets) }
        #expect(result.exitCode == 0, "\(result.text)")
        // The hand-made guard keeps the line that keepalived's own example has.
        #expect(result.diagnostics.allSatisfy { $0.code == .protocolIgnored }, "\(result.text)")
    }

    @Test(arguments: examples) func `an example is laid out as fmt does it`(name: String) throws {
        let path = Golden.repository.appendingPathComponent("Examples").appendingPathComponent(name)
        let file = SourceFile(name: name, octets: Array(try Data(contentsOf: path)))
        var diagnostics = Diagnostics()
        #expect(CanonicalLayout.octets(of: file, number: 0, &diagnostics) == file.octets)
    }

    @Test func `the commented file is accepted, laid out, and does nothing on its own`() throws {
        let path = Golden.repository.appendingPathComponent("Etc/holdfast.conf")
        let octets = Array(try Data(contentsOf: path))
        let result = ConfigurationLoader.load(path: "holdfast.conf", configID: "a") { _ in .success(octets) }
        #expect(result.exitCode == 0 && result.diagnostics.isEmpty, "\(result.text)")
        var diagnostics = Diagnostics()
        let file = SourceFile(name: "holdfast.conf", octets: octets)
        #expect(CanonicalLayout.octets(of: file, number: 0, &diagnostics) == octets)
        // What is written in comments is right as well. A sentence ends, a setting does not.
        let open = String(decoding: octets, as: UTF8.self).split(separator: "\n").map { line -> String in
            let text = line.drop { $0 == " " }
            guard text.hasPrefix("# "), let last = text.last, last.isLetter || last.isNumber,
                let first = text.dropFirst(2).split(separator: " ").first,
                !Schema.scopes(of: String(first)).isEmpty
            else { return String(line) }
            return String(text.dropFirst(2))
        }
        let all = Array(open.joined(separator: "\n").utf8)
        let opened = ConfigurationLoader.load(path: "holdfast.conf", configID: "a") { _ in .success(all) }
        let names = Set(["script_user", "nopreempt", "notify", "persistence_timeout", "loop_guard"])
        #expect(names.isSubset(of: open.compactMap { $0.split(separator: " ").first.map(String.init) }))
        // The guard alone wants a block with its peers.
        #expect(opened.diagnostics.map(\.code) == [.guardWithoutPeer], "\(opened.text)")
    }

    @Test func `there are examples`() {
        #expect(Self.examples.count >= 8)
    }

    @Test func `the page of keywords is the schema's`() throws {
        let path = Golden.repository.appendingPathComponent("docs/keywords.md")
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
            try KeywordReference.page.write(to: path, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: path, encoding: .utf8) == KeywordReference.page)
    }
}
