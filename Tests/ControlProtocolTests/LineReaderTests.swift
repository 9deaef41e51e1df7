import ControlProtocol
import SimulationKit
import Testing

@Suite struct LineReaderTests {
    private func texts(_ lines: [ArraySlice<UInt8>]) -> [String] {
        lines.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func `lines are cut however they arrive`() {
        let whole = Array("one\n\ntwo three\nrest".utf8)
        for size in 1...whole.count {
            var reader = LineReader(limit: 100)
            var lines: [String] = []
            for start in stride(from: 0, to: whole.count, by: size) {
                lines += texts(reader.take(Array(whole[start..<min(start + size, whole.count)])))
            }
            #expect(lines == ["one", "", "two three"], "\(size)")
            #expect(texts(reader.take([0x0A])) == ["rest"])
        }
    }

    @Test func `a line of the limit is taken, a longer one ends it all`() {
        var reader = LineReader(limit: 4)
        #expect(texts(reader.take(Array("abcd\n".utf8))) == ["abcd"])
        #expect(!reader.hasOverflowed)
        #expect(texts(reader.take(Array("x\nabcde\ny\n".utf8))) == ["x"])
        #expect(reader.hasOverflowed)
        #expect(reader.take(Array("z\n".utf8)).isEmpty)
    }

    @Test func `a line that never ends is not kept`() {
        var reader = LineReader(limit: 1000)
        for _ in 0..<1000 { #expect(reader.take([UInt8](repeating: 0x61, count: 100)).isEmpty) }
        #expect(reader.hasOverflowed)
    }

    @Test(arguments: 0..<20) func `pieces of any size make the same lines`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let octets = (0..<2000).map { _ in generator.chance(permille: 50) ? 0x0A : UInt8(generator.below(256))
        }
        let expected = octets.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast()
        var reader = LineReader(limit: 4000)
        var (lines, at): ([ArraySlice<UInt8>], Int) = ([], 0)
        while at < octets.count {
            let end = min(octets.count, at + 1 + generator.below(200))
            lines += reader.take(Array(octets[at..<end]))
            at = end
        }
        #expect(lines.map(Array.init) == expected.map(Array.init))
    }
}
