import Testing

@testable import Director

/// Every shape that synthesised conformances and the standard library's own produce.
struct Shapes: Codable, Hashable {
    enum Choice: Codable, Hashable {
        case nothing
        case one(Int)
        case two(first: String, second: [UInt8])
        indirect case nested(Choice)
    }

    enum Raw: String, Codable, Hashable { case alpha, beta }

    var flag = true
    var text = "text"
    var numbers: [Int64] = [.min, -1, 0, 1, .max]
    var large = UInt64.max
    var small = Int8.min
    var missing: String?
    var present: Int? = 4
    var choices: [Choice] = [
        .nothing, .one(-5), .two(first: "a", second: [0, 255]), .nested(.nested(.nothing)),
    ]
    var byText = ["a": 1, "b": 2]
    var byNumber = [1: Raw.alpha, 2: .beta]
    var byChoice = [Choice.one(1): [Raw.beta]]
    var range: ClosedRange<UInt16> = 200...299
    var double = 0.1
    var float: Float = 1.5
    var set: Set<Raw> = [.alpha]
    var optionals: [Int?] = [nil, 3]
}

@Suite struct ValueEncoderTests {
    @Test func `a structure becomes a record of its fields`() throws {
        struct Point: Encodable {
            var x = 1
            var y = -2
            var name: String? = "p"
        }
        let fields = [
            BinaryValue.Field(key: "x", value: .unsigned(1)),
            BinaryValue.Field(key: "y", value: .negative(-2)),
            BinaryValue.Field(key: "name", value: .text("p")),
        ]
        #expect(try ValueEncoder.encode(Point()) == .record(fields))
    }

    @Test func `an optional that is nil is left out`() throws {
        struct Maybe: Encodable { var value: Int? }
        #expect(try ValueEncoder.encode(Maybe()) == .record([]))
    }

    @Test func `scalars and lists are themselves`() throws {
        #expect(try ValueEncoder.encode(7) == .unsigned(7))
        #expect(try ValueEncoder.encode("x") == .text("x"))
        #expect(try ValueEncoder.encode([true, false]) == .list([.bool(true), .bool(false)]))
        #expect(try ValueEncoder.encode([Int]()) == .list([]))
        #expect(try ValueEncoder.encode(1.5) == .double(1.5))
    }

    @Test func `containers inside containers keep their order`() throws {
        struct Mixed: Encodable {
            enum Keys: CodingKey { case list, record, last }
            enum Inner: CodingKey { case deep }

            func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: Keys.self)
                var list = container.nestedUnkeyedContainer(forKey: .list)
                var inner = container.nestedContainer(keyedBy: Inner.self, forKey: .record)
                try container.encode(3, forKey: .last)
                try list.encode(1)
                try list.encodeNil()
                var nested = list.nestedContainer(keyedBy: Inner.self)
                try nested.encode("n", forKey: .deep)
                var sub = list.nestedUnkeyedContainer()
                try sub.encode(9)
                try inner.encodeNil(forKey: .deep)
            }
        }
        let expected = BinaryValue.record([
            BinaryValue.Field(
                key: "list",
                value: .list([
                    .unsigned(1), .null, .record([BinaryValue.Field(key: "deep", value: .text("n"))]),
                    .list([.unsigned(9)]),
                ])),
            BinaryValue.Field(key: "record", value: .record([BinaryValue.Field(key: "deep", value: .null)])),
            BinaryValue.Field(key: "last", value: .unsigned(3)),
        ])
        #expect(try ValueEncoder.encode(Mixed()) == expected)
    }

    @Test func `every shape survives the way there and back`() throws {
        let value = try ValueEncoder.encode(Shapes())
        #expect(try ValueDecoder.decode(Shapes.self, from: value) == Shapes())
    }
}
