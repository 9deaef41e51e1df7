import ControlProtocol
import Testing
import Timekeeping

struct JSONWriterTests {
    @Test(
        arguments: [
            (JSONValue.null, "null"), (.bool(true), "true"), (.integer(-3), "-3"), (.number(1.5), "1.5"),
            (.number(2), "2"), (.number(.nan), "null"), (.number(.infinity), "null"),
            (.number(-.infinity), "null"),
            (.number(1e300), "1e+300"), (.seconds(.milliseconds(3609)), "3.609"), (.array([]), "[]"),
            (.object([]), "{}"), (.array([.integer(1), .null]), "[1, null]"),
            (.object([.init("b", .integer(1)), .init("a", .bool(false))]), "{\"b\": 1, \"a\": false}"),
        ])
    func `values have one text`(value: JSONValue, text: String) {
        #expect(JSONWriter.text(value) == text + "\n")
    }

    @Test(
        arguments: [
            (0, "0"), (1, "0.000000001"), (-1, "-0.000000001"), (3_609_000_000, "3.609"),
            (-612_000_000, "-0.612"), (1_000_000_000, "1"), (Int64.max, "9223372036.854775807"),
            (Int64.min, "-9223372036.854775808"),
        ])
    func `seconds are exact to the nanosecond`(nanoseconds: Int64, text: String) {
        #expect(JSONWriter.line(.seconds(Interval(nanoseconds: nanoseconds))) == text)
    }

    @Test func `what is written is read back, whatever the text`() throws {
        let texts = [
            "\"", "\\", "\u{8}\u{C}\u{1B}", "</>&'", "\r\n", "\u{FFFF}", "🏴",
            String(repeating: "x", count: 300),
        ]
        for text in texts {
            let value = JSONValue.object([
                .init(text, .array([.string(text), .object([.init("", .string(text))])]))
            ])
            let read = try JSONReader.read(JSONWriter.text(value))
            #expect(read[text]?[0] == .string(text))
            #expect(read[text]?[1]?[""] == .string(text))
        }
    }

    @Test(
        arguments: [
            0, 0.1, -0.1, 1e-9, 123456.789, 1e15, -1e15, 1e16, 1e-300, .greatestFiniteMagnitude, -0.0,
            1 / 3.0,
        ])
    func `numbers are read back the same`(value: Double) throws {
        #expect(try JSONReader.read(JSONWriter.text(.number(value))).double == value)
    }

    @Test func `long values are broken into lines, members in their order`() throws {
        let long = String(repeating: "y", count: 99)
        let value = JSONValue.object([
            .init("zebra", .string(long)), .init("ant", .array([.string(long), .integer(2)])),
            .init("empty", .array([])),
        ])
        let text = JSONWriter.text(value)
        #expect(
            text == """
                {
                  "zebra": "\(long)",
                  "ant": [
                    "\(long)",
                    2
                  ],
                  "empty": []
                }

                """)
        #expect(try JSONReader.read(text)["ant"]?[1] == 2)
    }

    @Test func `a line has no line break, whatever is in it`() throws {
        let value = JSONValue.array([.string(String(repeating: "a\n", count: 200)), [:], ["b": 1]])
        let line = JSONWriter.line(value)
        #expect(!line.contains("\n") && line.hasSuffix(", {}, {\"b\": 1}]"))
        #expect(try JSONReader.read(line) == value)
    }
}
