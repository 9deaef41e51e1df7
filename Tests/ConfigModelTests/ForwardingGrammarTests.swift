import ConfigSyntax
import LoadBalancing
import NetTypes
import Testing

@testable import ConfigModel

@Suite struct ForwardingGrammarTests {
    private func encapsulation(_ words: String) -> Encapsulation? {
        Sample.virtualServer(Sample.service(kind: words))?.encapsulation
    }

    @Test(
        arguments: [
            ("TUN", 0, 0, 0), ("TUN type ipip", 0, 0, 0), ("TUN nocsum", 0, 0, 0),
            ("TUN type gue port 6080", 1, 6080, 0), ("TUN type gue port 6080 remcsum", 1, 6080, 2),
            ("TUN type gre", 2, 0, 0), ("TUN type gre csum", 2, 0, 1), ("NAT", 0, 0, 0),
        ] as [(String, UInt8, UInt16, UInt16)])
    func `a tunnel is wrapped as written`(words: String, type: UInt8, port: UInt16, flags: UInt16) {
        let expected = Encapsulation(type: type, port: port, flags: flags)
        #expect(encapsulation(words) == expected)
        let again = expected.words.joined(separator: " ")
        #expect(encapsulation("TUN \(again)") == expected)
    }

    @Test(arguments: [
        ("TUN type", DiagnosticCode.missingValue), ("TUN type vxlan", .unknownChoice),
        ("TUN type gue", .missingValue), ("TUN type gue 6080", .missingValue),
        ("TUN type gue port 0", .outOfRange), ("TUN csum", .unknownChoice),
        ("TUN type gre remcsum", .unknownChoice), ("DR type gre", .unexpectedWord),
        ("NAT csum", .unexpectedWord), ("TUN type gre csum x", .unexpectedWord),
    ])
    func `bad words are refused for one reason`(words: String, code: DiagnosticCode) {
        #expect(Sample.errors(Sample.service(kind: words)) == [code])
    }

    @Test func `FULLNAT is NAT of both addresses`() throws {
        let lines = "protocol TCP\nfullnat_source 192.0.2.100"
        let full = try #require(Sample.virtualServer(Sample.service(kind: "FULLNAT", lines: lines)))
        #expect(full.forwarding == .masquerade)
        #expect(full.sourceTranslation == .address(.v4(IPv4Address(192, 0, 2, 100))))
        #expect(full.realServers[0].forwarding == nil)
        let alone = try #require(Sample.virtualServer(Sample.service(kind: "fullnat")))
        #expect(alone.sourceTranslation == .masquerade)
        #expect(Sample.virtualServer(Sample.service(kind: "NAT"))?.sourceTranslation == nil)
        // The last word counts.
        let later = Sample.service(kind: "FULLNAT", lines: "protocol TCP\nlb_kind NAT")
        #expect(Sample.virtualServer(later)?.sourceTranslation == nil)
    }

    @Test(arguments: ["lb_kind FULLNAT", "lvs_method FULLNAT"])
    func `a server alone cannot have it`(line: String) {
        let servers = Sample.server("192.0.2.21 80", "\(line)\nTCP_CHECK {\n}")
        #expect(Sample.errors(Sample.service(kind: "NAT", servers: servers)) == [.unsupportedValue])
        let sorry = "protocol TCP\nsorry_server 192.0.2.30 80\nsorry_server_lvs_method FULLNAT"
        #expect(Sample.errors(Sample.service(kind: "NAT", lines: sorry)) == [.unsupportedValue])
    }

    @Test func `a server's own method has its own wrapping`() {
        let servers = Sample.server("192.0.2.21 80", "lb_kind TUN type gre\nTCP_CHECK {\n}")
        let service = Sample.virtualServer(Sample.service(kind: "TUN", servers: servers))
        #expect(service?.realServers[0].encapsulation.type == Encapsulation.gre)
        #expect(service?.encapsulation == .ipip)
    }
}
