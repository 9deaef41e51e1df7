import NetTypes
import Testing

@testable import ConfigModel

@Suite struct DoctorHostTests {
    private static let pair = Sample.instance() + Sample.service(servers: Sample.server())

    /// What is said of the host where these are the modes of `all` and eth0, and the default route is eth1's.
    private func filtered(
        _ all: String, _ own: String, text: String = pair, ways: Set<String>? = ["eth1"], dropped: UInt64 = 0,
        complaints: [String] = []
    ) throws -> DoctorFinding {
        try doctorFinding(8, text) { host, live in
            host.settings["net/ipv4/conf/all/rp_filter"] = all
            host.settings["net/ipv4/conf/eth0/rp_filter"] = own
            live.defaultInterfaces = ways
            live.misdirected = dropped
            live.complaints = complaints
        }
    }

    @Test func `clients from beyond are not heard where the way back is another one`() throws {
        for (all, own) in [("1", "1"), ("1", "0"), ("0", "1")] {
            let found = try filtered(all, own)
            #expect(found.level == .info && found.evidence.hasPrefix("rp_filter is strict on eth0"))
            #expect(found.cure == "sysctl -w net.ipv4.conf.eth0.rp_filter=2")
        }
        let dropping = try filtered("1", "0", dropped: 12)
        #expect(dropping.level == .warning && dropping.evidence.contains("; 12 packets were dropped"))
    }

    @Test func `a filter that hinders nobody is none`() throws {
        for (all, own) in [("0", "0"), ("2", "1"), ("1", "2"), ("0", "2")] {
            #expect(try filtered(all, own, dropped: 12).level == .ok, "loose, or off")
        }
        #expect(try filtered("1", "1", ways: ["eth0"], dropped: 12).level == .ok, "the way back is its own")
        #expect(try filtered("1", "1", ways: ["eth0", "eth1"]).level == .ok)
        #expect(try filtered("1", "1", ways: []).level == .ok, "everybody is near")
        #expect(try filtered("1", "1", ways: nil).level == .ok)
        #expect(try filtered("1", "1", text: Sample.instance()).level == .ok, "nothing is balanced")
        let elsewhere = Self.pair.replacing("virtual_server 192.0.2.100", with: "virtual_server 192.0.2.101")
        #expect(try filtered("1", "1", text: elsewhere).level == .ok, "no service has the address")
        let marked = Self.pair.replacing("virtual_server 192.0.2.100 80", with: "virtual_server fwmark 7")
        #expect(try filtered("1", "1", text: marked).level == .info, "any address may be the service's")
        let own = Self.pair.replacing("virtual_router_id", with: "use_vmac\nvirtual_router_id")
        #expect(try filtered("1", "1", text: own).level == .ok, "clients come by an interface of its own")
    }

    @Test func `complaints come first, and are not hidden`() throws {
        let found = try filtered("1", "1", complaints: ["eth7 is missing"])
        #expect(found.level == .warning && found.evidence.hasPrefix("eth7 is missing; rp_filter is strict"))
        #expect(try filtered("0", "0", complaints: ["eth7 is missing"]).evidence == "eth7 is missing")
    }
}
