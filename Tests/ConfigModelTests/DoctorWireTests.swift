import NetTypes
import Testing

@testable import ConfigModel

@Suite struct DoctorWireTests {
    private static let pair = Sample.instance() + Sample.service(servers: Sample.server())

    private static let (own, peer, server) = ("02:00:00:00:00:02", "02:00:00:00:00:03", "02:00:00:00:00:21")

    /// What is said where the neighbour table is `known`.
    private func finding(
        _ number: Int, _ known: [String: String], text: String = pair,
        _ change: (inout HostDescription, inout LiveHost) -> Void = { _, _ in }
    ) throws -> DoctorFinding {
        var neighbours: [IPAddress: MACAddress] = [:]
        for (address, mac) in known {
            neighbours[try #require(IPAddress(address))] = MACAddress(mac)
        }
        return try doctorFinding(number, text) { host, live in
            live.neighbours = neighbours
            change(&host, &live)
        }
    }

    private static let healthy = ["192.0.2.100": peer, "192.0.2.3": peer, "192.0.2.21": server]

    @Test(arguments: [6, 12]) func `where the master has them, all is well`(number: Int) throws {
        let found = try finding(number, Self.healthy)
        #expect(found.level == .ok && found.cure == nil, "\(found)")
    }

    @Test func `a real server that answers for a virtual address is named`() throws {
        let table = Self.healthy.merging(["192.0.2.100": Self.server]) { $1 }
        let found = try finding(6, table)
        #expect(found.level == .failure && found.cure?.contains("arp_ignore=1") == true)
        #expect(
            found.evidence
                == "192.0.2.100 is at 02:00:00:00:00:21, 192.0.2.21: a real server answers for a virtual "
                + "address")
        let director = Sample.instance() + Sample.service(servers: Sample.server("192.0.2.3 80"))
        #expect(try finding(6, Self.healthy, text: director).level == .info, "the master itself")
        let translated = Sample.instance() + Sample.service(kind: "NAT")
        #expect(try finding(6, table, text: translated).level == .info)
    }

    @Test func `somebody else with a virtual address is named`() throws {
        let stranger = "02:00:00:00:00:99"
        let table = Self.healthy.merging(["192.0.2.100": stranger]) { $1 }
        let found = try finding(12, table)
        #expect(found.level == .failure && found.cure != nil)
        #expect(found.evidence == "192.0.2.100 is at \(stranger), and the master is at \(Self.peer)")
        let virtual = table.merging(["192.0.2.100": "00:00:5e:00:01:33"]) { $1 }
        #expect(try finding(12, virtual).level == .ok, "the master's use_vmac")
        let inside = Sample.instance(lines: "virtual_ipaddress_excluded {\n10.0.0.1/24 dev eth1\n}")
        let both = Self.healthy.merging(["10.0.0.1": stranger]) { $1 }
        #expect(try finding(12, both, text: inside).level == .ok, "the master's other interface")
        let other = table.merging(["192.0.2.100": "00:00:5e:00:01:34"]) { $1 }
        #expect(try finding(12, other).level == .failure, "another pair's")
    }

    @Test(arguments: [6, 12]) func `what nobody has told is not judged`(number: Int) throws {
        let silent = try finding(number, ["192.0.2.3": Self.peer])
        #expect(silent.level == .info)
        #expect(silent.evidence.hasPrefix("192.0.2.100 is not in the neighbour table: ping it"))
        let holder = try finding(number, Self.healthy) { host, _ in
            let held = Prefix("192.0.2.100/24").map { [$0] } ?? []
            host.interfaces?[1].addresses += held
        }
        #expect(holder.level == .info && holder.evidence.hasPrefix("this director has"))
    }

    @Test func `without a master to compare with, nobody is a stranger`() throws {
        let table = ["192.0.2.100": Self.own]
        #expect(try finding(12, table).level == .info)
        #expect(try finding(12, table) { $1.masters = [] }.level == .info)
        #expect(try finding(12, table, text: Sample.service()).level == .info)
    }

    private func firewall(
        _ rules: String?, ruleset: String? = nil, text: String = pair
    ) throws -> DoctorFinding {
        try doctorFinding(10, text) { _, live in
            live.filters[.inet] = rules.map { "*filter\n\($0)\nCOMMIT\n" }
            live.ruleset = ruleset
        }
    }

    @Test func `rules that drop adverts are named, with how to let them in`() throws {
        #expect(try firewall(":INPUT ACCEPT [0:0]").level == .ok)
        let dropping = try firewall("[12:480] -A INPUT -p vrrp -j DROP")
        #expect(dropping.level == .failure && dropping.cure == "iptables -I INPUT -p 112 -j ACCEPT")
        #expect(
            dropping.evidence == "adverts are dropped: -A INPUT -p vrrp -j DROP (12 packets)")
        let closed = try firewall(":INPUT DROP [0:0]")
        #expect(closed.level == .failure && closed.evidence.contains("INPUT lists"))
        #expect(try firewall(":INPUT DROP [0:0]\n-A INPUT -p vrrp -j ACCEPT").level == .ok)
    }

    @Test func `chains that nft has by itself are read, and the worst is told`() throws {
        let open = ":INPUT ACCEPT [0:0]"
        func filter(_ rules: String, policy: String = "drop") -> String {
            "table inet filter {\nchain input {\ntype filter hook input priority filter; policy \(policy);\n"
                + "\(rules)\n}\n}\n"
        }
        #expect(try firewall(open).evidence.hasSuffix("those of nft are not known"))
        #expect(try firewall(open, ruleset: "").evidence == "no rule drops adverts")
        #expect(try firewall(open, ruleset: filter("meta l4proto 112 accept")).level == .ok)
        let closed = try firewall(open, ruleset: filter("tcp dport 22 accept"))
        #expect(closed.level == .failure)
        #expect(closed.evidence == "adverts are dropped by nft's chain inet filter input: its policy")
        #expect(closed.cure == "nft insert rule inet filter input meta l4proto 112 accept")
        let named = try firewall(nil, ruleset: filter("ip protocol 112 drop", policy: "accept"))
        #expect(named.level == .failure && named.evidence.hasSuffix("input: ip protocol 112 drop"))
        let doubtful = try firewall(open, ruleset: filter("ip saddr 192.0.2.0/24 accept"))
        #expect(doubtful.level == .info && doubtful.evidence.hasSuffix("is not known: inet filter input"))
        #expect(doubtful.cure == "nft list chain inet filter input")
        #expect(try firewall("-A INPUT -p vrrp -j DROP", ruleset: filter("")).evidence.contains("-j DROP"))
        #expect(try firewall(nil, ruleset: "").level == .unknown)
    }

    @Test func `adverts in a header are another protocol`() throws {
        let header = Sample.instance(lines: "authentication {\nauth_type AH\nauth_pass secret\n}")
        let dropping = try firewall("-A INPUT -p ah -j DROP", text: header)
        #expect(dropping.level == .failure && dropping.cure == "iptables -I INPUT -p 51 -j ACCEPT")
        #expect(try firewall("-A INPUT -p ah -j DROP").level == .ok)
    }

    @Test func `a filter that does not answer is not known, and not needed without an instance`() throws {
        #expect(try firewall(nil).level == .unknown)
        #expect(try firewall(nil, text: Sample.service()).level == .info)
        let configuration = try #require(Sample.load(Self.pair).configuration)
        #expect(Doctor.families(of: configuration) == [.inet])
    }
}
