import ConfigModel
import ConfigSyntax
import HealthChecks
import Testing

@Suite struct CheckGrammarTests {
    private func codes(_ check: String) -> [DiagnosticCode] {
        Sample.codes(Sample.service(servers: Sample.server("192.0.2.21 80", check)))
    }

    @Test(arguments: ["TCP_CHECK", "HTTP_GET", "SSL_GET", "SMTP_CHECK", "DNS_CHECK", "UDP_CHECK"])
    func `network checks share their options`(name: String) {
        let url = name.hasSuffix("GET") ? "url {\npath /\nstatus_code 200\n}\n" : ""
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
        #expect(codes("\(name) {\n\(url)fwmark 3\n}") == [])
        #expect(codes("\(name) {\n\(url)misc_path /bin/x\n}") == [.misplacedKeyword])
    }

    @Test(
        arguments: [
            ("SMTP_CHECK", "helo_name a.example.org", []), ("SMTP_CHECK", "helo_name", [.missingValue]),
            (
                "SMTP_CHECK", "host {\nconnect_ip 192.0.2.9\nconnect_port 26\n}\nhost {\nbindto 192.0.2.1\n}",
                [.obsoleteKeyword, .obsoleteKeyword]
            ),
            ("SMTP_CHECK", "host a {\n}", [.obsoleteKeyword, .unexpectedWord]),
            ("SMTP_CHECK", "host {\nhelo_name a\n}", [.obsoleteKeyword, .misplacedKeyword]),
            ("DNS_CHECK", "type aaaa\nname www.example.org.", []),
            ("DNS_CHECK", "type ANY", [.unknownChoice]),
            ("DNS_CHECK", "name a..b", [.invalidName]), ("DNS_CHECK", "name .", []),
            ("DNS_CHECK", "name \(String(repeating: "a", count: 64))", [.invalidName]),
            ("UDP_CHECK", "payload 00ff\nrequire_reply 0XffXX\nmin_reply_length 1\nmax_reply_length 9", []),
            ("UDP_CHECK", "require_reply", []), ("UDP_CHECK", "require_reply 0", [.invalidNumber]),
            ("UDP_CHECK", "payload 0X", [.invalidNumber]), ("UDP_CHECK", "payload", [.missingValue]),
            ("UDP_CHECK", "min_reply_length 256", [.replyLengths]),
            ("UDP_CHECK", "max_reply_length 70000", [.outOfRange]),
            ("UDP_CHECK", "min_reply_length 9\nmax_reply_length 8", [.replyLengths]),
            ("PING_CHECK", "connect_ip 192.0.2.9\nbindto 192.0.2.1\nbind_if eth0\nretry 3", []),
            ("PING_CHECK", "connect_port 7", [.keywordWithoutEffect]),
            ("PING_CHECK", "bind_port 7", [.keywordWithoutEffect]),
        ] as [(String, String, [DiagnosticCode])])
    func `each check has keywords of its own`(name: String, lines: String, expected: [DiagnosticCode]) {
        #expect(codes("\(name) {\n\(lines)\n}") == expected)
    }

    @Test func `an echo needs no port, and other protocols have checks of their own`() {
        func codes(_ check: String, _ transport: String) -> [DiagnosticCode] {
            Sample.codes(
                Sample.service("fwmark 3", lines: "", servers: Sample.server("192.0.2.21", check)))
                + Sample.codes(
                    Sample.service(
                        lines: "protocol \(transport)", servers: Sample.server("192.0.2.21 80", check)))
        }
        #expect(codes("PING_CHECK {\n}", "UDP") == [])
        #expect(codes("DNS_CHECK {\nconnect_port 53\n}", "UDP") == [])
        #expect(codes("UDP_CHECK {\n}", "UDP") == [.checkWithoutPort])
        #expect(codes("SMTP_CHECK {\n}", "UDP") == [.checkWithoutPort, .checkOfOtherProtocol])
    }

    @Test(
        arguments: [
            ("misc_path /bin/x", []), ("misc_path \"/bin/x -a 'b c'\"\nmisc_timeout 3\nuser nobody", []),
            ("misc_path /bin/x\nretry 2\ndelay_before_retry 1\nwarmup 0\ndelay_loop 9\nalpha", []),
            ("", [.missingKeyword]), ("misc_path", [.missingValue]), ("misc_path x", []),
            ("misc_path x/y", [.invalidCommand]),
            ("misc_path /bin/x y", [.unexpectedWord]), ("misc_path /bin/x\nmisc_timeout 0", [.outOfRange]),
            ("misc_path /bin/x\nmisc_dynamic", []), ("misc_path /bin/x\nmisc_dynamic on", [.unexpectedWord]),
            ("misc_path /bin/x\nprobe_timeout 1", [.misplacedKeyword]),
            ("misc_path /bin/x\nuser a b", []), ("misc_path /bin/x\nuser a b c", [.unexpectedWord]),
            ("misc_path /bin/x\nconnect_port 5", [.misplacedKeyword]),
            ("misc_path /bin/x\nuser a\nuser b", [.givenTwice]),
        ] as [(String, [DiagnosticCode])])
    func `a MISC_CHECK runs a program`(text: String, expected: [DiagnosticCode]) {
        #expect(codes("MISC_CHECK {\n\(text)\n}") == expected)
    }
}
