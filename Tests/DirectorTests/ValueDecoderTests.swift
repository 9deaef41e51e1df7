import Testing

@testable import Director

@Suite struct ValueDecoderTests {
    @Test func `numbers are checked for their range`() throws {
        #expect(try ValueDecoder.decode(UInt8.self, from: .unsigned(255)) == 255)
        #expect(throws: DecodingError.self) { try ValueDecoder.decode(UInt8.self, from: .unsigned(256)) }
        #expect(throws: DecodingError.self) { try ValueDecoder.decode(UInt8.self, from: .negative(-1)) }
        #expect(try ValueDecoder.decode(Int8.self, from: .negative(-128)) == -128)
        #expect(throws: DecodingError.self) { try ValueDecoder.decode(Int8.self, from: .negative(-129)) }
        #expect(throws: DecodingError.self) { try ValueDecoder.decode(Int.self, from: .unsigned(.max)) }
        #expect(try ValueDecoder.decode(UInt64.self, from: .unsigned(.max)) == .max)
        #expect(try ValueDecoder.decode(Int16.self, from: .unsigned(7)) == 7)
        #expect(try ValueDecoder.decode(Int32.self, from: .unsigned(7)) == 7)
        #expect(try ValueDecoder.decode(UInt16.self, from: .unsigned(7)) == 7)
        #expect(try ValueDecoder.decode(UInt32.self, from: .unsigned(7)) == 7)
        #expect(try ValueDecoder.decode(UInt.self, from: .unsigned(7)) == 7)
        #expect(try ValueDecoder.decode(Float.self, from: .double(2.5)) == 2.5)
    }

    static let mismatches: [BinaryValue] = [
        .null, .bool(true), .unsigned(1), .double(1), .list([]), .record([]),
    ]

    @Test(arguments: mismatches) func `no other kind of value passes for a text`(_ value: BinaryValue) {
        #expect(throws: DecodingError.self) { try ValueDecoder.decode(String.self, from: value) }
    }

    @Test(arguments: [BinaryValue.text("1"), .null, .list([]), .record([]), .double(1)])
    func `no other kind of value passes for a flag or a number`(_ value: BinaryValue) {
        #expect(throws: DecodingError.self) { try ValueDecoder.decode(Bool.self, from: value) }
        #expect(throws: DecodingError.self) { try ValueDecoder.decode(Int.self, from: value) }
    }

    @Test func `a field that is missing is an error unless it is optional`() throws {
        struct Needs: Decodable, Equatable {
            var must: Int
            var may: Int?
        }
        let record = BinaryValue.record([BinaryValue.Field(key: "must", value: .unsigned(1))])
        #expect(try ValueDecoder.decode(Needs.self, from: record) == Needs(must: 1, may: nil))
        #expect(throws: DecodingError.self) { try ValueDecoder.decode(Needs.self, from: .record([])) }
        #expect(throws: DecodingError.self) { try ValueDecoder.decode(Needs.self, from: .list([])) }
    }

    @Test func `an enumeration needs exactly one known case`() {
        enum Choice: Codable { case a(Int), b }
        let unknown = BinaryValue.record([BinaryValue.Field(key: "c", value: .record([]))])
        let both = BinaryValue.record([
            BinaryValue.Field(key: "a", value: .record([BinaryValue.Field(key: "_0", value: .unsigned(1))])),
            BinaryValue.Field(key: "b", value: .record([])),
        ])
        for value in [unknown, both, .record([]), .text("b")] {
            #expect(throws: DecodingError.self) { try ValueDecoder.decode(Choice.self, from: value) }
        }
    }

    @Test func `a list that ends too early is an error, not a trap`() {
        #expect(throws: DecodingError.self) {
            try ValueDecoder.decode([String: Int].self, from: .list([.text("a")]))
        }
        #expect(throws: (any Error).self) {
            try ValueDecoder.decode(ClosedRange<UInt16>.self, from: .list([.unsigned(1)]))
        }
        #expect(throws: (any Error).self) {
            try ValueDecoder.decode(ClosedRange<UInt16>.self, from: .list([.unsigned(9), .unsigned(1)]))
        }
    }

    @Test func `nested containers can be read by hand`() throws {
        struct Hand: Decodable {
            enum Keys: CodingKey { case list, record }
            enum Inner: CodingKey { case deep }
            var sum = 0

            init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: Keys.self)
                var list = try container.nestedUnkeyedContainer(forKey: .list)
                #expect(list.count == 3)
                #expect(try list.decodeNil())
                #expect(try !list.decodeNil())
                sum += try list.decode(Int.self)
                var last = try list.nestedUnkeyedContainer()
                sum += try last.decode(Int.self)
                #expect(last.isAtEnd)
                #expect(try !last.decodeNil())
                let inner = try container.nestedContainer(keyedBy: Inner.self, forKey: .record)
                #expect(inner.contains(.deep))
                #expect(try inner.decodeNil(forKey: .deep))
            }
        }
        let value = BinaryValue.record([
            BinaryValue.Field(key: "list", value: .list([.null, .unsigned(2), .list([.unsigned(40)])])),
            BinaryValue.Field(key: "record", value: .record([BinaryValue.Field(key: "deep", value: .null)])),
        ])
        #expect(try ValueDecoder.decode(Hand.self, from: value).sum == 42)
    }
}
