import ConfigSyntax
import Testing

@Suite struct JSONStringTests {
    @Test(arguments: [
        ("", "\"\""), ("a b", "\"a b\""), ("\"\\", "\"\\\"\\\\\""), ("\n\t\r", "\"\\n\\t\\r\""),
        ("\u{1B}\u{7F}", "\"\\u001b\\u007f\""), ("é😀", "\"é😀\""),
        ("\u{2028}\u{2029}", "\"\\u2028\\u2029\""), ("</script>", "\"</script>\""),
        ("e\u{301}", "\"e\u{301}\""),
        ("\u{0}\u{1F}", "\"\\u0000\\u001f\""),
    ])
    func `text is quoted`(text: String, expected: String) {
        #expect(JSONString.quoted(text) == expected)
    }

    @Test func `arrays and objects keep their order`() {
        #expect(JSONString.array([]) == "[]")
        #expect(JSONString.array(["b", "a\""]) == "[\"b\", \"a\\\"\"]")
        #expect(JSONString.object([("b", "1"), ("a", "null")]) == "{\"b\": 1, \"a\": null}")
        #expect(JSONString.object([]) == "{}")
    }
}
