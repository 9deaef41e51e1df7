import ConfigModel
import ConfigSyntax
import Foundation
import SimulationKit
import Testing

/// What becomes of files that somebody or something has damaged: findings or a configuration, never a trap.
@Suite struct RobustnessTests {
    /// The text of every example, of one director: that of the other differs in a word or two.
    private static let examples: [String] = {
        let names = PublishedFilesTests.examples.filter { !$0.hasSuffix("-b.conf") }
        return names.compactMap { name in
            try? String(contentsOf: PublishedFilesTests.folder.appendingPathComponent(name), encoding: .utf8)
        }
    }()

    /// A file of the language's rarer half.
    private static let everything = """
        $VIP=192.0.2.100
        $CHECK= \\
            TCP_CHECK { \\
                connect_timeout 3 \\
            }
        @director-a global_defs { router_id "a b" }
        @^director-a global_defs { router_id c\\#d }
        include *.none
        virtual_server ${VIP} 80 { # a comment
            protocol TCP
            ~SEQ(I, 1, 3) real_server 192.0.2.${I} 80 { $CHECK }
            ~LST({a,b},{192.0.2.9,80},{2001:db8::1,81}) real_server $a $b { weight 0x1 }
        }
        """

    /// Reads the file and looks at all that is said about it.
    private func read(_ octets: [UInt8]) {
        let result = ConfigurationLoader.load(path: "f", configID: "director-a") { path in
            path == "f" ? .success(octets) : .failure(FileProblem("no such file"))
        }
        #expect(result.hasErrors == result.diagnostics.contains { $0.severity == .error })
        for line in result.lines { #expect(line.hasPrefix("f:")) }
    }

    @Test(arguments: examples + [everything]) func `every prefix of a file is read`(text: String) {
        let octets = Array(text.utf8)
        for length in 0..<octets.count { read(Array(octets.prefix(length))) }
    }

    @Test(arguments: examples + [everything]) func `a file is read without any one of its octets`(
        text: String
    ) {
        let octets = Array(text.utf8)
        for place in octets.indices {
            var damaged = octets
            damaged.remove(at: place)
            read(damaged)
        }
    }

    @Test(arguments: 0..<60) func `a file is read with its words in any order`(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        for text in Self.examples + [Self.everything] {
            var words = text.split(separator: " ", omittingEmptySubsequences: false)
            if seed.isMultiple(of: 2) { words = text.split(whereSeparator: \.isWhitespace) }
            words.shuffle(using: &generator)
            read(Array(words.joined(separator: seed.isMultiple(of: 3) ? "\n" : " ").utf8))
        }
    }

    @Test(arguments: 0..<60) func `a file is read with octets changed, added and taken away`(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(1000 + seed))
        for text in Self.examples + [Self.everything] {
            var octets = Array(text.utf8)
            octets.damage(atMost: 12, using: &generator) { octet, generator in
                octet ^ UInt8(1 << Int.random(in: 0..<8, using: &generator))
            }
            read(octets)
        }
    }
}

extension [UInt8] {
    /// Puts octets that mean something to the reader in the place of others or between them, takes some away,
    /// and makes of others what `change` makes of them: one to `count` times.
    mutating func damage(
        atMost count: Int, using generator: inout SeededGenerator,
        _ change: (UInt8, inout SeededGenerator) -> UInt8
    ) {
        let special = Array("{}\"#!@$~\\\n\r\t ().:/-".utf8) + [0, 0x7F, 0xC3, 0xFF]
        for _ in 0..<Int.random(in: 1...count, using: &generator) where !isEmpty {
            let place = Int.random(in: 0..<self.count, using: &generator)
            let octet = special.randomElement(using: &generator) ?? 0
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: self[place] = octet
            case 1: insert(octet, at: place)
            case 2: remove(at: place)
            default: self[place] = change(self[place], &generator)
            }
        }
    }
}
