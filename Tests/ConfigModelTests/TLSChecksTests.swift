import ConfigModel
import ConfigSyntax
import Testing

@Suite struct TLSChecksTests {
    private func codes(_ check: String) -> [DiagnosticCode] {
        Sample.codes(
            "SSL {\nca /etc/ca.pem\n}\n"
                + Sample.service(
                    servers: Sample.server(
                        "192.0.2.21 80", "\(check) {\nurl {\npath /\nstatus_code 200\n}\n}")))
    }

    @Test func `authorities that nobody asks for are said`() {
        #expect(codes("HTTP_GET") == [.optionWithoutKeyword])
        #expect(codes("SSL_GET") == [.optionWithoutKeyword])
        #expect(codes("SSL_GET {\ntls_verify\n}\nSSL_GET").contains(.optionWithoutKeyword) == false)
    }

    @Test func `a check that does not verify shows the certificate all the same`() {
        func codes(_ check: String) -> [DiagnosticCode] {
            Sample.codes(
                "SSL {\ncertificate /etc/a.pem\nkey /etc/a.key\n}\n"
                    + Sample.service(
                        servers: Sample.server(
                            "192.0.2.21 80", "\(check)\nurl {\npath /\nstatus_code 200\n}\n}")))
        }
        #expect(codes("SSL_GET {") == [])
        #expect(codes("HTTP_GET {") == [.optionWithoutKeyword])
        #expect(codes("SSL_GET {\ntls_name www.example.org") == [.optionWithoutKeyword])
    }

    @Test func `without authorities there is nothing to say`() {
        let check = "SSL_GET {\nurl {\npath /\nstatus_code 200\n}\n}"
        #expect(
            Sample.codes("SSL {\n}\n" + Sample.service(servers: Sample.server("192.0.2.21 80", check))) == [])
    }
}
