import Testing
import Timekeeping

@testable import Lab

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
            ("plain", "\"plain\""), ("a\"b\\c/d", "\"a\\\"b\\\\c/d\""), ("\n\r\t", "\"\\n\\r\\t\""),
            ("\u{0}\u{1F}\u{7F}", "\"\\u0000\\u001f\\u007f\""), ("\u{2028}\u{2029}", "\"\\u2028\\u2029\""),
            ("µ 漢 🦊 </script>", "\"µ 漢 🦊 </script>\""), ("", "\"\""), ("e\u{301}", "\"e\u{301}\""),
        ])
    func `strings are escaped`(text: String, quoted: String) {
        #expect(JSONWriter.quoted(text) == quoted)
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
        #expect(try JSONReader.read(JSONWriter.text(.number(value))) == .number(value))
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
        #expect(try JSONReader.read(text)["ant"]?[1] == .number(2))
    }

    @Test func `an optional without a value is null`() {
        #expect(JSONValue(Int?.none) { .integer($0) } == .null)
        #expect(JSONValue(Int?.some(4)) { .integer($0) } == .integer(4))
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\":1,}", "01", "1.", "+1", "NaN", "\"\u{1}\"", "\"\\x\"", "[1] 2", "nul",
        "{\"a\":1,\"a\":2}", "{a:1}", "1e999",
    ])
    func `the tests' own reader refuses what is malformed`(text: String) {
        #expect(throws: JSONReader.Malformed.self) { try JSONReader.read(text) }
    }
}
