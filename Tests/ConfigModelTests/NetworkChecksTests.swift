import ConfigSyntax
import NetTypes
import Testing

@testable import ConfigModel

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

@Suite struct KnownNetworksTests {
    @Test func `the nearest network is named, by its first address`() throws {
        let text = Sample.instance(
            lines: "virtual_ipaddress_excluded {\n198.18.0.1/16\n198.18.3.1/24\n198.18.3.2/24\n192.0.2.9\n}")
        let draft = try #require(Sample.load(text).draft)
        let networks = KnownNetworks(draft)
        func line(_ address: String) throws -> Int? {
            let place = networks.place(of: try #require(IPAddress(address)))
            return place.map { Sample.load(text).sources.location(of: $0).line }
        }
        #expect(try line("192.0.2.77") == 5)
        #expect(try line("198.18.3.9") == 9 && line("198.18.4.9") == 8)
        #expect(try line("203.0.113.1") == nil && line("2001:db8::1") == nil)
    }
}
