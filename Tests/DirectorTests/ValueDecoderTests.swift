import Testing

@testable import Director

@Suite struct ValueDecoderTests {
    private func read<Subject: Decodable>(_ type: Subject.Type, _ octets: UInt8...) throws -> Subject {
        try BinaryCoder.decode(type, from: octets)
    }

    @Test func `numbers are checked for their range`() throws {
        func moved<Number: Decodable>(_ number: some Encodable, to type: Number.Type) throws -> Number {
            try BinaryCoder.decode(type, from: BinaryCoder.encode(number))
        }
        #expect(try moved(255, to: UInt8.self) == 255)
        #expect(throws: DecodingError.self) { try moved(256, to: UInt8.self) }
        #expect(throws: DecodingError.self) { try moved(-1, to: UInt8.self) }
        #expect(try moved(-128, to: Int8.self) == -128)
        #expect(throws: DecodingError.self) { try moved(-129, to: Int8.self) }
        #expect(throws: DecodingError.self) { try moved(UInt64.max, to: Int.self) }
        #expect(try moved(UInt64.max, to: UInt64.self) == .max)
        #expect(try moved(Int64.min, to: Int64.self) == .min)
        #expect(try moved(7, to: Int16.self) == 7)
        #expect(try moved(7, to: Int32.self) == 7)
        #expect(try moved(7, to: UInt16.self) == 7)
        #expect(try moved(7, to: UInt32.self) == 7)
        #expect(try moved(7, to: UInt.self) == 7)
        #expect(try moved(2.5, to: Float.self) == 2.5)
    }

    /// Null, true, 1, 1.0, an empty list and an empty record.
    static let others: [[UInt8]] = [[0], [2], [3, 1], [5, 0x3F, 0xF0, 0, 0, 0, 0, 0, 0], [7, 9], [8, 0]]

    @Test(arguments: others) func `no other kind of value passes for a text`(_ value: [UInt8]) {
        #expect(throws: DecodingError.self) { try BinaryCoder.decode(String.self, from: value) }
    }

    @Test(arguments: [[6, 1, 0x31], [0], [7, 9], [8, 0], [5, 0, 0, 0, 0, 0, 0, 0, 0]] as [[UInt8]])
    func `no other kind of value passes for a flag or a number`(_ value: [UInt8]) {
        #expect(throws: DecodingError.self) { try BinaryCoder.decode(Bool.self, from: value) }
        #expect(throws: DecodingError.self) { try BinaryCoder.decode(Int.self, from: value) }
    }

    @Test func `a field that is missing is an error unless it is optional`() throws {
        struct Needs: Codable, Equatable {
            var may: Int?
            var must: Int?
        }
        struct Has: Codable, Equatable {
            var may: Int?
            var must: Int
        }
        let octets = try BinaryCoder.encode(Needs(may: nil, must: 1))
        #expect(try BinaryCoder.decode(Has.self, from: octets) == Has(may: nil, must: 1))
        #expect(throws: DecodingError.self) { try read(Has.self, 8, 0) }
        #expect(throws: DecodingError.self) { try read(Has.self, 7, 9) }
        let other = try BinaryCoder.encode(Needs(may: 1, must: nil))
        #expect(throws: DecodingError.self) { try BinaryCoder.decode(Has.self, from: other) }
    }

    @Test func `fields that nobody asks for are passed over`() throws {
        struct Long: Codable {
            var a = 1
            var b = ["x": [1, 2]]
            var c: [Double?] = [nil, 1]
        }
        struct Short: Codable, Equatable { var a: Int }
        let octets = try BinaryCoder.encode([Long(), Long()])
        #expect(try BinaryCoder.decode([Short].self, from: octets) == [Short(a: 1), Short(a: 1)])
    }

    @Test func `an enumeration needs exactly one known case`() throws {
        enum Choice: Codable, Equatable { case a(Int), b }
        enum Others: Codable { case c, b(Int) }
        for value in [Choice.a(4), .b] {
            #expect(try BinaryCoder.decode(Choice.self, from: BinaryCoder.encode(value)) == value)
        }
        let unknown = try BinaryCoder.encode(Others.c)
        let both: [UInt8] = [8, 1, 1, 0x61, 8, 1, 2, 0x5F, 0x30, 3, 1, 0, 1, 1, 0x62, 8, 0, 0]
        for value in [unknown, both, [8, 0], [6, 1, 0x62]] {
            #expect(throws: DecodingError.self) { try BinaryCoder.decode(Choice.self, from: value) }
        }
    }

    @Test func `a list that ends too early is an error, not a trap`() throws {
        #expect(throws: DecodingError.self) { try read([Int: Int].self, 7, 3, 1, 9) }
        #expect(throws: (any Error).self) { try read(ClosedRange<UInt16>.self, 7, 3, 1, 9) }
        #expect(throws: (any Error).self) { try read(ClosedRange<UInt16>.self, 7, 3, 9, 3, 1, 9) }
        #expect(throws: MalformedMessage.truncated) { try read([Int].self, 7, 3, 1) }
        #expect(throws: (any Error).self) { try read([Int].self, 7, 3, 1, 12, 9) }
    }

    @Test func `nested containers can be read by hand`() throws {
        struct Hand: Decodable {
            enum Keys: CodingKey { case l, r }
            var sum = 0

            init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: Keys.self)
                var list = try container.nestedUnkeyedContainer(forKey: .l)
                #expect(try list.decodeNil())
                #expect(try !list.decodeNil())
                sum += try list.decode(Int.self)
                var last = try list.nestedUnkeyedContainer()
                sum += try last.decode(Int.self)
                #expect(last.isAtEnd)
                #expect(try !last.decodeNil())
                let inner = try container.nestedContainer(keyedBy: Keys.self, forKey: .r)
                #expect(inner.contains(.l) && !inner.contains(.r))
                #expect(try inner.decodeNil(forKey: .l))
                #expect(!inner.contains(.l))
            }
        }
        let list: [UInt8] = [7, 0, 3, 2, 7, 3, 40, 9, 9]
        let octets = [8, 1, 1, 0x6C] + list + [1, 1, 0x72, 8, 2, 0, 0, 0]
        #expect(try BinaryCoder.decode(Hand.self, from: octets).sum == 42)
    }
}
