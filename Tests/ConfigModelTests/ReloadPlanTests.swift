import LoadBalancing
import NetTypes
import Testing

@testable import ConfigModel

@Suite struct ReloadPlanTests {
    private func changes(
        _ old: String, _ new: String, _ change: (inout LiveFacts) -> Void = { _ in }
    ) throws -> [ReloadChange] {
        var facts = LiveFacts()
        change(&facts)
        let before = try #require(Sample.load(old).configuration)
        let after = try #require(Sample.load(new).configuration)
        return ReloadPlan(from: before, to: after, knowing: facts).changes
    }

    private func rows(_ changes: [ReloadChange]) -> [String] {
        changes.map { "\($0.object) | \($0.kind) | \($0.item ?? "") | \($0.detail) | \($0.interrupts)" }
    }

    private let service = "virtual_server 192.0.2.100:80/tcp"

    private static func service(_ servers: String, _ lines: String = "") -> String {
        """
        virtual_server 192.0.2.100 80 {
            lb_algo rr
            lb_kind DR
            protocol TCP
            \(lines)
            \(servers)
        }

        """
    }

    private static func server(_ octet: Int, _ lines: String = "weight 1") -> String {
        "real_server 192.0.2.\(octet) 80 {\n\(lines)\n}\n"
    }

    private func name(_ octet: UInt8) -> ServerName {
        ServerName(
            service: .address(.tcp, Endpoint(.v4(IPv4Address(192, 0, 2, 100)), port: 80)),
            server: Endpoint(.v4(IPv4Address(192, 0, 2, octet)), port: 80))
    }

    @Test func `the same configuration changes nothing, however it is written`() throws {
        let text = Sample.instance() + Self.service(Self.server(21))
        #expect(try changes(text, text).isEmpty)
        #expect(try changes(text, "! a comment\n" + text.replacing("weight 1", with: "weight   1")).isEmpty)
    }

    @Test func `servers come, change and go each by itself`() throws {
        let old = Self.service(Self.server(21) + Self.server(22))
        let new = Self.service(Self.server(22, "weight 3") + Self.server(24, "weight 1\nTCP_CHECK {\n}"))
        let found = try changes(old, new) {
            $0.connections = [name(21): 31_004, name(22): 7]
        }
        #expect(
            rows(found) == [
                "\(service) | change | real_server 192.0.2.22:80 | weight 1 -> 3 | false",
                "\(service) | add | real_server 192.0.2.24:80 |  | false",
                "\(service) | remove | real_server 192.0.2.21:80 |  | true",
            ])
        #expect(found.first?.effect == "in place, no connection touched")
        #expect(
            found.last?.effect
                == "31004 connections are cut. help: holdfast drain 192.0.2.21:80 --wait 10m")
    }

    @Test func `what nobody uses is taken away without a loss, what is not known is not said to be`() throws {
        let (old, new) = (Self.service(Self.server(21) + Self.server(22)), Self.service(Self.server(22)))
        let idle = try changes(old, new) { $0.connections = [:] }
        #expect(idle.map(\.interrupts) == [false] && idle.first?.effect == "no connection is open")
        #expect(try changes(old, new).map(\.interrupts) == [true])
    }

    @Test func `a service that goes is an interruption, one that comes is not`() throws {
        let (one, two) = (Sample.instance(), Sample.instance() + Self.service(Self.server(21)))
        #expect(rows(try changes(one, two)) == ["\(service) | add |  |  | false"])
        let gone = try changes(two, one) { $0.connections = [name(21): 1] }
        #expect(rows(gone) == ["\(service) | remove |  |  | true"])
        #expect(gone.first?.effect == "clients reach it no more; 1 connection is cut")
    }

    @Test func `what stays is not in the way of what changes`() throws {
        let group = "virtual_server_group web {\n192.0.2.100 80\n}\n"
        func member(_ transport: String, _ weight: Int) -> String {
            """
            virtual_server group web {
                lb_algo rr
                lb_kind DR
                protocol \(transport)
                real_server 192.0.2.21 80 {
                    weight \(weight)
                }
            }

            """
        }
        let old = group + member("TCP", 1)
        #expect(
            rows(try changes(old, old + member("UDP", 1)))
                == ["virtual_server group web/udp | add |  |  | false"])
        let both = old + member("UDP", 1)
        #expect(
            rows(try changes(both, old + member("UDP", 2))) == [
                "virtual_server group web/udp | change | real_server 192.0.2.21:80 | weight 1 -> 2 | false"
            ])
        let another = Self.service(Self.server(21)).replacing("192.0.2.100", with: "192.0.2.99")
        let two = another + both
        #expect(try changes(two, two).isEmpty)
    }

    @Test func `a service by another protocol is another one`() throws {
        let tcp = Self.service(Self.server(21))
        let both = tcp + tcp.replacing("protocol TCP", with: "protocol UDP")
        #expect(rows(try changes(tcp, both)) == ["virtual_server 192.0.2.100:80/udp | add |  |  | false"])
    }

    @Test func `an instance that becomes another router interrupts where it is master`() throws {
        let (old, new) = (Sample.instance(id: 51), Sample.instance(id: 52))
        let row = "vrrp_instance VI_1 | change | virtual_router_id | 51 -> 52 | "
        #expect(rows(try changes(old, new)) == [row + "false"])
        #expect(rows(try changes(old, new) { $0.masters = ["VI_1"] }) == [row + "true"])
    }

    static let priorities: [(old: Int, new: Int, master: Bool, followed: UInt8?, interrupts: Bool)] = [
        (150, 100, true, nil, true), (100, 150, true, nil, false), (100, 150, false, 120, true),
        (100, 110, false, 120, false), (100, 150, false, nil, false),
    ]

    @Test(arguments: priorities) func `a priority interrupts where it makes another the master`(
        old: Int, new: Int, master: Bool, followed: UInt8?, interrupts: Bool
    ) throws {
        let found = try changes(
            Sample.instance(lines: "priority \(old)"), Sample.instance(lines: "priority \(new)")
        ) {
            $0.masters = master ? ["VI_1"] : []
            $0.followed["VI_1"] = followed
        }
        #expect(
            rows(found) == ["vrrp_instance VI_1 | change | priority | \(old) -> \(new) | \(interrupts)"])
    }

    @Test func `addresses tell which, and that peers must have them too`() throws {
        let more = Sample.instance().replacing(
            "192.0.2.100/24", with: "192.0.2.100/24\n192.0.2.101/24")
        let found = try changes(Sample.instance(), more) { $0.masters = ["VI_1"] }
        #expect(
            rows(found) == [
                "vrrp_instance VI_1 | change | virtual_ipaddress | + 192.0.2.101/24 | true"
            ])
        #expect(found.first?.effect.contains("reload it first") == true)
    }

    @Test func `a password that changes is told without it`() throws {
        func text(_ password: String) -> String {
            Sample.instance(lines: "authentication {\nauth_type PASS\nauth_pass \(password)\n}")
        }
        let found = try changes(text("secret1"), text("secret2"))
        #expect(
            rows(found) == ["vrrp_instance VI_1 | change | authentication | auth_pass changed | false"])
        #expect(!"\(found)".contains("secret"))
    }
}
