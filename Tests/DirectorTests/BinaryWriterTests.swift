import Testing

@testable import Director

@Suite struct BinaryWriterTests {
    private func written(_ write: (BinaryWriter) -> Void) -> [UInt8] {
        let writer = BinaryWriter()
        write(writer)
        return writer.octets
    }

    @Test func `the octets are the documented ones`() {
        #expect(written { $0.null() } == [0])
        #expect(written { $0.write(false) } == [1])
        #expect(written { $0.write(true) } == [2])
        #expect(written { $0.write(300) } == [3, 0xAC, 0x02])
        #expect(written { $0.write(-2) } == [4, 1])
        #expect(written { $0.write(1.5) } == [5, 0x3F, 0xF8, 0, 0, 0, 0, 0, 0])
        #expect(written { $0.write("ab") } == [6, 2, 0x61, 0x62])
    }

    @Test func `lists and records end when what is around them goes on`() {
        let octets = written {
            $0.openList()
            $0.openRecord()
            $0.write(key: "a")
            $0.openList()
            $0.close(to: 1)
            $0.null()
            $0.close(to: 0)
        }
        #expect(octets == [7, 8, 1, 1, 0x61, 7, 9, 0, 0, 9])
    }

    @Test func `a key is spelled once in a message`() {
        let octets = written {
            for key in ["ab", "c", "ab", "c"] { $0.write(key: key) }
        }
        #expect(octets == [1, 2, 0x61, 0x62, 1, 1, 0x63, 2, 3])
    }
}

/// A repeatable source of numbers (xorshift64*).
struct SmallRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return state &* 0x2545_F491_4F6C_DD1D
    }
}
