import ConfigModel
import ConfigSyntax
import LoopGuard
import Testing

@Suite struct LoopGuardGrammarTests {
    private func codes(_ line: String) -> [DiagnosticCode] {
        Sample.codes(
            "loop_guard {\npeer 192.0.2.9\n\(line)\n}\nglobal_defs {\nlvs_sync_daemon eth0 VI_1\n}\n"
                + Sample.instance() + Sample.service(lines: "protocol TCP\nloop_guard"))
    }

    @Test(arguments: [
        "peer 192.0.2.3", "peer 2001:db8::3 dev eth0", "peer_mac 02:00:00:00:00:0b",
        "peer 192.0.2.9 dev eth1",
        "peer_mac 00:00:5e:00:00:01",
    ])
    func `a peer is an address or a MAC`(line: String) {
        #expect(codes(line) == [])
    }

    @Test(arguments: [
        ("peer", DiagnosticCode.missingValue), ("peer lvs-b", .invalidAddress),
        ("peer 192.0.2.3 eth0", .unexpectedWord),
        ("peer 192.0.2.3 dev", .missingValue), ("peer 192.0.2.3 dev a/b", .invalidName),
        ("peer 192.0.2.9", .givenTwice),
        ("peer_mac x", .invalidMAC), ("peer_mac 02:00:00:00:00:0b x", .unexpectedWord),
        ("peer_mac 00:00:5e:00:01:01", .invalidMAC), ("peer_mac 01:00:00:00:00:0b", .invalidMAC),
        ("priority 5", .misplacedKeyword), ("pear 192.0.2.3", .unknownKeyword),
    ])
    func `anything else is refused for one reason`(line: String, code: DiagnosticCode) {
        #expect(codes(line) == [code])
    }
}
