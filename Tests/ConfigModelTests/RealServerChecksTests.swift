import ConfigModel
import ConfigSyntax
import Testing

@Suite struct RealServerChecksTests {
    private func codes(
        _ header: String = "192.0.2.100 80", kind: String = "DR", lines: String = "protocol TCP",
        servers: String
    ) -> [DiagnosticCode] {
        Sample.codes(Sample.service(header, kind: kind, lines: lines, servers: servers))
    }

    @Test(arguments: [("DR", true), ("TUN", true), ("NAT", false)])
    func `direct routing and tunnels keep the port`(kind: String, isRefused: Bool) {
        #expect(
            codes(kind: kind, servers: Sample.server("192.0.2.21 8080"))
                == (isRefused ? [.portTranslation] : []))
        #expect(codes(kind: kind, servers: Sample.server("192.0.2.21 80")) == [])
        #expect(codes(kind: kind, servers: Sample.server("192.0.2.21")) == [])
        #expect(
            codes(kind: kind, lines: "protocol TCP\nsorry_server 192.0.2.9 81", servers: Sample.server())
                == (isRefused ? [.portTranslation] : []))
    }

    @Test func `the server's own method counts`() {
        #expect(codes(servers: Sample.server("192.0.2.21 8080", "lb_kind NAT\nTCP_CHECK {\n}")) == [])
        #expect(
            codes(kind: "NAT", servers: Sample.server("192.0.2.21 8080", "lb_kind DR\nTCP_CHECK {\n}"))
                == [.portTranslation])
    }

    @Test func `a service by mark forwards whatever the port`() {
        #expect(codes("fwmark 3", lines: "", servers: Sample.server("192.0.2.21 8080")) == [])
    }

    @Test func `a service of every port keeps every port`() {
        let lines = "protocol TCP\npersistence_timeout 5"
        #expect(codes("192.0.2.100", lines: lines, servers: Sample.server()) == [.portTranslation])
        #expect(codes("192.0.2.100", kind: "NAT", lines: lines, servers: Sample.server()) == [])
    }

    @Test func `a server is in a service once`() {
        #expect(codes(servers: Sample.server() + Sample.server()) == [.duplicateRealServer])
        #expect(codes(servers: Sample.server() + Sample.server("192.0.2.21")) == [.duplicateRealServer])
        #expect(
            codes(kind: "NAT", servers: Sample.server("192.0.2.21 80") + Sample.server("192.0.2.21 81")) == []
        )
    }

    @Test func `by mark two ports of a server are one destination, except by NAT`() {
        let servers = Sample.server("192.0.2.21 80") + Sample.server("192.0.2.21 81")
        #expect(codes("fwmark 3", lines: "", servers: servers) == [.duplicateRealServer])
        #expect(codes("fwmark 3", kind: "NAT", lines: "", servers: servers) == [])
    }

    @Test func `families do not mix`() {
        let servers = Sample.server() + Sample.server("2001:db8::21 80")
        #expect(codes(servers: servers) == [.mixedFamilies])
        #expect(codes("fwmark 3", lines: "", servers: servers) == [.mixedFamilies])
        #expect(codes("fwmark 3 inet6", lines: "", servers: servers) == [.mixedFamilies])
        #expect(
            codes(lines: "protocol TCP\nsorry_server 2001:db8::9 80", servers: Sample.server()) == [
                .mixedFamilies
            ])
        #expect(codes(kind: "DR", servers: servers) == [.mixedFamilies])
    }

    @Test func `a tunnel takes one family to a server of the other, but connections are not synced then`() {
        let servers = Sample.server() + Sample.server("2001:db8::21 80")
        #expect(codes(kind: "TUN", servers: servers) == [])
        let one = Sample.server("2001:db8::21 80", "lb_kind TUN\nTCP_CHECK {\n}")
        #expect(codes(servers: Sample.server() + one) == [], "the server's own method")
        let sorry = "protocol TCP\nsorry_server 2001:db8::9 80\nsorry_server_lvs_method "
        #expect(codes(lines: sorry + "TUN", servers: Sample.server()) == [])
        #expect(codes(lines: sorry + "NAT", servers: Sample.server()) == [.mixedFamilies])
        let mark = "fwmark 3"
        let six = Sample.server("2001:db8::21 80", "lb_kind TUN\nTCP_CHECK {\n}")
        #expect(
            codes(mark, lines: "", servers: six + Sample.server()) == [], "the one without a tunnel tells")
        #expect(codes(mark, lines: "", servers: six) == [])
        let global = "global_defs {\nlvs_sync_daemon eth0\n}\n"
        #expect(Sample.codes(global + Sample.service(kind: "TUN", servers: servers)) == [.mixedFamilies])
    }

    @Test func `a real server is not the virtual one`() {
        #expect(codes(servers: Sample.server("192.0.2.100 80")) == [.realServerIsVirtual])
        #expect(codes(servers: Sample.server("192.0.2.100")) == [.realServerIsVirtual])
        #expect(codes(kind: "NAT", servers: Sample.server("192.0.2.100 8080")) == [])
    }

    @Test func `a sorry server without a port takes the service's, which is said`() {
        let servers = Sample.server()
        #expect(codes(lines: "protocol TCP\nsorry_server 192.0.2.30", servers: servers) == [.sorryServerPort])
        #expect(codes("fwmark 3", lines: "sorry_server 192.0.2.30", servers: servers) == [])
    }
}
