import Testing

@testable import Lab

struct MarkupTests {
    @Test(
        arguments: [
            ("a < b > c & d", "a &lt; b &gt; c &amp; d"), ("say \"it's\"", "say &quot;it&#39;s&quot;"),
            ("</script><svg onload=x>", "&lt;/script&gt;&lt;svg onload=x&gt;"), ("&amp;", "&amp;amp;"),
            ("tab\tline\n", "tab\tline\n"), ("bell\u{7}", "bell\u{FFFD}"), ("\u{0}", "\u{FFFD}"),
            ("esc\u{1B}[31m", "esc\u{FFFD}[31m"), ("del\u{7F}", "del\u{FFFD}"), ("c1\u{85}", "c1\u{FFFD}"),
            ("\u{FFFE}", "\u{FFFD}"), ("a\r\nb", "a\u{FFFD}\nb"), ("3 × 1 s – µ 漢 🦊", "3 × 1 s – µ 漢 🦊"),
            ("", ""),
        ])
    func `text cannot leave its place`(text: String, escaped: String) {
        #expect(Markup.escape(text) == escaped)
    }

    @Test func `attributes keep their order and are escaped`() {
        #expect(Markup.attributes(["b": "1", "a": "\"><"]) == " b=\"1\" a=\"&quot;&gt;&lt;\"")
        #expect(Markup.attributes([:]) == "")
    }

    @Test func `what was escaped is read back`() throws {
        let text = "<b class='x'>&\"</b>"
        let read = try MarkupReader.read("<a t=\"\(Markup.escape(text))\">\(Markup.escape(text))</a>")
        #expect(read.text == text)
        #expect(read.attributes["t"] == text)
    }

    @Test(arguments: [
        "<a>", "<a></b>", "<a b=c></a>", "<a b=\"1\" b=\"2\"></a>", "<a>&nbsp;</a>", "<a>\u{1}</a>",
        "<a/><b/>",
    ])
    func `the tests' own reader refuses what is malformed`(text: String) {
        #expect(throws: MarkupReader.Malformed.self) { try MarkupReader.read(text) }
    }
}
