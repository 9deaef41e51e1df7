import NetTypes
import Testing

@testable import ConfigModel

@Suite struct DoctorHostTests {
    private static let pair = Sample.instance() + Sample.service(servers: Sample.server())

    /// What is said of the host where these are the modes of `all` and eth0, and the default route is eth1's.
    private func filtered(
        _ all: String, _ own: String, text: String = pair, ways: Set<String>? = ["eth1"], dropped: UInt64 = 0,
        now: UInt64? = nil, rules: Bool? = false, complaints: [String] = []
    ) throws -> DoctorFinding {
        try doctorFinding(8, text) { host, live in
            host.settings["net/ipv4/conf/all/rp_filter"] = all
            host.settings["net/ipv4/conf/eth0/rp_filter"] = own
            live.defaultInterfaces = ways
            live.misdirected = dropped
            live.newlyMisdirected = now
            live.hasRoutingRules = rules
            live.complaints = complaints
        }
    }

    @Test func `clients from beyond are not heard where the way back is another one`() throws {
        for (all, own) in [("1", "1"), ("1", "0"), ("0", "1")] {
            let found = try filtered(all, own)
            #expect(found.level == .info && found.evidence.hasPrefix("rp_filter is strict on eth0"))
            #expect(found.cure == "sysctl -w net.ipv4.conf.eth0.rp_filter=2")
        }
        let dropping = try filtered("1", "0", dropped: 12, now: 2)
        #expect(dropping.level == .warning, "\(dropping)")
        #expect(
            dropping.evidence.hasSuffix(
                "; 2 packets were dropped for such a reason now, 12 since this host was started"))
        let over = try filtered("1", "0", dropped: 12, now: 0)
        #expect(over.level == .info && over.evidence.contains("; 0 packets were dropped"), "\(over)")
        let unwatched = try filtered("1", "0", dropped: 12)
        #expect(unwatched.level == .info && unwatched.evidence.contains("was not watched, 12 since"))
    }

    @Test func `where rules choose the way back nothing is claimed`() throws {
        let routed = try filtered("1", "1", dropped: 12, now: 12, rules: true)
        #expect(routed.level == .info && routed.cure == nil && routed.evidence.hasSuffix("was not judged"))
        #expect(try filtered("1", "1", now: 12, rules: nil).level == .warning, "nobody knows of any")
        #expect(try filtered("2", "2", rules: true).level == .ok)
    }

    @Test func `only a filter that may drop is watched`() throws {
        func isWatched(_ mode: String, dropped: UInt64, rules: Bool) throws -> Bool {
            var (host, live) = (HostDescription(), LiveHost())
            host.settings["net/ipv4/conf/eth0/rp_filter"] = mode
            live.defaultInterfaces = ["eth1"]
            (live.misdirected, live.hasRoutingRules) = (dropped, rules)
            let configuration = try #require(Sample.load(Self.pair).configuration)
            return Doctor(configuration, on: host, running: live).mayMisdirect
        }
        #expect(try isWatched("1", dropped: 3, rules: false))
        #expect(try !isWatched("2", dropped: 3, rules: false))
        #expect(try !isWatched("1", dropped: 0, rules: false))
        #expect(try !isWatched("1", dropped: 3, rules: true))
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
        let many = (1...9).map { "eth\($0) is missing" }
        let told = try filtered("1", "1", complaints: many).evidence
        #expect(told.contains("eth5 is missing; rp_filter is strict on eth0") && !told.contains("eth6"))
        #expect(try filtered("0", "0", complaints: ["eth7 is missing"]).evidence == "eth7 is missing")
    }
}
