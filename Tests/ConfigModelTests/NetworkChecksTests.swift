import ConfigModel
import ConfigSyntax
import Testing

@Suite struct NetworkChecksTests {
    private func codes(
        _ server: String, kind: String = "DR", vip: String = "192.0.2.100/24"
    ) -> [DiagnosticCode] {
        let instance = Sample.instance().replacing("192.0.2.100/24", with: vip)
        return Sample.codes(instance + Sample.service(kind: kind, servers: Sample.server(server)))
    }

    @Test func `direct routing to another network is warned about`() {
        #expect(codes("203.0.113.21 80") == [.foreignNetwork])
        #expect(codes("192.0.2.21 80") == [])
    }

    @Test func `other methods and host addresses say nothing`() {
        #expect(codes("203.0.113.21 8080", kind: "NAT") == [])
        #expect(codes("203.0.113.21 80", vip: "192.0.2.100/32") == [])
    }

    @Test func `any network of the virtual addresses will do`() {
        let instances =
            Sample.instance()
            + Sample.instance("B", id: 52).replacing("192.0.2.100/24", with: "203.0.113.1/24")
        #expect(Sample.codes(instances + Sample.service(servers: Sample.server("203.0.113.21 80"))) == [])
    }
}
