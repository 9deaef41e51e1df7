import Testing

@testable import Director

@Suite struct BinaryValueTests {
    static let values: [BinaryValue] = [
        .null, .bool(true), .bool(false), .unsigned(0), .unsigned(127), .unsigned(128), .unsigned(.max),
        .negative(-1), .negative(.min), .double(0), .double(-1.5), .double(.infinity), .text(""),
        .text("héllo\u{0}"), .list([]), .list([.null, .text("x"), .list([.unsigned(3)])]), .record([]),
        .record([
            BinaryValue.Field(key: "a", value: .unsigned(1)),
            BinaryValue.Field(
                key: "b", value: .record([BinaryValue.Field(key: "a", value: .text("again"))])),
        ]),
    ]

    @Test(arguments: values) func `a value comes back as it was`(_ value: BinaryValue) throws {
        #expect(try BinaryValue(octets: value.octets) == value)
    }

    @Test func `the octets are the documented ones`() {
        #expect(BinaryValue.null.octets == [0])
        #expect(BinaryValue.bool(true).octets == [2])
        #expect(BinaryValue.unsigned(300).octets == [3, 0xAC, 0x02])
        #expect(BinaryValue.negative(-2).octets == [4, 1])
        #expect(BinaryValue.text("ab").octets == [6, 2, 0x61, 0x62])
        #expect(BinaryValue.list([.null, .null]).octets == [7, 2, 0, 0])
    }

    @Test func `a key is spelled once in a message`() {
        let fields = (0..<50).map { _ in
            BinaryValue.record([BinaryValue.Field(key: "a long key of a record", value: .unsigned(1))])
        }
        let octets = BinaryValue.list(fields).octets
        #expect(octets.count < 50 * 6 + 40)
        #expect(octets.contains(UInt8(ascii: "y")))
    }

    static let malformed: [(octets: [UInt8], error: MalformedMessage)] = [
        ([], .truncated), ([9], .invalid), ([0xFF], .invalid), ([0, 0], .trailing), ([3], .truncated),
        ([3, 0x80], .truncated), ([3] + [UInt8](repeating: 0xFF, count: 10), .invalid),
        ([3] + [UInt8](repeating: 0x80, count: 9) + [2], .invalid), ([5, 1, 2, 3], .truncated),
        ([6, 5, 0x61], .truncated), ([6, 2, 0xC3, 0x28], .text), ([7, 0xFF, 0xFF, 0x03], .truncated),
        ([8, 1, 1, 0], .invalid), ([8, 1, 0, 1], .truncated), ([8, 1, 0, 9, 0x61], .truncated),
        ([8, 2, 0, 1, 0x61, 0, 2, 0], .invalid),
        ([4] + [UInt8](repeating: 0xFF, count: 9) + [1], .invalid),
    ]

    @Test(arguments: malformed)
    func `what is malformed is refused by its kind`(octets: [UInt8], error: MalformedMessage) {
        #expect(throws: error) { try BinaryValue(octets: octets) }
    }

    @Test func `nesting is bounded`() throws {
        let deep = (0..<100_000).flatMap { _ -> [UInt8] in [7, 1] } + [0]
        #expect(throws: MalformedMessage.depth) { try BinaryValue(octets: deep) }
        let allowed = (1..<BinaryValue.depthLimit).flatMap { _ -> [UInt8] in [7, 1] } + [0]
        #expect(throws: Never.self) { try BinaryValue(octets: allowed) }
    }

    @Test func `a count larger than the rest of the message costs nothing`() {
        // 2^60 elements claimed in twelve octets.
        let octets: [UInt8] = [7, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10, 0, 0]
        #expect(throws: MalformedMessage.truncated) { try BinaryValue(octets: octets) }
    }

    @Test(arguments: 0..<200) func `no damage traps, and most of it is noticed`(_ seed: Int) throws {
        var random = SmallRandom(seed: UInt64(seed))
        var octets = BinaryValue.list(Self.values).octets
        for _ in 0...(seed % 7) {
            let place = Int(random.next() % UInt64(octets.count))
            switch random.next() % 3 {
            case 0: octets[place] = UInt8(truncatingIfNeeded: random.next())
            case 1: octets.remove(at: place)
            default: octets.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
            }
        }
        guard let value = try? BinaryValue(octets: octets) else { return }
        // Compared as octets: a double that is not a number is not equal to itself.
        #expect(try BinaryValue(octets: value.octets).octets == value.octets)
    }

    @Test func `every shorter message is refused`() {
        let octets = BinaryValue.list(Self.values).octets
        for count in 0..<octets.count {
            #expect(throws: MalformedMessage.self) { try BinaryValue(octets: Array(octets.prefix(count))) }
        }
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
