import ConfigModel
import ConfigSyntax
import LoadBalancing
import Testing

@Suite struct VirtualServerGrammarTests {
    private func codes(_ line: String) -> [DiagnosticCode] {
        Sample.codes(Sample.service(lines: "protocol TCP\n\(line)"))
    }

    @Test(arguments: [
        "persistence_timeout", "persistence_timeout 1", "persistence_timeout 2678400",
        "persistence_granularity 255.255.255.0", "persistence_granularity 24", "quorum 1",
        "inhibit_on_failure",
        "virtualhost www.example.net", "sorry_server 192.0.2.30 80",
        "delay_loop 0.5",
        "retry 0", "retry 100000", "delay_before_retry 0", "warmup 0", "alpha", "alpha no",
        "connect_timeout 86400",
    ])
    func `a good line is taken`(line: String) {
        #expect(codes(line) == [])
    }

    @Test(arguments: [
        ("persistence_timeout 0", DiagnosticCode.outOfRange), ("persistence_timeout 2678401", .outOfRange),
        ("persistence_granularity 0", .outOfRange), ("persistence_granularity 33", .outOfRange),
        ("quorum 0", .outOfRange), ("inhibit_on_failure on", .unexpectedWord),
        ("virtualhost \"a b\"", .invalidName),
        ("sorry_server", .missingValue), ("sorry_server host 80", .invalidAddress),
        ("sorry_server 192.0.2.30 80 81", .unexpectedWord), ("delay_loop 0", .outOfRange),
        ("retry -1", .outOfRange),
        ("connect_timeout 0", .outOfRange), ("loop_guard_mark 0", .outOfRange),
        ("loop_guard yes", .unexpectedWord),
        ("weight 0", .outOfRange), ("hysteresis -1", .outOfRange), ("ops on", .unexpectedWord),
        ("ha_suspend yes", .unexpectedWord), ("lb_algo rr", .givenTwice), ("lvs_sched rr", .givenTwice),
        ("lvs_method DR", .givenTwice), ("lb_kind DSR", .unknownChoice), ("lb_algo wrrr", .unknownChoice),
        ("lb_kind TUN type gue", .missingValue), ("protocol TPC", .unknownChoice),
        ("TCP_CHECK {\n}", .misplacedKeyword),
    ])
    func `a bad line is refused for one reason`(line: String, code: DiagnosticCode) {
        #expect(codes(line) == [code])
    }

    @Test(arguments: [
        ("192.0.2.100 80", "192.0.2.100:80/tcp"), ("2001:db8::100 80", "[2001:db8::100]:80/tcp"),
        ("fwmark 3", "fwmark:3"), ("fwmark 3 inet", "fwmark:3"), ("fwmark 3 inet6", "fwmark:3/inet6"),
    ])
    func `a service is named by address or mark`(header: String, identity: String) throws {
        let isV6 = identity.contains("6]") || identity.contains("::") || identity.hasSuffix("inet6")
        let servers = Sample.server(isV6 ? "2001:db8::21 80" : "192.0.2.21 80")
        let service = try #require(Sample.virtualServer(Sample.service(header, servers: servers)))
        #expect(service.identity.description == identity)
    }

    @Test(arguments: [
        ("", DiagnosticCode.missingValue), ("192.0.2.100 0", .outOfRange),
        ("192.0.2.100 http", .invalidNumber),
        ("192.0.2.100:80", .invalidAddress), ("192.0.2.100 80 TCP", .unexpectedWord),
        ("fwmark", .missingValue),
        ("fwmark 0", .outOfRange), ("fwmark 3 ipv6", .unknownChoice), ("fwmark 3 inet x", .unexpectedWord),
        ("group web", .unknownServiceGroup), ("group", .missingValue), ("224.0.0.1 80", .invalidAddress),
    ])
    func `a bad header is refused for one reason`(header: String, code: DiagnosticCode) {
        #expect(Sample.codes(Sample.service(header)) == [code])
    }
}
