import ConfigModel
import ConfigSyntax
import HealthChecks
import Testing

@Suite struct ProbeChecksTests {
    @Test func `an expression that does not compile is found where it stands`() throws {
        let text = Sample.service(
            servers: Sample.server(
                "192.0.2.21 80", "HTTP_GET {\nurl {\npath /\nregex a(b\nregex_options caseless\n}\n}"))
        let surroundings = Surroundings(configID: "a") { _ in .success(Array(text.utf8)) }
        let bad = ConfigurationLoader.load(path: "t", surroundings) { pattern in
            #expect(pattern == BodyPattern("a(b", options: [.caseless]))
            return "missing )"
        }
        let found = try #require(bad.diagnostics.first { $0.code == .invalidPattern })
        #expect(found.message == "regex is no expression: missing )")
        #expect(bad.configuration == nil)
        #expect(ConfigurationLoader.load(path: "t", surroundings).configuration != nil)
    }

    private func codes(
        _ check: String, header: String = "192.0.2.21 80", service: String = "192.0.2.100 80"
    ) -> [DiagnosticCode] {
        let lines = service.hasPrefix("fwmark") ? "" : "protocol TCP"
        return Sample.codes(Sample.service(service, lines: lines, servers: Sample.server(header, check)))
    }

    @Test func `a server that nothing checks is said`() {
        #expect(codes("") == [.neverChecked])
        #expect(codes("weight 3") == [.neverChecked])
        #expect(codes("TCP_CHECK {\n}") == [])
    }

    @Test func `a check that could not be read is still one`() {
        #expect(codes("TCP_CHEKC {\n}") == [.unknownKeyword])
        #expect(codes("BFD_CHECK {\n}") == [.unsupportedKeyword])
    }

    @Test(arguments: ["TCP_CHECK {\n}", "HTTP_GET {\nurl {\npath /\nstatus_code 200\n}\n}"])
    func `a check by network has a port`(check: String) {
        #expect(codes(check, header: "192.0.2.21", service: "fwmark 3") == [.checkWithoutPort])
        #expect(codes(check, header: "192.0.2.21 80", service: "fwmark 3") == [])
        #expect(codes(check, header: "192.0.2.21") == [])
        let with = check.dropLast() + "connect_port 80\n}"
        #expect(codes(String(with), header: "192.0.2.21", service: "fwmark 3") == [])
        let bad = check.dropLast() + "connect_port x\n}"
        #expect(codes(String(bad), header: "192.0.2.21", service: "fwmark 3") == [.invalidNumber])
    }

    @Test func `a check connects from an address of its target's family`() {
        #expect(codes("TCP_CHECK {\nbindto 192.0.2.2\nbind_port 2000\nbind_if eth0\n}") == [])
        #expect(codes("TCP_CHECK {\nbindto 2001:db8::2\n}") == [.sourceOfOtherFamily])
        #expect(codes("TCP_CHECK {\nbindto 2001:db8::2\nconnect_ip 2001:db8::3\n}") == [])
        #expect(codes("TCP_CHECK {\nbind_port 0\n}") == [.outOfRange])
    }

    @Test func `a program needs no port`() {
        #expect(codes("MISC_CHECK {\nmisc_path /bin/x\n}", header: "192.0.2.21", service: "fwmark 3") == [])
    }

    @Test func `TCP does not say much about another protocol`() {
        func codes(_ name: String, _ check: String) -> [DiagnosticCode] {
            Sample.codes(
                Sample.service(lines: "protocol \(name)", servers: Sample.server("192.0.2.21 80", check)))
        }
        #expect(codes("UDP", "TCP_CHECK {\n}") == [.checkOfOtherProtocol])
        #expect(codes("SCTP", "HTTP_GET {\nurl {\npath /\nstatus_code 200\n}\n}") == [.checkOfOtherProtocol])
        #expect(codes("UDP", "MISC_CHECK {\nmisc_path /bin/x\n}") == [])
    }

    @Test(
        arguments: [
            ("", "retry 3", []), ("delay_loop 3", "retry 3", []),
            ("delay_loop 3", "retry 4", [.retriesAboveLoop]),
            ("delay_loop 3", "retry 2\ndelay_before_retry 2", [.retriesAboveLoop]),
            ("delay_loop 3", "delay_before_retry 4", [.retriesAboveLoop]),
            ("delay_loop 3", "", []), ("delay_loop 3", "retry 100", [.retriesAboveLoop]),
            ("delay_loop 3", "connect_timeout 3", []),
            ("delay_loop 3", "connect_timeout 3.5", [.timeoutAboveLoop]), ("", "connect_timeout 80", []),
        ] as [(String, String, [DiagnosticCode])])
    func `attempts and time outs fit into delay_loop where it is written`(
        service: String, check: String, codes: [DiagnosticCode]
    ) {
        let text = Sample.service(
            lines: "protocol TCP\n\(service)",
            servers: Sample.server("192.0.2.21 80", "TCP_CHECK {\n\(check)\n}"))
        #expect(Sample.codes(text) == codes)
    }

    @Test func `a script's time out fits, too`() {
        func codes(_ limit: String) -> [DiagnosticCode] {
            let check = "MISC_CHECK {\nmisc_path /bin/x\nmisc_timeout \(limit)\n}"
            let server = Sample.server("192.0.2.21 80", check)
            return Sample.codes(Sample.service(lines: "protocol TCP\ndelay_loop 3", servers: server))
        }
        #expect(codes("3") == [])
        #expect(codes("4") == [.timeoutAboveLoop])
    }

    @Test func `a page that any answer is good enough for`() {
        func page(_ line: String) -> [DiagnosticCode] { codes("HTTP_GET {\nurl {\npath /\n\(line)\n}\n}") }
        #expect(page("") == [.urlWithoutCriterion])
        #expect(page("status_code x") == [.outOfRange])
        #expect(page("regex ok") == [])
        #expect(codes("HTTP_GET {\nurl {\n}\n}") == [.missingKeyword])
    }
}
