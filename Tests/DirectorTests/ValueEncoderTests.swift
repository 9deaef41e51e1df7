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
    private func octets(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test func `a structure becomes a record of its fields`() throws {
        struct Point: Encodable {
            var x = 1
            var y = -2
            var name: String? = "p"
        }
        let expected =
            [8, 1, 1] + octets("x") + [3, 1] + [1, 1] + octets("y") + [4, 1] + [1, 4] + octets("name")
            + [6, 1] + octets("p") + [0]
        #expect(try BinaryCoder.encode(Point()) == expected)
    }

    @Test func `an optional that is nil is left out`() throws {
        struct Maybe: Encodable { var value: Int? }
        #expect(try BinaryCoder.encode(Maybe()) == [8, 0])
    }

    @Test func `what has no fields has a place all the same`() throws {
        struct Empty: Codable, Hashable {}
        let list = [Empty(), Empty()]
        #expect(try BinaryCoder.decode([Empty].self, from: BinaryCoder.encode(list)) == list)
    }

    @Test func `scalars and lists are themselves`() throws {
        #expect(try BinaryCoder.encode(7) == [3, 7])
        #expect(try BinaryCoder.encode("x") == [6, 1] + octets("x"))
        #expect(try BinaryCoder.encode([true, false]) == [7, 2, 1, 9])
        #expect(try BinaryCoder.encode([Int]()) == [7, 9])
        #expect(try BinaryCoder.encode([Int?.none, 1]) == [7, 0, 3, 1, 9])
    }

    @Test func `containers inside containers end where the next thing begins`() throws {
        struct Mixed: Encodable {
            enum Keys: CodingKey { case l, r, z }

            func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: Keys.self)
                var list = container.nestedUnkeyedContainer(forKey: .l)
                try list.encode(1)
                try list.encodeNil()
                var nested = list.nestedContainer(keyedBy: Keys.self)
                try nested.encode(2, forKey: .l)
                var sub = list.nestedUnkeyedContainer()
                try sub.encode(9)
                var inner = container.nestedContainer(keyedBy: Keys.self, forKey: .r)
                try inner.encodeNil(forKey: .l)
                try container.encode(3, forKey: .z)
            }
        }
        let list = [7, 3, 1, 0] + [8, 2, 3, 2, 0] + [7, 3, 9, 9] + [9]
        let expected =
            [8, 1, 1] + octets("l") + list.map(UInt8.init) + [1, 1] + octets("r") + [8, 2, 0, 0] + [1, 1]
            + octets("z") + [3, 3, 0]
        #expect(try BinaryCoder.encode(Mixed()) == expected)
    }

    @Test func `every shape survives the way there and back`() throws {
        #expect(try BinaryCoder.decode(Shapes.self, from: BinaryCoder.encode(Shapes())) == Shapes())
    }
}
