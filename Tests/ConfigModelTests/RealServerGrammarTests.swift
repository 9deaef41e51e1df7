import ConfigModel
import ConfigSyntax
import LoadBalancing
import Testing

@Suite struct RealServerGrammarTests {
    private func codes(_ line: String) -> [DiagnosticCode] {
        Sample.codes(Sample.service(servers: Sample.server("192.0.2.21 80", "TCP_CHECK {\n}\n\(line)")))
    }

    @Test(arguments: [
        "weight 1", "weight 2147483647", "inhibit_on_failure", "inhibit_on_failure off", "lb_kind NAT",
        "lvs_method TUN", "virtualhost a", "delay_loop 3", "retry 3", "delay_before_retry 3", "warmup 3",
        "alpha on", "uthreshold 5", "uthreshold 5\nlthreshold 4", "uthreshold 5\nlthreshold 5",
        "connect_timeout 3", "MISC_CHECK {\nmisc_path /bin/x\n}",
    ])
    func `a good line is taken`(line: String) {
        #expect(codes(line) == [])
    }

    @Test(arguments: [
        ("weight -1", DiagnosticCode.outOfRange), ("weight 2147483648", .outOfRange),
        ("weight", .missingValue),
        ("uthreshold -5", .outOfRange), ("lthreshold 5", .thresholdOrder),
        ("SSL_GET {\nurl {\n}\n}", .missingKeyword), ("FILE_CHECK {\n}", .missingKeyword),
        ("TCP_CHEKC {\n}", .unknownKeyword), ("TCP_CHECK", .missingBlock),
        ("TCP_CHECK x {\n}", .unexpectedWord),
        ("quorum 1", .misplacedKeyword), ("lb_kind XX", .unknownChoice),
    ])
    func `a bad line is refused for one reason`(line: String, code: DiagnosticCode) {
        #expect(codes(line) == [code])
    }

    @Test(arguments: [
        ("", DiagnosticCode.missingValue), ("host 80", .invalidAddress), ("192.0.2.21 0", .outOfRange),
        ("192.0.2.21 65536", .outOfRange), ("192.0.2.21 80 x", .unexpectedWord),
    ])
    func `a bad header is refused for one reason`(header: String, code: DiagnosticCode) {
        #expect(Sample.codes(Sample.service(servers: Sample.server(header))) == [code])
    }
}
