import Testing

@testable import Director

@Suite struct BinaryReaderTests {
    /// Reads one value that takes all of `octets`, whatever it is.
    private func skip(_ octets: [UInt8]) throws {
        let reader = BinaryReader(octets)
        try reader.skip()
        guard reader.isAtEnd else { throw MalformedMessage.trailing }
    }

    static let malformed: [(octets: [UInt8], error: MalformedMessage)] = [
        ([], .truncated), ([9], .invalid), ([0xFF], .invalid), ([0, 0], .trailing), ([3], .truncated),
        ([3, 0x80], .truncated), ([3] + [UInt8](repeating: 0xFF, count: 10), .invalid),
        ([3] + [UInt8](repeating: 0x80, count: 9) + [2], .invalid), ([5, 1, 2, 3], .truncated),
        ([6, 5, 0x61], .truncated), ([6, 2, 0xC3, 0x28], .text), ([7, 0], .truncated),
        ([8, 2, 0, 0], .invalid), ([8, 1, 1], .truncated), ([8, 1, 9, 0x61], .truncated),
        ([8, 1, 1, 0x61, 0], .truncated), ([8, 1, 1, 0x61, 0, 3, 0], .invalid),
        ([8] + [UInt8](repeating: 0xFF, count: 9) + [1], .invalid),
    ]

    @Test(arguments: malformed)
    func `what is malformed is refused by its kind`(octets: [UInt8], error: MalformedMessage) {
        #expect(throws: error) { try skip(octets) }
    }

    @Test func `a negative number that is none is refused`() {
        let octets = [4] + [UInt8](repeating: 0xFF, count: 9) + [1]
        #expect(throws: MalformedMessage.invalid) { try BinaryCoder.decode(Int.self, from: octets) }
    }

    @Test func `a length larger than the rest of the message costs nothing`() {
        // 2^60 octets claimed in twelve.
        let octets: [UInt8] = [6, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10, 0, 0]
        #expect(throws: MalformedMessage.truncated) { try BinaryCoder.decode(String.self, from: octets) }
    }

    @Test func `nesting is bounded`() throws {
        #expect(throws: MalformedMessage.depth) { try skip([UInt8](repeating: 7, count: 100_000)) }
        indirect enum Deep: Codable { case end, further(Deep) }
        // Two records for each.
        let octets = (0..<30).flatMap { _ in [8, 2, 8, 3] as [UInt8] }
        let keys: [UInt8] = [8, 1, 7] + Array("further".utf8) + [8, 1, 2] + Array("_0".utf8)
        #expect(throws: (any Error).self) { try BinaryCoder.decode(Deep.self, from: keys + octets) }
        let limit = BinaryReader.depthLimit
        let allowed = [UInt8](repeating: 7, count: limit) + [UInt8](repeating: 9, count: limit)
        #expect(throws: Never.self) { try skip(allowed) }
    }

    @Test func `looking at the keys of a record changes nothing`() throws {
        let octets: [UInt8] = [8, 1, 1, 0x61, 8, 1, 1, 0x63, 3, 1, 0, 1, 1, 0x62, 3, 2, 0]
        let reader = BinaryReader(octets)
        #expect(try reader.open(BinaryTag.record))
        for _ in 0..<2 { #expect(try reader.remainingKeys() == ["a", "b"]) }
        #expect(try reader.nextKey() == "a")
        #expect(try reader.remainingKeys() == ["a", "b"], "also of one that was read already")
        reader.takeKey()
        try reader.skip()
        #expect(try reader.nextKey() == "b")
        reader.takeKey()
        #expect(try reader.integer() == UInt8(2))
        #expect(try reader.nextKey() == nil && reader.remainingKeys().isEmpty)
        try reader.close(to: 0)
        #expect(reader.isAtEnd)
    }

    @Test(arguments: 0..<200) func `no damage traps`(_ seed: Int) throws {
        var random = SmallRandom(seed: UInt64(seed))
        var octets = try BinaryCoder.encode([Shapes(), Shapes()])
        for _ in 0...(seed % 7) {
            let place = Int(random.next() % UInt64(octets.count))
            switch random.next() % 3 {
            case 0: octets[place] = UInt8(truncatingIfNeeded: random.next())
            case 1: octets.remove(at: place)
            default: octets.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
            }
        }
        if let shapes = try? BinaryCoder.decode([Shapes].self, from: octets) {
            #expect(throws: Never.self) { try BinaryCoder.encode(shapes) }
        }
    }

    @Test func `every shorter message is refused`() throws {
        let octets = try BinaryCoder.encode(Shapes())
        for count in 0..<octets.count {
            let part = Array(octets.prefix(count))
            #expect(throws: (any Error).self) { try BinaryCoder.decode(Shapes.self, from: part) }
        }
    }
}
