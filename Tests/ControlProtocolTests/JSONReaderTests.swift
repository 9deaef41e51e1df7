import ControlProtocol
import SimulationKit
import Testing

@Suite struct JSONReaderTests {
    static let good: [(text: String, value: JSONValue)] = [
        ("null", JSONValue.null), (" true\n", true), ("false", false), ("0", 0), ("-0", 0), ("-12", -12),
        ("1.5", .number(1.5)), ("1e3", .number(1000)), ("-1E-2", .number(-0.01)), ("0.25e+1", .number(2.5)),
        ("9223372036854775807", .integer(.max)), ("9223372036854775808", .number(9_223_372_036_854_775_808)),
        ("\"\"", ""), ("\"a\\\"\\\\\\/\\n\\t\\r\\b\\f\"", "a\"\\/\n\t\r\u{8}\u{C}"),
        ("\"\\u00e9\\u0000\"", "\u{E9}\u{0}"), ("\"\\ud83e\\udd8a\"", "🦊"), ("\"µ漢🦊\"", "µ漢🦊"),
        ("[]", []), ("[ 1 , [ ] ]", [1, []]), ("{}", [:]),
        ("{ \"b\" : 1 , \"a\" : { } }", ["b": 1, "a": [:]]),
    ]

    @Test(arguments: good) func `what is JSON is read`(text: String, value: JSONValue) throws {
        #expect(try JSONReader.read(text) == value)
    }

    static let bad: [(text: String, place: Int)] = [
        ("", 0), ("{", 1), ("[1,]", 3), ("{\"a\":1,}", 7), ("01", 1), ("1.", 2), ("+1", 0), ("-", 1),
        ("NaN", 0), ("\"\u{1}\"", 1), ("\"\\x\"", 3), ("\"\\u12\"", 5), ("\"\\u12g4\"", 5), ("[1] 2", 4),
        ("nul", 0), ("{\"a\":1,\"a\":2}", 10), ("{a:1}", 1), ("1e999", 5), ("\"abc", 4), ("\"\\ud83e\"", 7),
        ("\"\\udd8a\"", 7), ("\"\\ud83e\\u0041\"", 13), ("[1 2]", 3), ("1e", 2), ("\u{FEFF}1", 0),
    ]

    @Test(arguments: bad) func `what is not is refused at its place`(text: String, place: Int) {
        #expect(throws: JSONReader.Malformed(at: place)) { try JSONReader.read(text) }
    }

    @Test(
        arguments: [[0x22, 0xFF, 0x22], [0x22, 0xC3, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22]] as [[UInt8]])
    func `text that is not UTF-8 is refused`(octets: [UInt8]) {
        #expect(throws: JSONReader.Malformed.self) { try JSONReader.read(octets[...]) }
    }

    @Test func `nesting is bounded`() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(try JSONReader.read(nested(JSONReader.depthLimit)).elements.count == 1)
        #expect(throws: JSONReader.Malformed.self) { try JSONReader.read(nested(JSONReader.depthLimit + 1)) }
        #expect(throws: JSONReader.Malformed.self) { try JSONReader.read(nested(100_000)) }
    }

    @Test func `places count from the start of a slice`() throws {
        let octets = Array("xx[1,]".utf8)
        #expect(throws: JSONReader.Malformed(at: 3)) { try JSONReader.read(octets[2...]) }
        #expect(try JSONReader.read(Array("xx[1]y".utf8)[2..<5]) == [1])
    }

    /// A value that every part of the reader has to do with.
    private static func value(_ generator: inout SeededGenerator, depth: Int = 0) -> JSONValue {
        switch generator.below(depth > 4 ? 5 : 8) {
        case 0: return .null
        case 1: return .bool(generator.chance(permille: 500))
        case 2: return .integer(Int(truncatingIfNeeded: generator.next()))
        case 3: return .number(Double(generator.below(1_000_000)) / 7 + 0.1)
        case 4, 5:
            let scalars = (0..<generator.below(12)).compactMap { _ in
                Unicode.Scalar(UInt32(generator.below(generator.pick([0x80, 0x3000, 0x11_0000]))))
            }
            return .string(String(String.UnicodeScalarView(scalars)))
        case 6: return .array((0..<generator.below(5)).map { _ in value(&generator, depth: depth + 1) })
        default:
            return .object(
                (0..<generator.below(5)).map { .init("k\($0)\"", value(&generator, depth: depth + 1)) })
        }
    }

    @Test(arguments: 0..<20) func `what is written is read back, and what is damaged does no harm`(
        seed: UInt64
    ) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let value = Self.value(&generator)
            let octets = Array(JSONWriter.line(value).utf8)
            #expect(try JSONReader.read(octets[...]) == value)
            #expect(try JSONReader.read(JSONWriter.text(value)) == value)
            var damaged = octets
            for _ in 0...generator.below(3) where !damaged.isEmpty {
                let place = generator.below(damaged.count)
                switch generator.below(3) {
                case 0: damaged[place] = UInt8(truncatingIfNeeded: generator.next())
                case 1: damaged.remove(at: place)
                default: damaged.insert(UInt8(truncatingIfNeeded: generator.next()), at: place)
                }
            }
            // A value or an error; what is read can be written and read again.
            if let read = try? JSONReader.read(damaged[...]) {
                #expect(try JSONReader.read(JSONWriter.line(read)) == read)
            }
        }
    }
}
