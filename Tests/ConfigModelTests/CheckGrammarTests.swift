import ConfigModel
import ConfigSyntax
import HealthChecks
import Testing

@Suite struct CheckGrammarTests {
    private func codes(_ check: String) -> [DiagnosticCode] {
        Sample.codes(Sample.service(servers: Sample.server("192.0.2.21 80", check)))
    }

    @Test(arguments: ["TCP_CHECK", "HTTP_GET", "SSL_GET"])
    func `network checks share their options`(name: String) {
        let url = name.hasSuffix("GET") ? "url {\npath /\n}\n" : ""
        let options = """
            connect_ip 192.0.2.9
            connect_port 1
            connect_timeout 1
            delay_loop 1
            retry 1
            delay_before_retry 1
            warmup 1
            alpha
            """
        #expect(codes("\(name) {\n\(url)\(options)\n}") == [])
        #expect(codes("\(name) {\n\(url)connect_ip x\n}") == [.invalidAddress])
        #expect(codes("\(name) {\n\(url)connect_port 0\n}") == [.outOfRange])
        #expect(codes("\(name) {\n\(url)fwmark 3\n}") == [.unsupportedKeyword])
        #expect(codes("\(name) {\n\(url)misc_path /bin/x\n}") == [.misplacedKeyword])
    }

    @Test(
        arguments: [
            ("misc_path /bin/x", []), ("misc_path \"/bin/x -a 'b c'\"\nmisc_timeout 3\nuser nobody", []),
            ("misc_path /bin/x\nretry 2\ndelay_before_retry 1\nwarmup 0\ndelay_loop 9\nalpha", []),
            ("", [.missingKeyword]), ("misc_path", [.missingValue]), ("misc_path x", [.invalidCommand]),
            ("misc_path /bin/x y", [.unexpectedWord]), ("misc_path /bin/x\nmisc_timeout 0", [.outOfRange]),
            ("misc_path /bin/x\nmisc_dynamic", [.unsupportedKeyword]),
            ("misc_path /bin/x\nuser a b", [.unsupportedValue]),
            ("misc_path /bin/x\nconnect_port 5", [.misplacedKeyword]),
            ("misc_path /bin/x\nuser a\nuser b", [.givenTwice]),
        ] as [(String, [DiagnosticCode])])
    func `a MISC_CHECK runs a program`(text: String, expected: [DiagnosticCode]) {
        #expect(codes("MISC_CHECK {\n\(text)\n}") == expected)
    }
}
