import ConfigModel
import ConfigSyntax
import LoadBalancing
import Testing

@Suite struct ServiceChecksTests {
    @Test(
        arguments: [
            ("protocol TCP", []), ("", [.protocolMissing]), ("protocol TPC", [.unknownChoice]),
            ("protocl TCP", [.unknownKeyword]),
        ] as [(String, [DiagnosticCode])])
    func `a service by address has a protocol`(lines: String, codes: [DiagnosticCode]) {
        #expect(Sample.codes(Sample.service(lines: lines)) == codes)
    }

    @Test func `a service by mark needs none`() {
        #expect(Sample.codes(Sample.service("fwmark 3", lines: "")) == [])
        #expect(Sample.codes(Sample.service("fwmark 3")) == [.protocolIgnored])
    }

    @Test func `defaults that decide where packets go are said`() {
        let plain = Sample.service()
        #expect(Sample.codes(plain.replacing("lb_algo rr\n", with: "")) == [.defaultScheduler])
        #expect(Sample.codes(plain.replacing("lb_kind DR\n", with: "")) == [.defaultForwarding])
        #expect(Sample.codes(plain.replacing("lb_kind DR", with: "lb_knid DR")) == [.unknownKeyword])
    }

    @Test func `a service without servers is refused once`() {
        #expect(Sample.codes(Sample.service(servers: "")) == [.noRealServer])
        #expect(Sample.codes(Sample.service(servers: "real_sever 192.0.2.21 80 {\n}\n")) == [.unknownKeyword])
        #expect(Sample.codes(Sample.service("fwmark x", servers: "")) == [.invalidNumber])
    }

    @Test func `a service without a port says that it is persistent`() {
        let servers = Sample.server("192.0.2.21", "TCP_CHECK {\nconnect_port 1\n}")
        func codes(_ lines: String) -> [DiagnosticCode] {
            Sample.codes(Sample.service("192.0.2.100", lines: "protocol TCP\n\(lines)", servers: servers))
        }
        #expect(codes("") == [.impliedPersistence])
        #expect(codes("persistence_timeout 5") == [])
        #expect(codes("persistence_granularity 24") == [])
    }

    @Test(arguments: [(1, []), (2, []), (3, [.quorumAboveWeight])] as [(Int, [DiagnosticCode])])
    func `a quorum above all weights is said`(quorum: Int, codes: [DiagnosticCode]) {
        let servers = Sample.server("192.0.2.21 80", "weight 2\nTCP_CHECK {\n}")
        #expect(
            Sample.codes(Sample.service(lines: "protocol TCP\nquorum \(quorum)", servers: servers)) == codes)
    }

    @Test(
        arguments: [
            (1, 0, []), (2, 1, []), (2, 2, [.hysteresisAboveQuorum]), (1, 1, [.hysteresisAboveQuorum]),
        ]
            as [(Int, Int, [DiagnosticCode])])
    func `a hysteresis is below its quorum`(quorum: Int, hysteresis: Int, codes: [DiagnosticCode]) {
        let servers = Sample.server("192.0.2.21 80", "weight 2\nTCP_CHECK {\n}")
        let lines = "protocol TCP\nquorum \(quorum)\nhysteresis \(hysteresis)"
        #expect(Sample.codes(Sample.service(lines: lines, servers: servers)) == codes)
        let service = Sample.virtualServer(Sample.service(lines: lines, servers: servers))
        #expect(service?.hysteresis == UInt32(min(hysteresis, quorum - 1)))
    }

    @Test(
        arguments: [
            ("sh-port", [.flagWithoutEffect]), ("mh-fallback", [.flagWithoutEffect]),
            ("lb_algo sh\nsh-port\nsh-fallback", [.givenTwice]), ("flag-1\nflag-2\nflag-3", []),
            ("ops", [.flagWithoutEffect]), ("flag-1\nflag-1", [.givenTwice]),
        ] as [(String, [DiagnosticCode])])
    func `a flag is of the scheduler that is used`(lines: String, codes: [DiagnosticCode]) {
        #expect(Sample.codes(Sample.service(lines: "protocol TCP\n\(lines)")) == codes)
    }

    @Test func `the family of a service can be said, not changed`() {
        #expect(Sample.codes(Sample.service("fwmark 3", lines: "ip_family inet")) == [])
        #expect(Sample.codes(Sample.service(lines: "protocol TCP\nip_family inet")) == [])
        #expect(
            Sample.codes(Sample.service(lines: "protocol TCP\nip_family inet6")) == [.contradictingFamily])
        #expect(
            Sample.codes(Sample.service("fwmark 3 inet", lines: "ip_family inet6")) == [.contradictingFamily])
    }

    @Test func `what is said about a sorry server needs one`() {
        let lines = "protocol TCP\nsorry_server_inhibit\nsorry_server_lvs_method TUN"
        #expect(Sample.codes(Sample.service(lines: lines)) == [.noSorryServer, .noSorryServer])
        let both = Sample.service(lines: lines + "\nsorry_server 192.0.2.90 80")
        #expect(Sample.codes(both) == [])
        let sorry = Sample.virtualServer(both)?.sorryServer
        #expect(sorry?.inhibitOnFailure == true && sorry?.forwarding == .tunnel)
        let plain = "protocol TCP\ninhibit_on_failure\nsorry_server 192.0.2.90 80"
        #expect(Sample.virtualServer(Sample.service(lines: plain))?.sorryServer?.inhibitOnFailure == false)
    }

    @Test func `a quorum is not judged by weights that could not be read`() {
        let servers = Sample.server("192.0.2.21 80", "weight x\nTCP_CHECK {\n}")
        #expect(
            Sample.codes(Sample.service(lines: "protocol TCP\nquorum 9", servers: servers)) == [
                .invalidNumber
            ])
    }

    @Test func `weights beyond 32 bits add up`() {
        let servers = (1...4).map { Sample.server("192.0.2.\($0) 80", "weight 2147483647\nTCP_CHECK {\n}") }
        let text = Sample.service(lines: "protocol TCP\nquorum 2147483647", servers: servers.joined())
        #expect(Sample.codes(text) == [])
    }

    @Test func `a granularity fits the family`() {
        let servers = Sample.server("2001:db8::21 80")
        let lines = "protocol TCP\npersistence_granularity 64"
        #expect(Sample.codes(Sample.service("2001:db8::1 80", lines: lines, servers: servers)) == [])
        #expect(Sample.codes(Sample.service(lines: lines)) == [.outOfRange])
    }

    @Test func `servers without any weight are said, unless the quorum says it`() {
        let servers = Sample.server("192.0.2.21 80", "weight 0\nTCP_CHECK {\n}")
        #expect(Sample.codes(Sample.service(servers: servers)) == [.noWeight])
        #expect(Sample.codes(Sample.service(servers: servers + Sample.server("192.0.2.22 80"))) == [])
        let text = Sample.service(lines: "protocol TCP\nquorum 1", servers: servers)
        #expect(Sample.codes(text) == [.quorumAboveWeight])
    }
}
