import ConfigModel
import ConfigSyntax
import HealthChecks
import LoadBalancing
import Testing

@Suite struct TLSGrammarTests {
    private let check = "SSL_GET {\ntls_verify\nurl {\npath /\nstatus_code 200\n}\n}"

    private func text(_ lines: String) -> String {
        "SSL {\n\(lines)\n}\n" + Sample.service(servers: Sample.server("192.0.2.21 80", check))
    }

    @Test(
        arguments: [
            ("ca /etc/ssl/ca.pem", []), ("", []), ("ca ca.pem", [.invalidName]), ("ca", [.missingValue]),
            ("ca /a\nca /b", [.givenTwice]), ("key /a", [.halfAnIdentity]),
            ("certificate /a", [.halfAnIdentity]), ("password a", [.optionWithoutKeyword]),
            ("certificate /a\nkey /b\npassword c", []),
        ] as [(String, [DiagnosticCode])])
    func `the block SSL`(lines: String, expected: [DiagnosticCode]) {
        #expect(Sample.codes(text(lines)) == expected)
    }

    @Test func `every check that verifies has the authorities`() throws {
        let service = try #require(Sample.virtualServer(text("ca /etc/ssl/ca.pem")))
        guard case .http(let http) = service.realServers[0].checks[0].kind else {
            Issue.record("no HTTP check")
            return
        }
        #expect(http.tls == TLSSettings(verifies: true, authorities: "/etc/ssl/ca.pem"))
    }
}
