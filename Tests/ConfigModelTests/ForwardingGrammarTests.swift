import ConfigSyntax
import LoadBalancing
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
        let again = ForwardingGrammar.words(expected).joined(separator: " ")
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

    @Test func `a server's own method has its own wrapping`() {
        let servers = Sample.server("192.0.2.21 80", "lb_kind TUN type gre\nTCP_CHECK {\n}")
        let service = Sample.virtualServer(Sample.service(kind: "TUN", servers: servers))
        #expect(service?.realServers[0].encapsulation.type == Encapsulation.gre)
        #expect(service?.encapsulation == .ipip)
    }
}
