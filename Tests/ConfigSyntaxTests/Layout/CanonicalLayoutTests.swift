import SimulationKit
import Testing

@testable import ConfigSyntax

@Suite struct CanonicalLayoutTests {
    private func format(_ octets: [UInt8]) -> (text: [UInt8]?, codes: [DiagnosticCode]) {
        var sources = SourceMap()
        let file = SourceFile(name: "f", octets: octets)
        var diagnostics = Diagnostics()
        let text = CanonicalLayout.octets(of: file, number: sources.add(file), &diagnostics)
        return (text, diagnostics.all.map(\.code))
    }

    private func format(_ text: String) -> String? {
        format(Array(text.utf8)).text.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func `a file is laid out`() {
        let text = """


            global_defs {   # all
            \trouter_id a#name\r
              }


            vrrp_instance VI_1
            {

            state  BACKUP # both
            priority   150    ! higher wins

              authentication { auth_type PASS
              auth_pass "a  b" }

            }
            """
        #expect(
            format(text) == """
                global_defs {  # all
                    router_id a  #name
                }

                vrrp_instance VI_1 {
                    state BACKUP  # both
                    priority 150  ! higher wins

                    authentication {
                        auth_type PASS
                        auth_pass "a  b"
                    }
                }

                """)
    }

    @Test func `an empty file stays empty`() {
        for text in ["", "\n", " \r\n\t\n"] { #expect(format(text) == "") }
    }

    @Test(arguments: [
        ("a \"b\nc", [DiagnosticCode.unterminatedString]), ("a\u{1}", [.badCharacter]),
        ("@ a", [.badConditional]),
        ("a \0", [.binaryFile]), (String(repeating: "a", count: 16_385), [.overlongLine]),
        ("$A" + String(repeating: "a", count: 16_385), [.overlongLine]),
        ("a 1#\nb \"", [.unterminatedString]),
    ])
    func `a file whose words cannot be told apart is refused`(text: String, codes: [DiagnosticCode]) {
        let result = format(Array(text.utf8))
        #expect(result.text == nil)
        #expect(result.codes == codes)
    }

    @Test func `a finding names its place in the file`() {
        var sources = SourceMap()
        let file = SourceFile(name: "f", octets: Array("$A= \\\n \"\n@me b \"c\n".utf8))
        var diagnostics = Diagnostics()
        let number = sources.add(file)
        #expect(CanonicalLayout.octets(of: file, number: number, &diagnostics) == nil)
        let places = diagnostics.all.map { sources.location(of: $0.primary.span).description }
        #expect(places == ["f:3:7"])
    }

    @Test func `comments may be in any encoding, and faults of structure do not matter`() {
        #expect(format([0x23, 0xFF, 0x20]).text == [0x23, 0xFF, 0x0A])
        #expect(format("}\n{ a\nb {") == "}\n{\n    a\n    b {\n")
    }

    @Test(arguments: 0..<60) func `whatever comes, laying out again changes nothing`(round: Int) {
        var generator = SeededGenerator(seed: UInt64(round))
        let pieces = [
            "a", "b 1", "{", "}", "{ ", " }", "\n", "\n", "\n\n\n", " ", "\t", "\r\n", "# c", "! d",
            "\"x  y\"",
            "@me ", "@^me ", "$A=1", "$A= \\\n", "\\\n", "$A", "${A}", "~SEQ(N,1,2) ", "~LST({a},{b})",
            "include x{y}", "\\#", "é", "~", "@", "$",
        ]
        for _ in 0..<60 {
            let count = Int.random(in: 0...30, using: &generator)
            let text = (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
            guard let once = format(text) else { continue }
            #expect(format(once) == once, "\(text.debugDescription) -> \(once.debugDescription)")
        }
    }
}
