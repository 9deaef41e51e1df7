import ConfigModel
import ConfigSyntax
import HealthChecks
import LoadBalancing
import Testing

@Suite struct HTTPGrammarTests {
    private func text(_ check: String) -> String {
        Sample.service(servers: Sample.server("192.0.2.21 80", check))
    }

    private func codes(_ check: String) -> [DiagnosticCode] { Sample.codes(text(check)) }

    private func check(_ name: String, _ lines: String, url: String = "") throws -> HTTPCheck {
        let service = Sample.virtualServer(text("\(name) {\n\(lines)\nurl {\npath /\n\(url)\n}\n}"))
        guard case .http(let check) = try #require(service).realServers[0].checks[0].kind else {
            throw Mismatch()
        }
        return check
    }

    private struct Mismatch: Error {}

    @Test(
        arguments: [
            ("url {\npath /\nstatus_code 200\n}", []),
            ("url {\npath /\nstatus_code 200 404 500-599\nvirtualhost a\n}", []),
            ("url {\npath /\nstatus_code 200\n}\nurl {\npath /b\nstatus_code 200\n}", []),
            ("", [.missingKeyword]),
            ("url {\n}", [.missingKeyword]),
            ("url", [.missingBlock]), ("url x {\npath /\nstatus_code 200\n}", [.unexpectedWord]),
            ("url {\npath x\n}", [.invalidName]),
            ("url {\npath \"/a b\"\n}", [.invalidName]), ("url {\npath /\nstatus_code\n}", [.missingValue]),
            ("url {\npath /\nstatus_code 600\n}", [.outOfRange]),
            ("url {\npath /\ndigest 00\n}", [.invalidNumber]),
            ("url {\npath /\npath /b\nstatus_code 200\n}", [.givenTwice]),
            ("url {\npath /\nstatus_code 200\nstatus_code 201\n}", [.givenTwice]),
            ("url {\npath /\nstatus_code 200\n}\nhttp_protocol 1.1", []),
            ("url {\npath /\nstatus_code 200\n}\nhttp_protocol 2", [.unknownChoice]),
        ] as [(String, [DiagnosticCode])])
    func `an HTTP_GET asks for pages`(text: String, expected: [DiagnosticCode]) {
        #expect(codes("HTTP_GET {\n\(text)\n}") == expected)
    }

    @Test(
        arguments: [
            ("", []), ("enable_sni", []), ("sni_name a.example.org\ntls_verify", []),
            ("tls_verify on", [.unexpectedWord]), ("sni_name", [.missingValue]),
            ("tls_compliant", [.keywordWithoutEffect]), ("fast_recovery", [.keywordWithoutEffect]),
        ] as [(String, [DiagnosticCode])])
    func `an SSL_GET asks for pages over TLS`(lines: String, expected: [DiagnosticCode]) {
        #expect(codes("SSL_GET {\nurl {\npath /\nstatus_code 200\n}\n\(lines)\n}") == expected)
    }

    @Test func `TLS is not for HTTP_GET`() {
        for line in ["enable_sni", "sni_name a", "tls_compliant"] {
            #expect(
                codes("HTTP_GET {\nurl {\npath /\nstatus_code 200\n}\n\(line)\n}") == [.keywordWithoutEffect])
        }
        #expect(
            codes("HTTP_GET {\nurl {\npath /\nstatus_code 200\nsni_name a\n}\n}") == [.keywordWithoutEffect])
        #expect(codes("HTTP_GET {\nurl {\npath /\nstatus_code 200\n}\ntls_verify\n}") == [.misplacedKeyword])
    }

    @Test func `HTTP is plain, old and short unless told otherwise`() throws {
        let plain = try check("HTTP_GET", "")
        #expect(plain.version == .v10 && plain.tls == nil)
        #expect(plain.urls == [HTTPURL()])
        let other = try check("SSL_GET", "http_protocol 1.0C\ntls_verify")
        #expect(other.version == .v10Close)
        #expect(other.tls == TLSSettings(verifies: true))
    }

    @Test(
        arguments: [
            ("", "", nil), ("enable_sni", "", nil), ("enable_sni\nvirtualhost a", "", "a"),
            ("enable_sni\nvirtualhost a:8443", "", "a"), ("enable_sni\nvirtualhost a", "virtualhost b", "b"),
            ("enable_sni\nvirtualhost 192.0.2.1", "", nil), ("enable_sni\nvirtualhost [::1]:443", "", nil),
            ("sni_name c\nenable_sni\nvirtualhost a", "", "c"), ("sni_name c", "sni_name d", "d"),
            ("virtualhost a", "", nil),
        ] as [(String, String, String?)])
    func `TLS asks for the name that is given, else with enable_sni for the host`(
        lines: String, url: String, name: String?
    ) throws {
        #expect(try check("SSL_GET", lines, url: url).urls[0].serverName == name)
    }

    @Test func `what a page must be`() throws {
        let url = """
            digest d41d8cd98f00b204e9800998ecf8427e
            regex "^a\\\\d"
            regex_options caseless multiline
            regex_no_match
            regex_min_offset 3
            regex_max_offset 9
            """
        let page = try check("HTTP_GET", "", url: url).urls[0]
        #expect(page.digest == BodyDigest("d41d8cd98f00b204e9800998ecf8427e"))
        let pattern = BodyPattern(
            "^a\\d", options: [.caseless, .multiline], isInverted: true, minimumOffset: 3, maximumOffset: 9)
        #expect(page.pattern == pattern)
    }

    @Test(
        arguments: [
            ("regex", [.missingValue]), ("regex \"\"", [.invalidName]), ("regex \"a\\xz\"", [.invalidName]),
            ("regex a\nregex_options", [.missingValue]), ("regex a\nregex_options fast", [.unknownChoice]),
            ("regex_no_match", [.optionWithoutKeyword]), ("regex_min_offset 1", [.optionWithoutKeyword]),
            ("regex_max_offset 1", [.optionWithoutKeyword]), ("regex_options utf", [.optionWithoutKeyword]),
            ("regex a\nregex_min_offset -1", [.outOfRange]),
            ("regex a\nregex_stack 1 2", [.keywordWithoutEffect]),
            ("digest \(String(repeating: "0", count: 33))", [.invalidNumber]),
        ] as [(String, [DiagnosticCode])])
    func `a page that is not described well`(lines: String, expected: [DiagnosticCode]) {
        #expect(codes("HTTP_GET {\nurl {\npath /\n\(lines)\n}\n}") == expected)
    }
}
