import ConfigModel
import ConfigSyntax
import Foundation
import SimulationKit
import Testing

/// Layout changes nothing but the layout: shown on every golden file, on the examples, and on both with their
/// own layout shaken.
@Suite struct LayoutPropertyTests {
    /// A configuration of several files: what is at `/etc/test.conf` includes the others.
    private static let examples: [[String: [UInt8]]] = PublishedFilesTests.examples.compactMap { name in
        let folder = Golden.repository.appendingPathComponent("Examples")
        return (try? Data(contentsOf: folder.appendingPathComponent(name))).map {
            ["/etc/test.conf": Array($0)]
        }
    }

    private static let all = Golden.all.map(\.files) + examples

    private static func layout(_ octets: [UInt8]) -> [UInt8]? {
        var sources = SourceMap()
        let file = SourceFile(name: "f", octets: octets)
        var diagnostics = Diagnostics()
        return CanonicalLayout.octets(of: file, number: sources.add(file), &diagnostics)
    }

    private static func load(_ files: [String: [UInt8]]) -> LoadResult {
        let surroundings = Surroundings(
            configID: "director-a",
            list: { directory in
                let below = files.keys.filter { $0.hasPrefix(directory + "/") }
                return .success(below.map { String($0.dropFirst(directory.count + 1)) }.sorted())
            },
            read: { path in files[path].map { .success($0) } ?? .failure(FileProblem("no such file")) })
        return ConfigurationLoader.load(path: "/etc/test.conf", surroundings)
    }

    /// What a configuration comes to: its dump, or the kinds of what is wrong with it.
    private static func outcome(_ result: LoadResult) -> String {
        result.model.map { ConfigurationDump.text($0) }
            ?? result.diagnostics.map(\.code.rawValue).sorted().joined(separator: " ")
    }

    /// Lays out and checks; true when the files could be laid out.
    private static func check(_ files: [String: [UInt8]]) -> Bool {
        let changed = files.compactMapValues(layout)
        guard changed.count == files.count else { return false }
        #expect(changed.compactMapValues(layout) == changed)
        let (before, after) = (load(files), load(changed))
        // A refused file may be accepted laid out: `$NAME{` becomes the reference that it was meant to be.
        if before.model != nil {
            #expect(outcome(before) == outcome(after), "\(shown(files)) became \(shown(changed))")
        }
        return true
    }

    private static func shown(_ files: [String: [UInt8]]) -> String {
        files.sorted { $0.key < $1.key }.map { String(decoding: $0.value, as: UTF8.self) }.joined(
            separator: ">>>\n")
    }

    @Test func `laying out keeps every golden and every example what it is`() {
        let checked = Self.all.count(where: Self.check)
        #expect(checked > Self.all.count * 9 / 10)
        #expect(Self.all.count > 90)
    }

    @Test(arguments: 0..<8) func `so it does when their own layout is shaken`(round: Int) {
        var generator = SeededGenerator(seed: UInt64(round))
        var accepted = 0
        for files in Self.all {
            let shaken = files.mapValues { Self.shaken($0, &generator) }
            if Self.load(files).model != nil, Self.load(shaken).model != nil { accepted += 1 }
            _ = Self.check(shaken)
        }
        // Most of what is accepted must stay so, or this shows little.
        #expect(accepted > Self.all.count { Self.load($0).model != nil } * 3 / 4)
    }

    @Test(arguments: 0..<8) func `and when their words are shuffled`(round: Int) {
        var generator = SeededGenerator(seed: UInt64(1000 + round))
        for files in Self.all {
            _ = Self.check(
                files.mapValues { octets in
                    var words = octets.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
                    for _ in 0..<3 where words.count > 1 {
                        let last = words.count - 1
                        words.swapAt(
                            Int.random(in: 0...last, using: &generator),
                            Int.random(in: 0...last, using: &generator))
                    }
                    return Array(words.joined(separator: [UInt8(ascii: " ")]))
                })
        }
    }

    /// The file with other blanks, comments, line ends, and braces on other lines. Lines with anything that
    /// is expanded are left alone.
    private static func shaken(_ octets: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        var result: [UInt8] = []
        var isKept = false
        for line in octets.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            let isPlain =
                !isKept && !line.contains { "$~@\"#!\\\r".utf8.contains($0) }
                && !line.starts(with: "include".utf8)
            isKept = line.last == UInt8(ascii: "\\")
            guard isPlain else {
                result += line + [UInt8(ascii: "\n")]
                continue
            }
            for octet in line {
                switch octet {
                case UInt8(ascii: " "):
                    result += [" ", "  ", "\t", " "].randomElement(using: &generator)?.utf8.map { $0 } ?? []
                case UInt8(ascii: "{"):
                    result +=
                        ["{", "\n{", " # x\n{ ", "{ ! y\n", "\n\n# z\n{\n\n\n"].randomElement(
                            using: &generator)?.utf8.map { $0 } ?? []
                default: result.append(octet)
                }
            }
            let hasBrace = line.last == UInt8(ascii: "{") || line.last == UInt8(ascii: "}")
            let ends = hasBrace ? [" ", "\n", "\r\n"] : ["\n", "\r\n", "\n\n\n", " # c\n", "#d\n"]
            result += ends.randomElement(using: &generator)?.utf8.map { $0 } ?? []
        }
        return result
    }
}
