import ConfigModel
import ConfigSyntax
import Testing

@Suite struct FullNATChecksTests {
    private func found(
        _ lines: String, kind: String = "FULLNAT", header: String = "192.0.2.100 80",
        instance: String = "virtual_ipaddress_excluded {\n192.0.2.250/24\n}", global: String = "",
        servers: String = Sample.server()
    ) -> [Diagnostic] {
        Sample.load(
            "global_defs {\n\(global)\n}\n" + Sample.instance(lines: instance)
                + Sample.service(header, kind: kind, lines: lines, servers: servers)
        ).diagnostics
    }

    private let source = "protocol TCP\nfullnat_source 192.0.2.250"

    @Test func `an address that moves with the service is good`() {
        #expect(found(source).isEmpty)
        #expect(found(source, instance: "").map(\.code) == [.sourceWithoutInstance])
        #expect(found(source.replacing("250", with: "100"), instance: "").isEmpty, "the service's own")
    }

    @Test func `where nothing elects, the address comes from elsewhere`() {
        let text = Sample.service(kind: "FULLNAT", lines: source)
        #expect(Sample.codes(text) == [])
    }

    @Test func `masquerading is warned about`() throws {
        let finding = try #require(found("protocol TCP").first)
        #expect(finding.code == .masqueradedSource && finding.severity == .warning)
        #expect(found("protocol TCP").count == 1)
        // One that could not be read was meant to be there.
        #expect(found("protocol TCP\nfullnat_source 192.0.2.300").map(\.code) == [.invalidAddress])
    }

    @Test(arguments: ["NAT", "DR"]) func `the source means nothing to another method`(kind: String) {
        #expect(found(source, kind: kind).map(\.code) == [.keywordWithoutEffect])
    }

    @Test func `the families agree`() {
        let other = found("protocol TCP\nfullnat_source 2001:db8::5").map(\.code)
        #expect(other == [.mixedFamilies, .sourceWithoutInstance])
    }

    @Test func `a server by NAT beside it is refused, one by another method is not`() {
        func server(_ line: String) -> String { Sample.server("192.0.2.21 80", "\(line)\nTCP_CHECK {\n}") }
        #expect(found(source, servers: server("lb_kind NAT")).map(\.code) == [.natBesideFullNAT])
        #expect(found(source, servers: server("lb_kind DR")).isEmpty)
        let sorry = source + "\nsorry_server 192.0.2.30 80\nsorry_server_lvs_method NAT"
        #expect(found(sorry).map(\.code) == [.natBesideFullNAT])
    }

    @Test func `it needs netfilter to look at its packets`() {
        #expect(found(source, global: "lvs_conntrack off").map(\.code) == [.fullNATWithoutConntrack])
        #expect(found(source, global: "lvs_conntrack").isEmpty)
        #expect(found("protocol TCP", kind: "NAT", global: "lvs_conntrack off").isEmpty)
    }

    @Test func `what the kernel forgets, or tells apart by another port, cannot be rewritten`() throws {
        let ping = Sample.server("192.0.2.21 80", "PING_CHECK {\n}")
        func datagrams(_ more: String, header: String = "192.0.2.100 80") -> [DiagnosticCode] {
            let lines = "protocol UDP\nfullnat_source 192.0.2.250\n\(more)"
            return found(lines, header: header, servers: ping).map(\.code)
        }
        #expect(datagrams("ops") == [.fullNATOfOnePacket])
        #expect(datagrams("ops", header: "fwmark 3").contains(.fullNATOfOnePacket))
        #expect(datagrams("").isEmpty)
        #expect(
            !found(source + "\nops").contains { $0.code == .fullNATOfOnePacket }, "it counts for UDP alone")
        let finding = try #require(found(source, header: "192.0.2.100 21").first)
        #expect(finding.code == .fullNATOfFTP && finding.severity == .warning)
        #expect(
            !found("protocol TCP", kind: "NAT", header: "192.0.2.100 21").contains {
                $0.code == .fullNATOfFTP
            })
    }

    @Test func `the loop guard is not for it`() {
        let codes = Sample.errors(
            "loop_guard {\npeer 192.0.2.3\n}\n" + Sample.instance()
                + Sample.service(kind: "FULLNAT", lines: "protocol TCP\nloop_guard"))
        #expect(codes == [.guardForwarding])
    }

    @Test func `a service by mark may have it`() {
        #expect(found("fullnat_source 192.0.2.250", header: "fwmark 3").isEmpty)
    }
}
